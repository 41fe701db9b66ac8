-- When a case is impeded, when suspended, when over term.

create temp table impeded as
with change as (
    select
        case_no, realised_on as from_on,
        sum(sum(if(step = 'BELEMMERING_START', 1, -1))) over (
            partition by case_no order by realised_on
        ) > 0 as is_impeded
    from step
    where step in ('BELEMMERING_START', 'BELEMMERING_EINDE')
    group by case_no, realised_on
),

changed as (
    select *
    from change
    qualify is_impeded <> lag(is_impeded, 1, false) over (partition by case_no order by from_on)
)

select case_no, from_on, coalesce(until_on, date '9999-12-31') as until_on
from (select *, lead(from_on) over (partition by case_no order by from_on) as until_on from changed)
where is_impeded;

create temp table suspended as
with span as (
    select case_no, from_on, coalesce(last_on + 1, date '9999-12-31') as until_on
    from term_change
    where kind = 'OPSCHORTING' and (last_on is null or last_on >= from_on)
),

numbered as (
    select
        *,
        max(until_on) over (
            partition by case_no order by from_on, until_on rows between unbounded preceding and 1 preceding
        ) as latest_before
    from span
),

grouped as (
    select
        *,
        sum((latest_before is null or from_on > latest_before)::integer) over (
            partition by case_no order by from_on, until_on rows unbounded preceding
        ) as span_no
    from numbered
)

select case_no, min(from_on) as from_on, max(until_on) as until_on
from grouped
group by case_no, span_no;

create temp table over_term as
with overdue as (
    select
        application.case_no,
        clock.clock,
        greatest(
            if(clock.clock = 'as_applied', deadline.as_applied, deadline.in_hindsight) + 1,
            application.applied_on
        ) as from_on,
        coalesce(application.decided_on, getvariable('as_of_on') + 1) as until_on
    from application
    inner join deadline on application.case_no = deadline.case_no
    cross join unnest(['as_applied', 'in_hindsight']) as clock (clock)
    where if(clock.clock = 'as_applied', deadline.as_applied, deadline.in_hindsight) is not null
),

pause as (
    select case_no, clock, date '0001-01-01' as pauses_on, from_on as resumes_on, until_on as ends_on
    from overdue
    where from_on < until_on
    union all
    select overdue.case_no, overdue.clock, suspended.from_on, suspended.until_on, overdue.until_on
    from overdue
    inner join suspended
        on
            overdue.case_no = suspended.case_no
            and overdue.from_on < suspended.until_on
            and overdue.until_on > suspended.from_on
    where overdue.from_on < overdue.until_on
),

running as (
    select
        case_no, clock, resumes_on as from_on,
        least(coalesce(lead(pauses_on) over (partition by case_no, clock order by pauses_on), ends_on),
        ends_on)
            as until_on
    from pause
)

select * from running
where from_on < until_on;
