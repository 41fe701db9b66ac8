-- A run costs something in the months from its start to the day on which it ends, or A.
with run_month as (
    select
        run.*,
        unnest(
            generate_series(
                date_trunc('month', run.starts_on),
                least(run.ended_on, known.as_of_on),
                interval 1 month
            )
        )::date as month_start,
        known.as_of_on
    from {{ ref('penalty_run') }} as run
    cross join {{ source('raw', 'as_of') }} as known
    where run.starts_on <= known.as_of_on
),

day_count as (
    select
        *,
        {{ penalty_days('run_month', 'month_start - 1') }} as days_before,
        {{ penalty_days('run_month', 'least(last_day(month_start), as_of_on)') }} as days_by_end
    from run_month
),

growth as (
    select
        month_start,
        kind,
        {{ penalty_amount('days_by_end') }} - {{ penalty_amount('days_before') }} as accrued_eur
    from day_count
),

movement as (
    select
        received_on as day,
        'administrative' as kind,
        'notices' as measure,
        1::decimal(18, 2) as change
    from {{ ref('counting_notice') }}
    union all
    select
        starts_on as day,
        kind,
        'runs_started' as measure,
        1 as change
    from {{ ref('penalty_run') }}
    union all
    select
        ended_on as day,
        kind,
        'runs_ended' as measure,
        1 as change
    from {{ ref('penalty_run') }}
    where ended_on is not null
    union all
    select
        month_start as day,
        kind,
        'accrued_eur' as measure,
        accrued_eur as change
    from growth
    union all
    select
        paid_on as day,
        kind,
        'paid_eur' as measure,
        paid_eur as change
    from {{ ref('ind__dwangsombetaling') }}
),

monthly as (
    select
        {% for measure in ['notices', 'runs_started', 'runs_ended', 'accrued_eur', 'paid_eur'] -%}
        sum(case movement.measure when '{{ measure }}' then movement.change else 0 end) as {{ measure }},
        {% endfor -%}
        movement.kind,
        date_trunc('month', movement.day)::date as month_start
    from movement
    inner join {{ source('raw', 'as_of') }} as known on movement.day <= known.as_of_on
    group by all
),

-- From the first event of the chain on; a payment or ruling dated before it is not lost.
first_month as (
    select month_start from {{ ref('month') }}
    union all
    select month_start from monthly
),

months as (
    select
        unnest(
            generate_series(min(first_month.month_start), max(known.as_of_on), interval 1 month)
        )::date as month_start
    from first_month
    cross join {{ source('raw', 'as_of') }} as known
),

exposure as (
    select
        run.kind,
        date_trunc('month', known.as_of_on)::date as month_start,
        sum(run.amount_if_undecided_90d_eur) as exposure_90d_eur
    from {{ ref('fct_penalty_run') }} as run
    cross join {{ source('raw', 'as_of') }} as known
    group by all
)

select
    months.month_start,
    kinds.kind,
    coalesce(monthly.notices, 0)::bigint as notices,
    coalesce(monthly.runs_started, 0)::bigint as runs_started,
    coalesce(monthly.runs_ended, 0)::bigint as runs_ended,
    coalesce(monthly.accrued_eur, 0)::decimal(18, 2) as accrued_eur,
    coalesce(monthly.paid_eur, 0)::decimal(18, 2) as paid_eur,
    (sum(coalesce(monthly.accrued_eur, 0) - coalesce(monthly.paid_eur, 0)) over so_far)::decimal(18, 2)
        as outstanding_end_eur,
    (sum(coalesce(monthly.runs_started, 0) - coalesce(monthly.runs_ended, 0)) over so_far)::bigint
        as running_end,
    case months.month_start
        when date_trunc('month', known.as_of_on) then coalesce(exposure.exposure_90d_eur, 0)
    end::decimal(18, 2) as exposure_90d_eur
from months
cross join (values ('administrative'), ('judicial')) as kinds (kind)
cross join {{ source('raw', 'as_of') }} as known
left join monthly on months.month_start = monthly.month_start and kinds.kind = monthly.kind
left join exposure on months.month_start = exposure.month_start and kinds.kind = exposure.kind
window so_far as (partition by kinds.kind order by months.month_start)
order by months.month_start, kinds.kind
