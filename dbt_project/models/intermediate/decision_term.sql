-- Rules that a clock knows: as applied whatever was announced by A, in hindsight less what was withdrawn.
with clock_rule as (
    select
        clock.clock,
        rule.*
    from {{ ref('statutory_terms') }} as rule
    cross join {{ source('raw', 'as_of') }} as known
    cross join (values ('as_applied'), ('in_hindsight'), ('from_loopbrief')) as clock (clock)
    where
        rule.kind = 'base'
        and rule.announced_on <= known.as_of_on
        and (clock.clock <> 'in_hindsight' or rule.withdrawn_on is null or rule.withdrawn_on > known.as_of_on)
),

started as (
    select
        *,
        -- a Dublin case starts when the Netherlands become responsible
        case when track = 'spoor_1' then nl_responsible_on else applied_on end as starts_on
    from {{ ref('application') }}
),

clock_start as (
    select
        started.case_id,
        clock.clock,
        started.application_code,
        started.procedure,
        started.outcome,
        started.decided_on,
        case clock.clock
            when 'from_loopbrief' then started.loopbrief_on else started.starts_on
        end as starts_on
    from started
    cross join (values ('as_applied'), ('in_hindsight'), ('from_loopbrief')) as clock (clock)
    where started.starts_on is not null
),

matching as (
    select
        clock_start.*,
        clock_rule.rule_id,
        clock_rule.months,
        clock_rule.weeks,
        clock_rule.cap_months,
        clock_rule.rolls,
        row_number() over (
            partition by clock_start.case_id, clock_start.clock
            order by {{ specificity('clock_rule.applies_to') }}, clock_rule.rule_id
        ) as preference
    from clock_start
    inner join clock_rule
        on
            clock_start.clock = clock_rule.clock
            and clock_start.starts_on >= coalesce(clock_rule.filed_from, clock_start.starts_on)
            and clock_start.starts_on <= coalesce(clock_rule.filed_to, clock_start.starts_on)
            and {{ applies_to_case('clock_rule', 'clock_start') }}
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
order by case_id, clock
