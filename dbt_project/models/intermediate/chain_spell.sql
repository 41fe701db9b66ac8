{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
-- A case enters the chain with its first open stage, leaves it by closing, and enters again when it reopens.
with visit as (
    select
        *,
        coalesce(
            entered_on <> lag(left_on) over (partition by case_id order by visit_no), true
        ) as is_entering
    from {{ of_touched(ref('stage_visit'), 'case') }}
),

numbered as (
    select
        *,
        count_if(is_entering) over (partition by case_id order by visit_no)::bigint as spell_no
    from visit
)

select
    case_id,
    spell_no,
    min(entered_on) as entered_on,
    case when bool_and(left_on is not null) then max(left_on) end as left_on
from numbered
group by case_id, spell_no
order by case_id, spell_no
