-- Intervals by the period in which they ended, those open at its end, and fct_lead_time out of all three
-- views.

create temp table flow as
with started as (
    select segment, group_no, length.months, period_of(length.months, begins_on) as period_start, sum(n) as n
    from tally
    cross join unnest([1, 3, 12]) as length (months)
    group by all
),

left_in_month as (
    select
        segment, group_no, date_trunc('month', left_on)::date as month_start,
        (left_on - begins_on)::integer as days,
        coalesce(sum(n) filter (where not is_exit), 0)::integer as ended,
        coalesce(sum(n) filter (where is_exit), 0)::integer as exited
    from tally
    where left_on is not null
    group by all
),

finished as (
    select
        segment, group_no, length.months, period_of(length.months, month_start) as period_start, days,
        sum(ended)::integer as ended, sum(exited)::integer as exited
    from left_in_month
    cross join unnest([1, 3, 12]) as length (months)
    group by all
),

cumulated as (
    select
        *,
        (sum(ended) over whole)::integer as ended_in_all,
        (sum(ended) over (whole order by days rows unbounded preceding))::integer as up_to
    from finished
    window whole as (partition by segment, group_no, months, period_start)
),

left_in as (
    select
        segment, group_no, months, period_start,
        sum(ended)::bigint as completed_count, sum(exited)::bigint as exited_count,
        sum(days * ended)::bigint as total_days,
        quantile_of(days, ended, up_to, ended_in_all, 50) as median_days,
        quantile_of(days, ended, up_to, ended_in_all, 80) as p80_days,
        quantile_of(days, ended, up_to, ended_in_all, 90) as p90_days,
        quantile_of(days, ended, up_to, ended_in_all, 95) as p95_days
    from cumulated
    group by segment, group_no, months, period_start
)

select
    segment, group_no, months, period_start,
    coalesce(started.n, 0)::bigint as started_count,
    coalesce(left_in.completed_count, 0) as completed_count,
    coalesce(left_in.exited_count, 0) as exited_count,
    round(left_in.total_days / nullif(left_in.completed_count, 0), 6) as mean_days,
    left_in.median_days, left_in.p80_days, left_in.p90_days, left_in.p95_days
from started
full join left_in using (segment, group_no, months, period_start);

create temp table stock as
with movement as (
    select segment, group_no, begins_on, date_trunc('month', begins_on)::date as month_start, n as change
    from tally
    where left_on is null or date_trunc('month', left_on) > begins_on
    union all
    select segment, group_no, begins_on, date_trunc('month', left_on)::date, -n
    from tally
    where date_trunc('month', left_on) > begins_on
),

changed as (
    select segment, group_no, begins_on, month_start, sum(change)::integer as change
    from movement
    group by all
),

level as (
    select
        segment, group_no, begins_on, month_start,
        (sum(change) over of_day)::integer as n,
        coalesce(
            lead(month_start) over of_day,
            (date_trunc('month', getvariable('as_of_on')) + interval 1 month)::date
        ) as next_month
    from changed
    window of_day as (partition by segment, group_no, begins_on order by month_start)
),

standing as (
    select
        segment, group_no, begins_on, n,
        unnest(generate_series(month_start, next_month - 1, interval 1 month))::date as month_start
    from level
    where n > 0
),

aged as (
    select
        segment, group_no, month_start, n,
        (least(last_day(month_start), getvariable('as_of_on')) - begins_on)::integer as days
    from standing
),

cumulated as (
    select
        *,
        (sum(n) over whole)::integer as total,
        (sum(n) over (whole order by days rows unbounded preceding))::integer as up_to
    from aged
    window whole as (partition by segment, group_no, month_start)
)

select
    segment, group_no, month_start,
    sum(n)::bigint as open_count,
    round(sum(days * n)::bigint / max(total), 6) as mean_days,
    quantile_of(days, n, up_to, total, 50) as median_days,
    quantile_of(days, n, up_to, total, 80) as p80_days,
    quantile_of(days, n, up_to, total, 90) as p90_days,
    quantile_of(days, n, up_to, total, 95) as p95_days
from cumulated
group by segment, group_no, month_start;

create table marts.fct_lead_time as
with stock_period as (
    -- a period shows the month in which it ends, A's in the last one
    select stock.*, length.months, period_of(length.months, stock.month_start) as period_start
    from stock
    cross join unnest([1, 3, 12]) as length (months)
    where
        stock.month_start = least(
            period_of(length.months, stock.month_start) + to_months((length.months - 1)::integer),
            date_trunc('month', getvariable('as_of_on'))
        )
),

counted as (
    select
        segment, group_no, months, period_start,
        coalesce(flow.started_count, 0) as started_count,
        coalesce(flow.completed_count, 0) as completed_count,
        coalesce(flow.exited_count, 0) as exited_count,
        coalesce(standing.open_count, 0) as open_count,
        flow.mean_days as completed_mean, flow.median_days as completed_median,
        flow.p80_days as completed_p80,
        flow.p90_days as completed_p90, flow.p95_days as completed_p95,
        standing.mean_days as open_mean, standing.median_days as open_median, standing.p80_days as open_p80,
        standing.p90_days as open_p90, standing.p95_days as open_p95
    from flow
    full join stock_period as standing using (segment, group_no, months, period_start)
),

viewed as (
    select
        'cohort' as view, segment, group_no, months, period_start, started_count, completed_count,
        exited_count,
        started_count - completed_count - exited_count as open_count, mean_days, median_days, p80_days,
        p90_days,
        p95_days,
        km_median_days, km_p80_days, km_p90_days, km_median_low, km_median_high, km_mean_to_730_days,
        incidence_365_share
    from cohort
    union all
    select
        'period', segment, group_no, months, period_start, started_count, completed_count, exited_count,
        open_count,
        completed_mean, completed_median, completed_p80, completed_p90, completed_p95, null, null, null,
        null, null, null, null
    from counted
    union all
    select
        'stock', segment, group_no, months, period_start, started_count, completed_count, exited_count,
        open_count,
        open_mean, open_median, open_p80, open_p90, open_p95, null, null, null, null, null, null, null
    from counted
),

named as (
    select distinct group_no, group_kind, group_value from profile_group
)

select
    viewed.segment::varchar as segment,
    viewed.view,
    kind_of(viewed.months) as period_kind,
    viewed.period_start,
    named.group_kind,
    named.group_value,
    viewed.started_count,
    viewed.completed_count,
    viewed.exited_count,
    viewed.open_count,
    viewed.mean_days,
    viewed.median_days,
    viewed.p80_days,
    viewed.p90_days,
    viewed.p95_days,
    viewed.km_median_days,
    viewed.km_p80_days,
    viewed.km_p90_days,
    viewed.km_median_low,
    viewed.km_median_high,
    viewed.km_mean_to_730_days,
    viewed.incidence_365_share
from viewed
inner join named on viewed.group_no = named.group_no;
