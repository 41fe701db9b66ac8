{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
-- Materialised: else the planner may try every day of the calendar with every notice.
with graced as materialized (
    select
        notice.*,
        notice.received_on + grace.value::integer as grace_day
    from {{ of_touched(ref('ind__ingebrekestelling'), 'case') }} as notice
    inner join {{ ref('penalty_settings') }} as grace on grace.setting = 'grace_days'
)

select
    notice.case_id,
    notice.notice_no,
    notice.received_on,
    calendar.next_working_on as grace_ends_on
from graced as notice
inner join {{ ref('calendar') }} as calendar on notice.grace_day = calendar.day
inner join {{ ref('application') }} as application on notice.case_id = application.case_id
inner join {{ ref('legal_clock') }} as legal_clock on notice.case_id = legal_clock.case_id
where
    notice.received_on > legal_clock.deadline_as_applied
    and (application.decided_on is null or notice.received_on < application.decided_on)
    -- once the grace is over a withdrawal ends nothing
    and (notice.withdrawn_on is null or notice.withdrawn_on > calendar.next_working_on)
order by notice.case_id, notice.notice_no
