{#- The folder's schema as it stands, without dbt's target prefix: relation, asset key and contract share one name. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
