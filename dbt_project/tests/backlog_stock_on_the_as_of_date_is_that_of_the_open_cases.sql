-- The running sums of the daily mart end where the cases themselves stand.
with daily as (
    select
        daily.stage,
        sum(daily.stock) as cases
    from {{ ref('fct_backlog_daily') }} as daily
    inner join {{ source('raw', 'as_of') }} as known on daily.day = known.as_of_on
    group by daily.stage
),

open_case as (
    select
        stage,
        count(*) as cases
    from {{ ref('dim_case') }}
    where is_open
    group by stage
)

select
    coalesce(daily.stage, open_case.stage) as stage,
    daily.cases as daily_cases,
    open_case.cases as open_cases
from daily
full outer join open_case on daily.stage = open_case.stage
where coalesce(daily.cases, 0) <> coalesce(open_case.cases, 0)
