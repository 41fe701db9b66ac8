with counted as (
    select
        month.month_start,
        backlog.stage,
        backlog.application_kind,
        backlog.nationality_group,
        sum(backlog.entered_count)::bigint as entered_count,
        sum(backlog.left_count)::bigint as left_count,
        sum(case when backlog.day = month.last_on then backlog.stock else 0 end)::bigint as stock,
        sum(case when backlog.day = month.last_on then backlog.over_norm else 0 end)::bigint as over_norm,
        sum(backlog.over_norm)::bigint as days_over_norm
    from {{ ref('fct_backlog_daily') }} as backlog
    inner join {{ ref('month') }} as month on date_trunc('month', backlog.day) = month.month_start
    group by all
),

ended as (
    select
        date_trunc('month', left_on)::date as month_start,
        stage,
        application_kind,
        nationality_group,
        quantile_cont(days, [0.5, 0.9]) as quantiles
    from {{ ref('fct_stage_visit') }}
    where left_on is not null
    group by all
),

-- A visit is open at the end of the months from its first day to the one before it ends.
open_at_month_end as (
    select
        visit.stage,
        visit.application_kind,
        visit.nationality_group,
        visit.entered_on,
        unnest(
            generate_series(
                date_trunc('month', visit.entered_on),
                coalesce(date_trunc('month', visit.left_on) - interval 1 day, known.as_of_on),
                interval 1 month
            )
        )::date as month_start
    from {{ ref('fct_stage_visit') }} as visit
    cross join {{ source('raw', 'as_of') }} as known
),

aged as (
    select
        month.month_start,
        visit.stage,
        visit.application_kind,
        visit.nationality_group,
        sum(month.last_on - visit.entered_on) / count(*) as mean_age_days,
        quantile_cont(month.last_on - visit.entered_on, 0.9) as p90_age_days
    from open_at_month_end as visit
    inner join {{ ref('month') }} as month on visit.month_start = month.month_start
    group by all
)

select
    counted.month_start,
    counted.stage,
    counted.application_kind,
    counted.nationality_group,
    counted.entered_count,
    counted.left_count,
    counted.stock,
    counted.over_norm,
    round(counted.over_norm / nullif(counted.stock, 0), 6) as over_norm_share,
    round(ended.quantiles[1], 6) as median_days,
    round(ended.quantiles[2], 6) as p90_days,
    round(aged.mean_age_days, 6) as mean_age_days,
    round(aged.p90_age_days, 6) as p90_age_days,
    counted.days_over_norm
from counted
left join ended
    on
        counted.month_start = ended.month_start
        and counted.stage = ended.stage
        and counted.application_kind = ended.application_kind
        and counted.nationality_group = ended.nationality_group
left join aged
    on
        counted.month_start = aged.month_start
        and counted.stage = aged.stage
        and counted.application_kind = aged.application_kind
        and counted.nationality_group = aged.nationality_group
order by counted.month_start, counted.stage, counted.application_kind, counted.nationality_group
