with daily as (
    select
        daily.application_kind,
        sum(daily.stock) as stock,
        sum(daily.over_term) as over_term,
        sum(daily.over_term_in_hindsight) as over_term_in_hindsight,
        sum(daily.suspended) as suspended
    from {{ ref('fct_ind_stock_daily') }} as daily
    inner join {{ source('raw', 'as_of') }} as known on daily.day = known.as_of_on
    group by daily.application_kind
),

undecided as (
    select
        application_kind,
        count(*) as stock,
        count_if(is_over_term) as over_term,
        count_if(is_over_term_in_hindsight) as over_term_in_hindsight,
        count_if(is_suspended) as suspended
    from {{ ref('dim_case') }}
    where decided_on is null
    group by application_kind
)

select
    coalesce(daily.application_kind, undecided.application_kind) as application_kind,
    daily.stock as daily_stock,
    undecided.stock as undecided_cases
from daily
full outer join undecided on daily.application_kind = undecided.application_kind
where
    coalesce(daily.stock, 0) <> coalesce(undecided.stock, 0)
    or coalesce(daily.over_term, 0) <> coalesce(undecided.over_term, 0)
    or coalesce(daily.over_term_in_hindsight, 0) <> coalesce(undecided.over_term_in_hindsight, 0)
    or coalesce(daily.suspended, 0) <> coalesce(undecided.suspended, 0)
