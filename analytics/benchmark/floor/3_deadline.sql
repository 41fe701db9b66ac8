-- The deadlines of each case (rules.md): base term, extensions, cap, suspension, rolling.

create macro add_months(day, months) as (day + to_months(months::integer))::date;

create temp table rule as
select
    rule_id, kind, coalesce(family, rule_id) as family, matches, applies_to, rolls,
    filed_from::date as filed_from, filed_to::date as filed_to, open_on::date as open_on,
    months::integer as months, weeks::integer as weeks, cap_months::integer as cap_months,
    announced_on::date as announced_on, withdrawn_on::date as withdrawn_on
from rule_table('statutory_terms')
where announced_on::date <= getvariable('as_of_on');

create macro names_case(applies_to, outcome, procedure, application_code) as applies_to in (
    'outcome:' || outcome, 'procedure:' || procedure, application_code,
    case when application_code <> 'NAREIS' then 'asylum' end, 'all'
);
create macro is_known(clock, withdrawn_on) as
clock <> 'in_hindsight' or withdrawn_on is null or withdrawn_on > getvariable('as_of_on');

create temp table term as
with started as (
    select *, if(track = 'spoor_1', nl_responsible_on, applied_on) as asked_on
    from application
),

clock_start as (
    select
        started.case_no, clock.clock, started.application_code, started.procedure, started.outcome,
        started.decided_on,
        if(clock.clock = 'from_loopbrief', started.loopbrief_on, started.asked_on) as starts_on
    from started
    cross join unnest(['as_applied', 'in_hindsight', 'from_loopbrief']) as clock (clock)
    where started.asked_on is not null
),

matching as (
    select clock_start.*, rule.months, rule.weeks, rule.cap_months, rule.rolls
    from clock_start
    inner join rule
        on
            rule.kind = 'base'
            and clock_start.starts_on >= coalesce(rule.filed_from, clock_start.starts_on)
            and clock_start.starts_on <= coalesce(rule.filed_to, clock_start.starts_on)
            and names_case(
                rule.applies_to, clock_start.outcome, clock_start.procedure, clock_start.application_code
            )
            and is_known(clock_start.clock, rule.withdrawn_on)
    qualify row_number() over (
        partition by clock_start.case_no, clock_start.clock
        order by
            case
                when rule.applies_to like 'outcome:%' then 1
                when rule.applies_to like 'procedure:%' then 2
                when rule.applies_to = 'asylum' then 4
                when rule.applies_to = 'all' then 5
                else 3
            end,
            rule.rule_id
    ) = 1
)

select
    *,
    if(months is null, starts_on + 7 * weeks, add_months(starts_on, months)) as base_deadline
from matching;

create temp table general as
select term.case_no, term.clock, rule.family, rule.months, rule.matches
from term
inner join rule
    on
        rule.kind = 'extension'
        and names_case(rule.applies_to, term.outcome, term.procedure, term.application_code)
        and (
            (term.starts_on >= rule.filed_from and term.starts_on <= rule.filed_to)
            or (
                term.base_deadline >= rule.open_on
                and term.starts_on <= rule.open_on
                and (term.decided_on is null or term.decided_on > rule.open_on)
            )
        )
        and is_known(term.clock, rule.withdrawn_on);

create macro extended(starts_on, base_deadline, base_months, cap_months, added) as case
    when base_months is not null then add_months(starts_on, least(base_months + added, cap_months))
    else least(add_months(base_deadline, added), add_months(starts_on, cap_months))
end;

create temp table individual as
select
    term.case_no, term.clock, change.from_on, change.months,
    row_number() over (partition by term.case_no, term.clock order by change.from_on,
    change.change_no) as rank
from term_change as change
inner join term on change.case_no = term.case_no and term.clock <> 'from_loopbrief'
where
    change.kind = 'VERLENGING'
    and change.from_on <= getvariable('as_of_on')
    and not exists (
        select 1
        from general
        where
            general.case_no = term.case_no
            and general.clock = term.clock
            and contains(change.legal_basis, general.matches)
    )
    and not exists (
        select 1
        from rule
        where
            term.clock = 'in_hindsight'
            and rule.kind = 'extension'
            and rule.withdrawn_on <= getvariable('as_of_on')
            and contains(change.legal_basis, rule.matches)
    );

create temp table extended_term as
with recursive per_family as (
    select case_no, clock, family, max(months) as months from general group by all
),

in_general as (
    select case_no, clock, sum(months)::integer as months from per_family group by all
),

adding as (
    select
        term.case_no, term.clock, 0::bigint as rank, coalesce(in_general.months, 0) as added
    from term
    inner join individual on term.case_no = individual.case_no and term.clock = individual.clock
    left join in_general on term.case_no = in_general.case_no and term.clock = in_general.clock
    where individual.rank = 1
    union all
    select
        adding.case_no, adding.clock, individual.rank,
        adding.added + case
            when individual.from_on <= extended(
                term.starts_on, term.base_deadline, term.months, term.cap_months, adding.added
            ) then individual.months
            else 0
        end
    from adding
    inner join individual
        on
            adding.case_no = individual.case_no
            and adding.clock = individual.clock
            and adding.rank + 1 = individual.rank
    inner join term on adding.case_no = term.case_no and adding.clock = term.clock
),

added as (
    select case_no, clock, max(added) as months from adding group by all
)

select
    term.*,
    coalesce(added.months, in_general.months, 0) as added_months,
    extended(
        term.starts_on, term.base_deadline, term.months, term.cap_months,
        coalesce(added.months, in_general.months, 0)
    ) as extended_deadline
from term
left join in_general on term.case_no = in_general.case_no and term.clock = in_general.clock
left join added on term.case_no = added.case_no and term.clock = added.clock;

create temp table suspension as
select
    term.case_no, term.clock, term.extended_deadline, change.from_on,
    greatest(change.from_on, term.starts_on) as counts_from,
    least(
        coalesce(change.last_on, getvariable('as_of_on')), coalesce(term.decided_on - 1, date '9999-12-31')
    ) as counts_to,
    row_number() over (partition by term.case_no, term.clock order by change.from_on,
    change.change_no) as rank
from term_change as change
inner join extended_term as term on change.case_no = term.case_no and term.clock <> 'from_loopbrief'
where change.kind = 'OPSCHORTING';

create temp table deadline as
with recursive suspending as (
    select case_no, clock, 0::bigint as rank, extended_deadline as deadline, date '0001-01-01' as counted_to
    from suspension
    where rank = 1
    union all
    select
        suspending.case_no, suspending.clock, suspension.rank,
        suspending.deadline + case
            when suspension.from_on <= suspending.deadline then greatest(
                0, suspension.counts_to - greatest(suspension.counts_from, suspending.counted_to + 1) + 1
            )
            else 0
        end::integer,
        case
            when suspension.from_on <= suspending.deadline
                then greatest(suspending.counted_to, suspension.counts_to)
            else suspending.counted_to
        end
    from suspending
    inner join suspension
        on
            suspending.case_no = suspension.case_no
            and suspending.clock = suspension.clock
            and suspending.rank + 1 = suspension.rank
),

suspended as (
    select case_no, clock, max(deadline) as deadline from suspending group by all
),

together as (
    select
        term.*,
        coalesce(suspended.deadline, term.extended_deadline) as reached_on,
        case
            when term.rolls = 'true' then reached_on
            when
                term.rolls = 'unextended' and term.added_months = 0 and reached_on = term.extended_deadline
                then reached_on
        end as rolls_from_on
    from extended_term as term
    left join suspended on term.case_no = suspended.case_no and term.clock = suspended.clock
),

rolled as (
    select
        together.case_no, together.clock, coalesce(calendar.next_working_on, together.reached_on) as deadline
    from together
    left join calendar on together.rolls_from_on = calendar.day
)

select
    case_no,
    max(deadline) filter (where clock = 'as_applied') as as_applied,
    max(deadline) filter (where clock = 'in_hindsight') as in_hindsight,
    max(deadline) filter (where clock = 'from_loopbrief') as from_loopbrief
from rolled
group by case_no;
