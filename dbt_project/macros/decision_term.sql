{#-
    The decision term (rules.md) as SQL over any set of applications: as of A (the models of intermediate), and as of
    every knowledge date for fct_restatement. The rule stands here once.

    Arguments are relations with the columns of the models that they are named after; `case_id` is whatever names a row
    of `application`. `as_of` is none for A, else a relation with `case_id` and `as_of_on`.
-#}

{#- The as-of date of a row, as `known.as_of_on`. -#}
{% macro join_as_of(as_of, row) -%}
    {%- if as_of is none -%}
    cross join {{ source('raw', 'as_of') }} as known
    {%- else -%}
    inner join {{ as_of }} as known on {{ row }}.case_id = known.case_id
    {%- endif -%}
{%- endmacro %}

{#- The day that starts the term: a Dublin case starts when the Netherlands become responsible. -#}
{% macro term_start(application) -%}
    case
        when {{ application }}.track = 'spoor_1' then {{ application }}.nl_responsible_on
        else {{ application }}.applied_on
    end
{%- endmacro %}

{#- Rules that a clock knows: as applied whatever was announced by then, in hindsight less what was withdrawn. -#}
{% macro known_to_clock(rule, clock, as_of_on) -%}
    {{ rule }}.announced_on <= {{ as_of_on }}
    and (
        {{ clock }} <> 'in_hindsight'
        or {{ rule }}.withdrawn_on is null
        or {{ rule }}.withdrawn_on > {{ as_of_on }}
    )
{%- endmacro %}

{#- Step 1: the base rule of each case and clock. -#}
{% macro decision_term(application, clocks, as_of=none) -%}
with started as (
    select
        application.*,
        known.as_of_on,
        {{ term_start('application') }} as starts_on
    from {{ application }} as application
    {{ join_as_of(as_of, 'application') }}
),

clock_start as (
    select
        started.case_id,
        clock.clock,
        started.application_code,
        started.procedure,
        started.outcome,
        started.decided_on,
        started.as_of_on,
        case clock.clock
            when 'from_loopbrief' then started.loopbrief_on else started.starts_on
        end as starts_on
    from started
    cross join unnest({{ clocks }}) as clock (clock)
    where started.starts_on is not null
),

matching as (
    select
        clock_start.*,
        rule.rule_id,
        rule.months,
        rule.weeks,
        rule.cap_months,
        rule.rolls,
        row_number() over (
            partition by clock_start.case_id, clock_start.clock
            order by {{ specificity('rule.applies_to') }}, rule.rule_id
        ) as preference
    from clock_start
    inner join {{ ref('statutory_terms') }} as rule
        on
            rule.kind = 'base'
            and clock_start.starts_on >= coalesce(rule.filed_from, clock_start.starts_on)
            and clock_start.starts_on <= coalesce(rule.filed_to, clock_start.starts_on)
            and {{ applies_to_case('rule', 'clock_start') }}
            and {{ known_to_clock('rule', 'clock_start.clock', 'clock_start.as_of_on') }}
)

select
    case_id,
    clock,
    application_code,
    procedure,
    outcome,
    decided_on,
    starts_on,
    rule_id,
    months,
    weeks,
    cap_months,
    rolls,
    case
        when months is not null then {{ add_months('starts_on', 'months') }}
        else starts_on + (7 * weeks)::integer
    end as base_deadline
from matching
where preference = 1
{%- endmacro %}

{#- Step 2: the general extensions that count. -#}
{% macro general_extension(decision_term, as_of=none) -%}
select
    term.case_id,
    term.clock,
    rule.rule_id,
    -- a rule without family is a family of its own
    coalesce(rule.family, rule.rule_id) as family,
    rule.months,
    rule.matches
from {{ decision_term }} as term
{{ join_as_of(as_of, 'term') }}
inner join {{ ref('statutory_terms') }} as rule
    on
        rule.kind = 'extension'
        and {{ applies_to_case('rule', 'term') }}
        and (
            (term.starts_on >= rule.filed_from and term.starts_on <= rule.filed_to)
            or (
                term.base_deadline >= rule.open_on
                and term.starts_on <= rule.open_on
                and (term.decided_on is null or term.decided_on > rule.open_on)
            )
        )
        and {{ known_to_clock('rule', 'term.clock', 'known.as_of_on') }}
{%- endmacro %}
