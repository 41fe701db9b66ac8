{#-
    The rows of a relation whose case lies in the slice that is being made (materializations/sliced.sql). As it stands
    that of all cases: the materialization puts first and last pseudonym of each slice in the place of these.
-#}
{% macro of_slice(relation) -%}
    (select * from {{ relation }} where case_id between '{{ slice_bound('0', '0') }}' and '{{ slice_bound('f', 'f') }}')
{%- endmacro %}

{#- A pseudonym as text of a UUID: one digit, and another one to the end. -#}
{% macro slice_bound(digit, rest) -%}
    {{ digit ~ rest * 7 }}-{{ rest * 4 }}-{{ rest * 4 }}-{{ rest * 4 }}-{{ rest * 12 }}
{%- endmacro %}
