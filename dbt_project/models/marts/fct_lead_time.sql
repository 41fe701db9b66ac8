{%- set statistics = ['mean_days', 'median_days', 'p80_days', 'p90_days', 'p95_days'] -%}
{%- set survival = [
    'km_median_days', 'km_p80_days', 'km_p90_days', 'km_median_low', 'km_median_high', 'km_mean_to_730_days',
    'incidence_365_share',
] -%}
with stock as (
    select
        stock.*,
        kind.period_kind,
        date_trunc(kind.period_kind, stock.month_start)::date as period_start
    from {{ ref('lead_time_stock') }} as stock
    cross join {{ source('raw', 'as_of') }} as known
    cross join (
        values
        ('month', interval 1 month), ('quarter', interval 3 month), ('year', interval 1 year)
    ) as kind (period_kind, length)
    -- the month in which the period ends, A's in the last one
    where
        stock.month_start = least(
            date_trunc(kind.period_kind, stock.month_start) + kind.length - interval 1 month,
            date_trunc('month', known.as_of_on)
        )
),

-- Both views have a row wherever something begins, leaves or stands.
counted as (
    select
        coalesce(flow.series_no, stock.series_no) as series_no,
        coalesce(flow.period_kind, stock.period_kind) as period_kind,
        coalesce(flow.period_start, stock.period_start) as period_start,
        coalesce(flow.started_count, 0) as started_count,
        coalesce(flow.completed_count, 0) as completed_count,
        coalesce(flow.exited_count, 0) as exited_count,
        {% for name in statistics -%}
        flow.{{ name }} as completed_{{ name }},
        stock.{{ name }} as open_{{ name }},
        {% endfor -%}
        coalesce(stock.open_count, 0) as open_count
    from {{ ref('lead_time_period') }} as flow
    full join stock
        on
            flow.series_no = stock.series_no
            and flow.period_kind = stock.period_kind
            and flow.period_start = stock.period_start
),

viewed as (
    select
        series_no,
        'cohort' as view,
        {% for name in statistics + survival -%}
        {{ name }},
        {% endfor -%}
        period_kind,
        period_start,
        started_count,
        completed_count,
        exited_count,
        started_count - completed_count - exited_count as open_count
    from {{ ref('lead_time_cohort') }}
    {%- for view, prefix in [('period', 'completed_'), ('stock', 'open_')] %}
    union all
    select
        series_no,
        '{{ view }}' as view,
        {% for name in statistics -%}
        {{ prefix }}{{ name }} as {{ name }},
        {% endfor -%}
        {% for name in survival -%}
        null as {{ name }},
        {% endfor -%}
        period_kind,
        period_start,
        started_count,
        completed_count,
        exited_count,
        open_count
    from counted
    {%- endfor %}
)

select
    series.segment,
    viewed.view,
    viewed.period_kind,
    viewed.period_start,
    series.group_kind,
    series.group_value,
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
inner join {{ ref('lead_time_series') }} as series on viewed.series_no = series.series_no
order by
    series.segment,
    viewed.view,
    viewed.period_kind,
    viewed.period_start,
    series.group_kind,
    series.group_value
