{#-
    Daily counts out of +1/-1 changes: CTEs that end in `daily`, a row for every day and combination with a stock or a
    change. `changes` is a CTE with `combination_no`, `day`, `measure` and `change`. A stock is the running sum of its
    changes, a flow their sum of the day; `stock_before` is the first stock on the day before. Never a join of days with
    cases: the work grows with the changes, not with cases x days. Combinations of dimensions are numbered in their
    order: grouping and sorting go by two numbers instead of by texts.
-#}

{% macro daily_counts(changes, stocks, flows) -%}
changed as (
    select
        {% for measure in stocks + flows -%}
        sum(case movement.measure when '{{ measure }}' then movement.change else 0 end)::bigint as {{ measure }},
        {% endfor -%}
        movement.combination_no,
        movement.day,
        known.as_of_on
    from {{ changes }} as movement
    cross join {{ source('raw', 'as_of') }} as known
    where movement.day <= known.as_of_on
    group by movement.combination_no, movement.day, known.as_of_on
),

level as (
    select
        {% for stock in stocks -%}
        sum({{ stock }}) over of_combination as {{ stock }},
        {% endfor -%}
        sum({{ stocks[0] }}) over of_combination - {{ stocks[0] }} as stock_before,
        {{ flows | join(', ') }},
        combination_no,
        day,
        coalesce(lead(day) over of_combination, as_of_on + 1) as next_change_on
    from changed
    window of_combination as (partition by combination_no order by day)
),

standing as (
    select
        *,
        unnest(generate_series(day, next_change_on - 1, interval 1 day))::date as stands_on
    from level
    where {{ stocks[0] }} <> 0
    union all
    select
        *,
        day as stands_on
    from level
    where {{ stocks[0] }} = 0 and (stock_before <> 0 or {{ flows | join(' + ') }} > 0)
),

daily as (
    select
        stands_on as day,
        combination_no,
        {% for stock in stocks -%}
        {{ stock }}::bigint as {{ stock }},
        {% endfor -%}
        {% for flow in flows -%}
        case when stands_on = day then {{ flow }} else 0 end as {{ flow }},
        {% endfor -%}
        case when stands_on = day then stock_before else {{ stocks[0] }} end::bigint as stock_before
    from standing
)
{%- endmacro %}
