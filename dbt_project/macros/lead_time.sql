{#- Lead times: how an interval is put into groups, and statistics of weighted days (histograms). -#}

{#- The dimensions that lead times are given for, as text: split it. -#}
{% macro lead_time_group_kinds() -%}
    application_kind nationality_group track procedure hearing_mode pool complexity project
{%- endmacro %}

{#- CTEs that end in `stretch`: an interval with the numbers of all series that it counts in. Narrow numbers instead
    of words: the histograms group and sort millions of rows by them. -#}
{% macro numbered_intervals() -%}
segment_number as (
    select
        segment,
        (segment_no * 1000)::integer as thousands,
        group_no::integer as group_no
    from {{ ref('lead_time_series') }}
    where group_kind = 'all'
),

group_number as (
    select distinct
        group_kind,
        group_value,
        group_no::integer as group_no
    from {{ ref('lead_time_series') }}
),

stretch as (
    select
        timed.begins_on,
        timed.ends_on,
        timed.exits_on,
        coalesce(timed.ends_on, timed.exits_on) as left_on,
        [
            segment_number.thousands + segment_number.group_no
            {%- for kind in lead_time_group_kinds().split() %},
            segment_number.thousands + {{ kind }}_number.group_no
            {%- endfor %}
        ] as series_nos
    from {{ ref('lead_time_interval') }} as timed
    inner join segment_number on timed.segment = segment_number.segment
    {%- for kind in lead_time_group_kinds().split() %}
    inner join group_number as {{ kind }}_number
        on {{ kind }}_number.group_kind = '{{ kind }}' and timed.{{ kind }} = {{ kind }}_number.group_value
    {%- endfor %}
    where not timed.is_reversed
)
{%- endmacro %}

{#- The cells of a histogram by month, also by quarter and year: `cell` with `period_months` 1, 3, 12. Each is made from
    the finer one. -#}
{% macro cells_by_period(months, counts) -%}
{%- for name, source, period_months, part in [
    ('month_cell', months, 1, 'month'), ('quarter_cell', 'month_cell', 3, 'quarter'),
    ('year_cell', 'quarter_cell', 12, 'year'),
] %}
{{ name }} as (
    select
        series_no::integer as series_no,
        {{ period_months }} as period_months,
        date_trunc('{{ part }}', period_start)::date as period_start,
        days::integer as days
        {%- for count in counts %},
        sum({{ count }})::integer as {{ count }}
        {%- endfor %}
    from {{ source }}
    group by series_no, date_trunc('{{ part }}', period_start)::date, days
),
{% endfor %}
cell as (
    select * from month_cell
    union all
    select * from quarter_cell
    union all
    select * from year_cell
)
{%- endmacro %}

{% macro period_kind(period_months) -%}
    case {{ period_months }} when 1 then 'month' when 3 then 'quarter' else 'year' end
{%- endmacro %}

{#- The columns mean and quantiles of `days`, each weighing `weight`, in an aggregate over rows that carry
    `cumulative` (weights up to and with these days) and `total`. Integers until the last division: no order of
    summing can matter. A quantile lies at rank q (n - 1), between two neighbours on a straight line, as quantile_cont. -#}
{% macro weighted_days(days, weight, cumulative, total) -%}
    round(sum({{ days }} * {{ weight }})::bigint / nullif(max({{ total }}), 0), 6) as mean_days,
    {% for name, percent in [('median', 50), ('p80', 80), ('p90', 90), ('p95', 95)] -%}
    {%- set rank = percent ~ ' * (' ~ total ~ ' - 1)' -%}
    round(
        min({{ days }}) filter (where {{ weight }} > 0 and {{ cumulative }} > ({{ rank }}) // 100)
        + max(({{ rank }}) % 100) / 100
        * (
            min({{ days }}) filter (where {{ weight }} > 0 and {{ cumulative }} > ({{ rank }} + 99) // 100)
            - min({{ days }}) filter (where {{ weight }} > 0 and {{ cumulative }} > ({{ rank }}) // 100)
        ),
        6
    ) as {{ name }}_days{{ '' if loop.last else ',' }}
    {% endfor %}
{%- endmacro %}
