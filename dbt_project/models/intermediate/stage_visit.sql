select
    case_id,
    row_number() over (partition by case_id order by entered_on) as visit_no,
    stage,
    holder,
    entered_on,
    left_on
from {{ ref('stage_period') }}
where stage <> 'closed'
order by case_id, visit_no
