{#- How rows of the rule tables are matched to a case. -#}

{#- Whether a rule names the case: by outcome, procedure, soort_aanvraag, as asylum, or with all. -#}
{% macro applies_to_case(rule, case_row) -%}
    {{ rule }}.applies_to in (
        'outcome:' || {{ case_row }}.outcome,
        'procedure:' || {{ case_row }}.procedure,
        {{ case_row }}.application_code,
        case when {{ case_row }}.application_code <> 'NAREIS' then 'asylum' end,
        'all'
    )
{%- endmacro %}

{#- The most specific match wins: order by this, ascending. -#}
{% macro specificity(applies_to) -%}
    case
        when {{ applies_to }} like 'outcome:%' then 1
        when {{ applies_to }} like 'procedure:%' then 2
        when {{ applies_to }} = 'asylum' then 4
        when {{ applies_to }} = 'all' then 5
        else 3
    end
{%- endmacro %}

{#- Keeps the day of the month, or takes the month's last day. -#}
{% macro add_months(day, months) -%}
    ({{ day }} + to_months(({{ months }})::integer))::date
{%- endmacro %}

{#- Steps 3 and 4 of the decision term: the base with what was added, at most the cap (none: no limit). -#}
{% macro extended_deadline(term, added_months) -%}
    case
        when {{ term }}.months is not null
            then {{ add_months(
                term ~ '.starts_on', 'least(' ~ term ~ '.months + ' ~ added_months ~ ', ' ~ term ~ '.cap_months)'
            ) }}
        else least(
            {{ add_months(term ~ '.base_deadline', added_months) }},
            {{ add_months(term ~ '.starts_on', term ~ '.cap_months') }}
        )
    end
{%- endmacro %}
