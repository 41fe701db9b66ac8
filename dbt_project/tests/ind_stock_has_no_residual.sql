select
    day,
    application_kind,
    residual
from {{ ref('fct_ind_stock_daily') }}
where residual <> 0
