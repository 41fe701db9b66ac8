{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with judged as (
    select
        *,
        -- nothing but a new event can move the case on
        stage in ('awaiting_housing', 'departure', 'closed') as is_settled
    from {{ of_touched(ref('stage_period'), 'case') }}
)

select
    case_id,
    max(case when left_on is null then stage end) as stage,
    max(case when left_on is null then holder end) as holder,
    max(case when left_on is null then entered_on end) as stage_since,
    -- settled since the last stage that was not was left; periods follow on each other
    case
        when count_if(not is_settled and left_on is null) = 0
            then coalesce(max(case when not is_settled then left_on end), min(entered_on))
    end as irrevocable_on
from judged
group by case_id
order by case_id
