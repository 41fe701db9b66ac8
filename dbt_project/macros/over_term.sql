{#-
    When the term of a case is suspended and when it is over term (rules.md), over any set of applications: see
    macros/decision_term.sql for the arguments.
-#}

{#- Periods that a suspension covers, disjoint per case. -#}
{% macro suspension_span(term_change) -%}
with suspension as (
    select
        case_id,
        from_on,
        coalesce(last_on + 1, date '9999-12-31') as until_on
    from {{ term_change }}
    where kind = 'suspension' and (last_on is null or last_on >= from_on)
),

begun as (
    select
        *,
        -- the first is after a gap too: count_if over nulls alone is null, a group of its own
        coalesce(
            from_on > max(until_on) over (
                partition by case_id
                order by from_on, until_on rows between unbounded preceding and 1 preceding
            ), true
        ) as is_after_gap
    from suspension
),

numbered as (
    select
        *,
        count_if(is_after_gap) over (
            partition by case_id
            order by from_on, until_on rows between unbounded preceding and current row
        ) as span_no
    from begun
)

select
    case_id,
    min(from_on) as from_on,
    max(until_on) as until_on
from numbered
group by case_id, span_no
{%- endmacro %}

{#- Periods over term, disjoint per case and clock. -#}
{% macro over_term_span(application, legal_clock, suspension_span, clocks, as_of=none) -%}
with undecided_after_deadline as (
    select
        application.case_id,
        clock.clock,
        greatest(
            case clock.clock
                when 'as_applied' then legal_clock.deadline_as_applied
                else legal_clock.deadline_in_hindsight
            end + 1,
            application.applied_on
        ) as from_on,
        coalesce(
            application.decided_on,
            {{ "date '9999-12-31'" if as_of is none else 'known.as_of_on + 1' }}
        ) as until_on
    from {{ application }} as application
    inner join {{ legal_clock }} as legal_clock on application.case_id = legal_clock.case_id
    {%- if as_of is not none %}
    {{ join_as_of(as_of, 'application') }}
    {%- endif %}
    cross join unnest({{ clocks }}) as clock (clock)
    where
        case clock.clock
            when 'as_applied' then legal_clock.deadline_as_applied
            else legal_clock.deadline_in_hindsight
        end is not null
),

overdue as (
    select *
    from undecided_after_deadline
    where from_on < until_on
),

-- Time over term starts at the deadline and again after each suspension, and lasts until the next one begins.
pause as (
    select
        case_id,
        clock,
        date '0001-01-01' as pauses_on,
        from_on as resumes_on,
        until_on as ends_on
    from overdue
    union all
    select
        overdue.case_id,
        overdue.clock,
        suspension.from_on as pauses_on,
        suspension.until_on as resumes_on,
        overdue.until_on as ends_on
    from overdue
    inner join {{ suspension_span }} as suspension
        on
            overdue.case_id = suspension.case_id
            and overdue.from_on < suspension.until_on
            and overdue.until_on > suspension.from_on
),

running as (
    select
        case_id,
        clock,
        resumes_on as from_on,
        least(
            coalesce(lead(pauses_on) over (partition by case_id, clock order by pauses_on), ends_on), ends_on
        ) as until_on
    from pause
)

select
    case_id,
    clock,
    from_on,
    until_on
from running
where from_on < until_on
{%- endmacro %}
