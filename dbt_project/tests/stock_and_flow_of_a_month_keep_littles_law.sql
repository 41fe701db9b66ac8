-- A warning, never a failure: a stage that empties or fills within a month is no steady state.
{{ config(severity='warn') }}
select
    month_start,
    flow,
    application_kind,
    littles_law_ratio
from {{ ref('fct_flow_monthly') }}
where littles_law_ratio not between 0.5 and 2
