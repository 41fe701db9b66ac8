-- What begins, ends and exits in each period, and how long what ended had lasted.
with movement as (
    select
        series_no,
        begun_month as period_start,
        -1 as days,
        interval_count as started_count,
        0 as ended_count,
        0 as exited_count
    from {{ ref('lead_time_histogram') }}
    union all
    select
        series_no,
        left_month as period_start,
        days,
        0 as started_count,
        ended_count,
        exited_count
    from {{ ref('lead_time_histogram') }}
    where left_month is not null
),

{{ cells_by_period('movement', ['started_count', 'ended_count', 'exited_count']) }},

cumulated as (
    select
        *,
        (
            sum(ended_count) over (
                partition by series_no, period_months, period_start
                order by days rows between unbounded preceding and current row
            )
        )::integer as cumulative_ended,
        (sum(ended_count) over (partition by series_no, period_months, period_start))::integer as total_ended
    from cell
)

select
    series_no::bigint as series_no,
    {{ period_kind('period_months') }} as period_kind,
    period_start,
    sum(started_count)::bigint as started_count,
    sum(ended_count)::bigint as completed_count,
    sum(exited_count)::bigint as exited_count,
    {{ weighted_days('days', 'ended_count', 'cumulative_ended', 'total_ended') }}
from cumulated
group by series_no, period_months, period_start
