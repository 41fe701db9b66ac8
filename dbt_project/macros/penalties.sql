{#-
    What a run, a row of intermediate.penalty_run, has cost after so many penalty days: by the tariff of the day, at
    most the maximum.
    The last tariff goes on until the maximum stops it, which it does at once where the columns end.
-#}
{% macro penalty_amount(days) -%}
    least(
        least({{ days }}, 14) * days_1_14_eur
        + greatest(least({{ days }}, 28) - 14, 0) * days_15_28_eur
        + greatest({{ days }} - 28, 0) * days_29_42_eur,
        maximum_eur
    )::decimal(18, 2)
{%- endmacro %}

{#- Penalty days of a run up to the end of a day: none before it starts, none from the day of its decision on. -#}
{% macro penalty_days(run, day) -%}
    greatest(0, least({{ day }}, {{ run }}.decided_on - 1) - {{ run }}.starts_on + 1)
{%- endmacro %}
