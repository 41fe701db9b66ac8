{#- What every staging view does with a raw table: take its state as of A and replace identifiers. -#}

{% macro as_of() -%}
    (select as_of_on from {{ source('raw', 'as_of') }})
{%- endmacro %}

{#- The rows of raw history in force on A: at most one a key. -#}
{% macro in_force(row) -%}
    {{ row }}._valid_from <= {{ as_of() }} and {{ as_of() }} < {{ row }}._valid_to
{%- endmacro %}

{#- `<row>.pseudonym` of an identifier whose parent is in force on A; other rows are left out. A row that breaks
    `exists_in` keeps its last good content, and then outlives a parent that was withdrawn: it stays in raw, and no figure
    can use it. One join for both, since of millions of rows each one more is dear. -#}
{% macro join_known(row, kind, column, parent) -%}
    inner join (
        select
            parent.{{ column }},
            map.pseudonym
        from {{ source('raw', parent) }} as parent
        {{ join_pseudonym('map', kind, 'parent.' ~ column) }}
        where {{ in_force('parent') }}
    ) as {{ row }} on delivered.{{ column }} = {{ row }}.{{ column }}
{%- endmacro %}

{#- `<row>.pseudonym` of an identifier, null where there is none. -#}
{% macro join_pseudonym(row, kind, identifier) -%}
    left join {{ source('raw', 'pseudonym') }} as {{ row }}
        on {{ row }}.kind = '{{ kind }}' and {{ row }}.identifier = {{ identifier }}
{%- endmacro %}

{#- Digits only, padded to ten, and never cut: lpad alone would make eleven typed digits somebody's number. -#}
{% macro normalised_v_number(column) -%}
    {%- set digits = "nullif(regexp_replace(" ~ column ~ ", '[^0-9]', '', 'g'), '')" -%}
    lpad({{ digits }}, greatest(10, length({{ digits }}))::integer, '0')
{%- endmacro %}

{#- A code of a partner in the specification's English; a code that has none there stays null and its contract says so. -#}
{% macro english(column, words) -%}
    case {{ column }}
        {%- for code, word in words.items() %}
        when '{{ code }}' then '{{ word }}'
        {%- endfor %}
    end
{%- endmacro %}
