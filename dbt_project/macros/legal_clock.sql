{#- Steps 2 to 6 of the decision term: the deadlines of each application. Arguments: macros/decision_term.sql. -#}
{% macro legal_clock(application, decision_term, general_extension, term_change, as_of=none) -%}
-- Step 2: of one family the largest, families add up.
with recursive family as (
    select
        case_id,
        clock,
        family,
        max(months) as months
    from {{ general_extension }}
    group by case_id, clock, family
),

general as (
    select
        case_id,
        clock,
        sum(months)::bigint as months
    from family
    group by case_id, clock
),

term as (
    select
        base.*,
        coalesce(general.months, 0) as general_months
    from {{ decision_term }} as base
    left join general on base.case_id = general.case_id and base.clock = general.clock
),

-- Step 3: what adds on its own; a general extension written into the file adds nothing a second time.
individual as (
    select
        term.case_id,
        term.clock,
        change.from_on,
        change.months,
        row_number() over (
            partition by term.case_id, term.clock order by change.from_on, change.change_no
        ) as extension_no
    from {{ term_change }} as change
    {{ join_as_of(as_of, 'change') }}
    inner join term on change.case_id = term.case_id and term.clock <> 'from_loopbrief'
    where
        change.kind = 'extension'
        and change.from_on <= known.as_of_on
        and not exists (
            select 1
            from {{ general_extension }} as counted
            where
                counted.case_id = term.case_id
                and counted.clock = term.clock
                and contains(change.legal_basis, counted.matches)
        )
        and not exists (
            select 1
            from {{ ref('statutory_terms') }} as left_out
            where
                term.clock = 'in_hindsight'
                and left_out.kind = 'extension'
                and left_out.withdrawn_on <= known.as_of_on
                and contains(change.legal_basis, left_out.matches)
        )
),

extending as (
    select
        term.case_id,
        term.clock,
        0::bigint as extension_no,
        term.general_months as added_months
    from term
    inner join individual
        on term.case_id = individual.case_id and term.clock = individual.clock and individual.extension_no = 1
    union all
    select
        extending.case_id,
        extending.clock,
        individual.extension_no,
        extending.added_months
        + case
            when individual.from_on <= {{ extended_deadline('term', 'extending.added_months') }}
                then individual.months
            else 0
        end as added_months
    from extending
    inner join individual
        on
            extending.case_id = individual.case_id
            and extending.clock = individual.clock
            and extending.extension_no + 1 = individual.extension_no
    inner join term on extending.case_id = term.case_id and extending.clock = term.clock
),

added as (
    select
        case_id,
        clock,
        max(added_months) as months
    from extending
    group by case_id, clock
),

-- Step 4: the cap is part of `extended_deadline`.
extended_term as (
    select
        term.*,
        coalesce(added.months, term.general_months) as added_months,
        {{ extended_deadline('term', 'coalesce(added.months, term.general_months)') }} as extended_deadline
    from term
    left join added on term.case_id = added.case_id and term.clock = added.clock
),

-- Step 5: days of suspension, each calendar day once.
suspension as (
    select
        term.case_id,
        term.clock,
        change.from_on,
        greatest(change.from_on, term.starts_on) as counts_from,
        least(
            coalesce(change.last_on, known.as_of_on),
            coalesce(term.decided_on - 1, date '9999-12-31')
        ) as counts_to,
        row_number() over (
            partition by term.case_id, term.clock order by change.from_on, change.change_no
        ) as suspension_no
    from {{ term_change }} as change
    inner join extended_term as term on change.case_id = term.case_id and term.clock <> 'from_loopbrief'
    {{ join_as_of(as_of, 'change') }}
    where change.kind = 'suspension'
),

suspending as (
    select
        term.case_id,
        term.clock,
        0::bigint as suspension_no,
        term.extended_deadline as deadline,
        date '0001-01-01' as counted_to
    from extended_term as term
    inner join suspension
        on
            term.case_id = suspension.case_id
            and term.clock = suspension.clock
            and suspension.suspension_no = 1
    union all
    select
        suspending.case_id,
        suspending.clock,
        suspension.suspension_no,
        suspending.deadline
        + case
            when suspension.from_on <= suspending.deadline
                then greatest(
                    0,
                    suspension.counts_to - greatest(suspension.counts_from, suspending.counted_to + 1) + 1
                )
            else 0
        end::integer as deadline,
        case
            when suspension.from_on <= suspending.deadline
                then greatest(suspending.counted_to, suspension.counts_to)
            else suspending.counted_to
        end as counted_to
    from suspending
    inner join suspension
        on
            suspending.case_id = suspension.case_id
            and suspending.clock = suspension.clock
            and suspending.suspension_no + 1 = suspension.suspension_no
),

suspended as (
    select
        case_id,
        clock,
        max(deadline) as deadline
    from suspending
    group by case_id, clock
),

suspended_term as (
    select
        term.case_id,
        term.clock,
        term.rolls,
        term.added_months,
        term.extended_deadline,
        coalesce(suspended.deadline, term.extended_deadline) as deadline
    from extended_term as term
    left join suspended on term.case_id = suspended.case_id and term.clock = suspended.clock
),

-- Step 6
rolling_term as (
    select
        *,
        case
            when rolls = 'true' then deadline
            when rolls = 'unextended' and added_months = 0 and deadline = extended_deadline then deadline
        end as rolls_from_on
    from suspended_term
),

deadline as (
    select
        term.case_id,
        term.clock,
        coalesce(calendar.next_working_on, term.deadline) as deadline
    from rolling_term as term
    left join {{ ref('calendar') }} as calendar on term.rolls_from_on = calendar.day
)

select
    application.case_id,
    max(case when deadline.clock = 'as_applied' then deadline.deadline end) as deadline_as_applied,
    max(case when deadline.clock = 'in_hindsight' then deadline.deadline end) as deadline_in_hindsight,
    max(case when deadline.clock = 'from_loopbrief' then deadline.deadline end) as deadline_from_loopbrief
from {{ application }} as application
left join deadline on application.case_id = deadline.case_id
group by application.case_id
{%- endmacro %}
