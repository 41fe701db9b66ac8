-- Ages at month's end, by +1/-1 changes per day of beginning: the work grows with the distinct ages that are
-- open at a month's end, not with cases x months.
with {{ numbered_intervals() }},

stretch_month as (
    select
        unnest(series_nos) as series_no,
        begins_on,
        date_trunc('month', left_on)::date as left_month
    from stretch
    -- what leaves in the month of its beginning is open at no month's end
    where left_on is null or date_trunc('month', left_on) > begins_on
),

numbered as (
    select
        series_no,
        begins_on,
        left_month,
        count(*)::integer as interval_count
    from stretch_month
    group by series_no, begins_on, left_month
),

movement as (
    select
        series_no,
        begins_on,
        date_trunc('month', begins_on)::date as month_start,
        interval_count as change
    from numbered
    union all
    select
        series_no,
        begins_on,
        left_month as month_start,
        -interval_count as change
    from numbered
    where left_month is not null
),

changed as (
    select
        series_no,
        begins_on,
        month_start,
        sum(change)::integer as change
    from movement
    group by series_no, begins_on, month_start
),

level as (
    select
        changed.series_no,
        changed.begins_on,
        changed.month_start,
        (sum(changed.change) over of_day)::integer as open_count,
        coalesce(
            lead(changed.month_start) over of_day,
            (date_trunc('month', known.as_of_on) + interval 1 month)::date
        ) as next_change_month
    from changed
    cross join {{ source('raw', 'as_of') }} as known
    window of_day as (partition by changed.series_no, changed.begins_on order by changed.month_start)
),

standing as (
    select
        series_no,
        begins_on,
        open_count,
        unnest(generate_series(month_start, next_change_month - 1, interval 1 month))::date as month_start
    from level
    where open_count > 0
),

aged as (
    select
        standing.series_no,
        standing.month_start,
        standing.open_count,
        (least(last_day(standing.month_start), known.as_of_on) - standing.begins_on)::integer as days
    from standing
    cross join {{ source('raw', 'as_of') }} as known
),

cumulated as (
    select
        *,
        (
            sum(open_count) over (
                partition by series_no, month_start
                order by days rows between unbounded preceding and current row
            )
        )::integer as cumulative_open,
        (sum(open_count) over (partition by series_no, month_start))::integer as total_open
    from aged
)

select
    series_no::bigint as series_no,
    month_start,
    sum(open_count)::bigint as open_count,
    {{ weighted_days('days', 'open_count', 'cumulative_open', 'total_open') }}
from cumulated
group by series_no, month_start
