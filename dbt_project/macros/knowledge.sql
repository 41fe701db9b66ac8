{#-
    What was known when, for fct_restatement: versions of rows out of raw history, by the month ends at which each was in
    force. Months are numbered, so that a period of knowledge is a pair of integers.
-#}

{#- The number of the month of a day; the same for the month end on which it is known first. -#}
{% macro month_no(day) -%}
    datediff('month', date '1990-01-01', {{ day }})
{%- endmacro %}

{% macro month_end(month_no) -%}
    (date '1990-01-01' + to_months(({{ month_no }} + 1)::integer))::date - 1
{%- endmacro %}

{#-
    The versions of a staging `_version` view that some knowledge date sees, with `known_from` and `known_until`
    (exclusive) as month numbers: in force on the month ends from the one to before the other.
-#}
{% macro known_versions(versions) -%}
    select
        version.*,
        greatest({{ month_no('version.valid_from') }}, knowledge.first_no) as known_from,
        least({{ month_no('version.valid_to') }}, knowledge.last_no + 1) as known_until
    from {{ ref(versions) }} as version
    cross join (
        select
            min(bound.knowledge_no) as first_no,
            max(bound.knowledge_no) as last_no
        from {{ ref('knowledge_date') }} as bound
    ) as knowledge
    where
        {{ month_no('version.valid_from') }} <= knowledge.last_no
        and {{ month_no('version.valid_to') }} > knowledge.first_no
        and {{ month_no('version.valid_from') }} < {{ month_no('version.valid_to') }}
{%- endmacro %}

{#-
    CTEs `breakpoint` and `segment`: the spans of knowledge of a key in which none of `sources` (CTEs with the key,
    known_from, known_until) changes.
-#}
{% macro knowledge_segments(key, sources) -%}
breakpoint as (
    select distinct
        {{ key }},
        known_no
    from (
        {%- for source in sources %}
        select
            {{ key }},
            unnest([known_from, known_until]) as known_no
        from {{ source }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as bound
),

segment as (
    select
        {{ key }},
        known_no as known_from,
        lead(known_no) over (partition by {{ key }} order by known_no) as known_until
    from breakpoint
)
{%- endmacro %}
