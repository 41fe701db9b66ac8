{{ config(materialized='view') }}
-- A view: only the cohorts read it, and millions of rows need not be written for that.
with {{ numbered_intervals() }},

numbered as (
    select
        unnest(stretch.series_nos) as series_no,
        date_trunc('month', stretch.begins_on)::date as begun_month,
        (coalesce(stretch.left_on, known.as_of_on) - stretch.begins_on)::integer as days,
        (stretch.ends_on is not null)::integer as is_ended,
        (stretch.exits_on is not null)::integer as is_exited
    from stretch
    cross join {{ source('raw', 'as_of') }} as known
)

select
    series_no,
    begun_month,
    days,
    count(*)::integer as interval_count,
    sum(is_ended)::integer as ended_count,
    sum(is_exited)::integer as exited_count
from numbered
group by series_no, begun_month, days
