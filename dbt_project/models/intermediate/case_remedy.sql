{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
-- A remedy counts when it was lodged on or after the first decision; another one appeals against nothing.
with counted as (
    select
        remedy.*,
        row_number() over (
            partition by remedy.case_id order by remedy.lodged_on, remedy.remedy_no
        ) as rank_from_first
    from {{ of_touched(ref('ind__rechtsmiddel'), 'case') }} as remedy
    inner join {{ ref('case_decision') }} as decision
        on remedy.case_id = decision.case_id and remedy.lodged_on >= decision.decided_on
    where remedy.kind in ('BEROEP', 'HOGER_BEROEP')
)

select
    case_id,
    max(case when rank_from_first = 1 then lodged_on end) as appealed_on,
    max(case when rank_from_first = 1 then ruled_on end) as ruled_on,
    max(case when rank_from_first = 1 then ruling end) as ruling,
    coalesce(bool_or(ruling = 'GEGROND' and lodged_by <> 'IND'), false) as is_overturned
from counted
group by case_id
order by case_id
