{{ config(materialized='view') }}
select
    case_id,
    visit_no,
    stage,
    holder,
    entered_on,
    left_on
from {{ ref('stage_period') }}
where visit_no is not null
