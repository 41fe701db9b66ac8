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
        coalesce(application.decided_on, known.as_of_on + 1) as until_on
    from {{ ref('application') }} as application
    inner join {{ ref('legal_clock') }} as legal_clock on application.case_id = legal_clock.case_id
    cross join {{ source('raw', 'as_of') }} as known
    cross join (values ('as_applied'), ('in_hindsight')) as clock (clock)
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
    inner join {{ ref('suspension_span') }} as suspension
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
order by case_id, clock, from_on
