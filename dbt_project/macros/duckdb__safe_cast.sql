{#- dbt's own is a plain cast here; unit tests read their cells through it: empty ones of a seed, which are no dates, and
    names that stand for pseudonyms. -#}
{% macro duckdb__safe_cast(field, type) -%}
    {%- if type | upper == 'UUID' -%}
    md5({{ field }}::varchar)::uuid
    {%- else -%}
    try_cast({{ field }} as {{ type }})
    {%- endif -%}
{%- endmacro %}
