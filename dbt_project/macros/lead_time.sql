{#- The dimensions that lead times are given for, as text: split it. -#}
{% macro lead_time_group_kinds() -%}
    application_kind nationality_group track procedure hearing_mode pool complexity project
{%- endmacro %}
