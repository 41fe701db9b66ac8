-- What holds on A, before it is joined: few rows of many.
with impeded as (
    select span.case_id
    from {{ ref('impediment_span') }} as span
    cross join {{ source('raw', 'as_of') }} as known
    where known.as_of_on >= span.from_on and known.as_of_on < span.until_on
),

suspended as (
    select span.case_id
    from {{ ref('suspension_span') }} as span
    cross join {{ source('raw', 'as_of') }} as known
    where known.as_of_on >= span.from_on and known.as_of_on < span.until_on
),

over_term as (
    select
        span.case_id,
        bool_or(span.clock = 'as_applied') as as_applied,
        bool_or(span.clock = 'in_hindsight') as in_hindsight
    from {{ ref('over_term_span') }} as span
    cross join {{ source('raw', 'as_of') }} as known
    where known.as_of_on >= span.from_on and known.as_of_on < span.until_on
    group by span.case_id
),

-- One half of what there is of a case, then the other: all at once, three million cases do not fit into 2 GB.
process as materialized (
    select
        application.*,
        step.first_interview_on,
        step.prepared_on,
        step.file_ready_on,
        step.heard_on,
        step.hearing_mode,
        step.intended_on,
        step.viewed_on,
        step.step_hours,
        decision.last_decided_on,
        decision.last_outcome,
        decision.decision_count,
        decision.decision_hours,
        remedy.appealed_on,
        remedy.ruled_on,
        remedy.ruling,
        remedy.is_overturned,
        case_stage.irrevocable_on,
        case_stage.stage,
        case_stage.holder,
        case_stage.stage_since
    from {{ ref('application') }} as application
    left join {{ ref('case_step') }} as step on application.case_id = step.case_id
    left join {{ ref('case_decision') }} as decision on application.case_id = decision.case_id
    left join {{ ref('case_remedy') }} as remedy on application.case_id = remedy.case_id
    left join {{ ref('case_stage') }} as case_stage on application.case_id = case_stage.case_id
)

select
    {{ pseudonym_text('process.case_id') }} as case_id,
    {{ pseudonym_text('process.person_id') }} as person_id,
    {{ pseudonym_text('process.family_id') }} as family_id,
    process.application_kind,
    process.nationality_code,
    process.nationality_group,
    process.birth_year,
    process.sex,
    process.is_unaccompanied_minor,
    process.track,
    process.procedure,
    process.complexity,
    process.team,
    process.project,
    process.registered_on,
    process.applied_on,
    process.first_interview_on,
    process.prepared_on,
    process.file_ready_on,
    process.heard_on,
    process.hearing_mode,
    process.intended_on,
    process.viewed_on,
    process.decided_on,
    process.outcome,
    process.outcome_group,
    process.pool,
    process.last_decided_on,
    process.last_outcome,
    coalesce(process.decision_count, 0) as decision_count,
    process.appealed_on,
    process.ruled_on,
    process.ruling,
    coalesce(process.is_overturned, false) as is_overturned,
    process.irrevocable_on,
    legal_aid.legal_aid_requested_on,
    legal_aid.legal_aid_granted_on,
    reception.reception_from,
    reception.reception_until,
    reception.housed_on,
    process.written_offered_on,
    process.written_offered_on is not null
    and coalesce(process.hearing_mode, 'written') <> 'written' as is_written_fallback,
    process.stage,
    process.holder,
    process.stage_since,
    process.stage <> 'closed' as is_open,
    impeded.case_id is not null as is_impeded,
    process.decided_on is null and suspended.case_id is not null as is_suspended,
    reception.left_before_decision,
    legal_clock.deadline_as_applied,
    legal_clock.deadline_in_hindsight,
    legal_clock.deadline_from_loopbrief,
    coalesce(over_term.as_applied, false) as is_over_term,
    coalesce(over_term.in_hindsight, false) as is_over_term_in_hindsight,
    process.decided_on <= legal_clock.deadline_as_applied as decided_in_term,
    process.decided_on <= legal_clock.deadline_in_hindsight as decided_in_term_in_hindsight,
    (coalesce(process.step_hours, 0) + coalesce(process.decision_hours, 0))::decimal(18, 2) as ind_hours
from process
left join {{ ref('case_legal_aid') }} as legal_aid on process.case_id = legal_aid.case_id
left join {{ ref('case_reception') }} as reception on process.case_id = reception.case_id
left join {{ ref('legal_clock') }} as legal_clock on process.case_id = legal_clock.case_id
left join impeded on process.case_id = impeded.case_id
left join suspended on process.case_id = suspended.case_id
left join over_term on process.case_id = over_term.case_id
order by process.case_id
