{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with matching as (
    select
        decision.case_id,
        decision.decision_no,
        coalesce(decision.notified_on, decision.decided_on) as starts_on,
        appeal.days,
        row_number() over (
            partition by decision.case_id, decision.decision_no
            order by
                case
                    when appeal.applies_to like 'outcome:%' then 1
                    when appeal.applies_to like 'procedure:%' then 2
                    else 3
                end,
                appeal.applies_to
        ) as preference
    from {{ of_touched(ref('ind__beslissing'), 'case') }} as decision
    inner join {{ ref('application') }} as application on decision.case_id = application.case_id
    inner join {{ ref('appeal_windows') }} as appeal
        on appeal.applies_to in ('outcome:' || decision.outcome, 'procedure:' || application.procedure, 'all')
    where decision.outcome_group = 'refused'
)

select
    matching.case_id,
    matching.decision_no,
    calendar.next_working_on as last_on
from matching
inner join {{ ref('calendar') }} as calendar
    on matching.starts_on + matching.days::integer = calendar.day
where matching.preference = 1
order by matching.case_id, matching.decision_no
