{#-
    Tables that are kept per case, person, resident or certificate (materializations/kept.sql): a build after a small
    delivery makes anew the rows of touched keys only, docs/decisions/0009. Whether it may is decided by
    orchestration/standing.py, which sets the variable `only_touched`.
-#}

{#- A relation; of it only the rows of touched keys in a build that makes no others. `kind` is that of the key. -#}
{% macro of_touched(relation, kind) -%}
    {#- dbt learns of the reference when it reads the project, whichever build it is for -#}
    {%- if not execute or var('only_touched', false) -%}
    {%- set keys = touched_keys(kind) if relation.schema == 'staging' else none -%}
    (select * from {{ relation }}
    {%- if keys %} where {{ kind }}_id in ({{ keys }})
    {%- else %} semi join {{ ref('touched_' ~ kind) }} using ({{ kind }}_id)
    {%- endif -%}
    )
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#-
    The touched keys of a kind as constants, which DuckDB takes below the lookups of a staging view: a fifth of the work.
    Nothing when there are none, or so many that a join serves them better.
-#}
{% macro touched_keys(kind) -%}
    {%- set touched = ref('touched_' ~ kind) -%}
    {%- if execute and load_relation(touched) is not none -%}
        {%- set found = run_query(
            "select case when count(*) <= 10000 then string_agg('''' || " ~ kind ~ "_id || '''', ', ') end from " ~ touched
        ) -%}
        {{ return(found.columns[0].values()[0]) }}
    {%- endif -%}
{%- endmacro %}

{#- A table of this stage as the last build left it: for models that are made before it is. -#}
{% macro last_built(table) -%}
    {{ this.database }}.{{ this.schema }}.{{ table }}
{%- endmacro %}

{#- Whether a day lies after the as-of date of the last build and up to that of this one. -#}
{% macro has_come(day) -%}
    ({{ day }} > last_build.as_of_on and {{ day }} <= known.as_of_on)
{%- endmacro %}

{#-
    `kind` and `identifier` of the numbers that stand in the rows of an extract of which this build sees something that the last one did not: rows in
    force now and not then, or then and not now, and those in force of which `otherwise` holds. `numbers` gives the
    kind of number of each column: {'zaaknummer': 'zaaknummer'}. `reaches`: whose rows may change with it, of the
    `resident` alone, of the `person`, or of the whole `family`: where a certificate of legal aid may come to be of another case.
-#}
{% macro changed_numbers(extract, numbers, otherwise=[], reaches='family') -%}
    select
        unnest([
            {%- for column, kind in numbers.items() %}
            {'kind': '{{ kind }}', 'identifier': {{ column }}}{{ ',' if not loop.last }}
            {%- endfor %}
        ], recursive := true),
        '{{ reaches }}' as reaches
    from {{ source('raw', extract) }} as delivered
    cross join {{ source('raw', 'as_of') }} as known
    inner join {{ source('raw', 'last_build') }} as last_build on last_build.partner = '{{ extract[:3] }}'
    where
        delivered._valid_from <= known.as_of_on
        and (
            delivered._valid_from > last_build.known_to
            or (delivered._valid_to > last_build.known_to and delivered._valid_to <= known.as_of_on)
            {%- for condition in otherwise %}
            or ({{ condition }} and delivered._valid_to > known.as_of_on)
            {%- endfor %}
        )
{%- endmacro %}
