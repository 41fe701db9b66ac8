{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with from_the_end as (
    select
        *,
        -- settled: nothing but a new event can move the case on; true from here back to the last other stage
        bool_and(stage in ('awaiting_housing', 'departure', 'closed')) over (
            partition by case_id order by period_no desc
        ) as is_settled_from_here
    from {{ of_touched(ref('stage_period'), 'case') }}
)

select
    case_id,
    max(case when left_on is null then stage end) as stage,
    max(case when left_on is null then holder end) as holder,
    max(case when left_on is null then entered_on end) as stage_since,
    min(case when is_settled_from_here then entered_on end) as irrevocable_on
from from_the_end
group by case_id
order by case_id
