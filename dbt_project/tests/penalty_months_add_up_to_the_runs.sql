with monthly as (
    select
        kind,
        sum(accrued_eur) as accrued_eur,
        sum(runs_started) as started,
        arg_max(running_end, month_start) as running
    from {{ ref('fct_penalty_monthly') }}
    group by kind
),

runs as (
    select
        run.kind,
        sum(run.amount_accrued_eur) as accrued_eur,
        count_if(run.starts_on <= known.as_of_on) as started,
        count_if(run.is_running) as running
    from {{ ref('fct_penalty_run') }} as run
    cross join {{ source('raw', 'as_of') }} as known
    group by run.kind
)

select
    monthly.kind,
    monthly.accrued_eur,
    runs.accrued_eur as accrued_by_run
from monthly
left join runs on monthly.kind = runs.kind
where
    monthly.accrued_eur <> coalesce(runs.accrued_eur, 0)
    or monthly.started <> coalesce(runs.started, 0)
    or monthly.running <> coalesce(runs.running, 0)
