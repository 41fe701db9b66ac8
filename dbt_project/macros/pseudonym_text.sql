{#- A pseudonym as people and files have it: 32 hex digits. Between raw history and the marts its 128 bits are a UUID, which sorts as
    its digits do, at a third of the cost of text. -#}
{% macro pseudonym_text(pseudonym) -%}
    replace({{ pseudonym }}::varchar, '-', '')
{%- endmacro %}
