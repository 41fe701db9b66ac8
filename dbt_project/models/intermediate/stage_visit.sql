{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
select
    case_id,
    row_number() over (partition by case_id order by entered_on) as visit_no,
    stage,
    holder,
    entered_on,
    left_on
from {{ of_touched(ref('stage_period'), 'case') }}
where stage <> 'closed'
order by case_id, visit_no
