with {{ numbered_intervals() }},

numbered as (
    select
        unnest(stretch.series_nos) as series_no,
        date_trunc('month', stretch.begins_on)::date as begun_month,
        date_trunc('month', stretch.left_on)::date as left_month,
        (coalesce(stretch.left_on, known.as_of_on) - stretch.begins_on)::integer as days,
        (stretch.ends_on is not null)::integer as is_ended,
        (stretch.exits_on is not null)::integer as is_exited
    from stretch
    cross join {{ source('raw', 'as_of') }} as known
)

select
    series_no::bigint as series_no,
    begun_month,
    left_month,
    days::bigint as days,
    count(*) as interval_count,
    sum(is_ended)::bigint as ended_count,
    sum(is_exited)::bigint as exited_count
from numbered
group by series_no, begun_month, left_month, days
