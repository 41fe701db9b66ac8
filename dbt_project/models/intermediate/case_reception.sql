{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with judged_on as (
    select
        application.case_id,
        application.person_id,
        application.registered_on,
        known.as_of_on,
        -- the eve of the first decision, A while there is none
        coalesce(application.decided_on - 1, known.as_of_on) as eve
    from {{ of_touched(ref('application'), 'case') }} as application
    cross join {{ source('raw', 'as_of') }} as known
),

touching as (
    select
        judged_on.case_id,
        min(reception.from_on) as reception_from,
        case when count_if(reception.until_on is null) = 0 then max(reception.until_on) end as reception_until
    from judged_on
    inner join {{ ref('reception') }} as reception
        on
            judged_on.person_id = reception.person_id
            and judged_on.as_of_on >= reception.from_on
            and judged_on.registered_on < coalesce(reception.until_on, date '9999-12-31')
    where reception.until_on is null or reception.until_on > reception.from_on
    group by judged_on.case_id
),

on_the_eve as (
    select
        judged_on.case_id,
        bool_or(
            reception.until_on >= judged_on.registered_on and reception.until_on <= judged_on.eve
        ) as has_left,
        bool_or(
            reception.from_on <= judged_on.eve
            and (reception.until_on is null or reception.until_on > judged_on.eve)
        ) as is_in_reception
    from judged_on
    inner join {{ ref('reception') }} as reception on judged_on.person_id = reception.person_id
    group by judged_on.case_id
),

housed as (
    select
        case_id,
        min(happened_on) as housed_on
    from {{ of_touched(ref('case_event'), 'case') }}
    where event = 'HOUSED'
    group by case_id
)

select
    judged_on.case_id,
    touching.reception_from,
    touching.reception_until,
    housed.housed_on,
    coalesce(on_the_eve.has_left and not on_the_eve.is_in_reception, false) as left_before_decision
from judged_on
left join touching on judged_on.case_id = touching.case_id
left join on_the_eve on judged_on.case_id = on_the_eve.case_id
left join housed on judged_on.case_id = housed.case_id
order by judged_on.case_id
