{%- set kinds = ['month', 'quarter', 'year'] -%}
-- What begins, ends and exits in each period, and how long what ended had lasted.
with {{ numbered_intervals() }},

beginning as (
    select
        unnest(series_nos) as series_no,
        date_trunc('month', begins_on)::date as month_start
    from stretch
),

begun as (
    select
        series_no,
        month_start,
        count(*) as started_count
    from beginning
    group by series_no, month_start
),

finished as (
    select
        unnest(series_nos) as series_no,
        left_on,
        (ends_on - begins_on)::integer as days
    from stretch
    where left_on is not null
),

{%- for kind in kinds %}

{{ kind }}_begun as (
    select
        series_no,
        date_trunc('{{ kind }}', month_start)::date as period_start,
        sum(started_count) as started_count
    from begun
    group by series_no, date_trunc('{{ kind }}', month_start)::date
),

{{ kind }}_finished as (
    select
        series_no,
        date_trunc('{{ kind }}', left_on)::date as period_start,
        count(days) as completed_count,
        count(*) - count(days) as exited_count,
        sum(days) as total_days,
        quantile_cont(days, [0.5, 0.8, 0.9, 0.95]) as quantiles
    from finished
    group by series_no, date_trunc('{{ kind }}', left_on)::date
),
{%- endfor %}

moved as (
    {%- for kind in kinds %}
    select
        '{{ kind }}' as period_kind,
        finished.completed_count,
        finished.exited_count,
        finished.total_days,
        finished.quantiles,
        begun.started_count,
        coalesce(begun.series_no, finished.series_no) as series_no,
        coalesce(begun.period_start, finished.period_start) as period_start
    from {{ kind }}_begun as begun
    full join {{ kind }}_finished as finished
        on begun.series_no = finished.series_no and begun.period_start = finished.period_start
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    series_no::bigint as series_no,
    period_kind,
    period_start,
    coalesce(started_count, 0)::bigint as started_count,
    coalesce(completed_count, 0)::bigint as completed_count,
    coalesce(exited_count, 0)::bigint as exited_count,
    round(total_days::bigint / nullif(completed_count, 0), 6) as mean_days,
    round(quantiles[1], 6) as median_days,
    round(quantiles[2], 6) as p80_days,
    round(quantiles[3], 6) as p90_days,
    round(quantiles[4], 6) as p95_days
from moved
