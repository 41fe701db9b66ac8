{{ config(materialized='sliced') }}
-- What holds on A, before it is joined: few rows of many.
with impeded as (
    select span.case_id
    from {{ of_slice(ref('impediment_span')) }} as span
    cross join {{ source('raw', 'as_of') }} as known
    where known.as_of_on >= span.from_on and known.as_of_on < span.until_on
),

suspended as (
    select span.case_id
    from {{ of_slice(ref('suspension_span')) }} as span
    cross join {{ source('raw', 'as_of') }} as known
    where known.as_of_on >= span.from_on and known.as_of_on < span.until_on
),

over_term as (
    select
        span.case_id,
        bool_or(span.clock = 'as_applied') as as_applied,
        bool_or(span.clock = 'in_hindsight') as in_hindsight
    from {{ of_slice(ref('over_term_span')) }} as span
    cross join {{ source('raw', 'as_of') }} as known
    where known.as_of_on >= span.from_on and known.as_of_on < span.until_on
    group by span.case_id
)

select
    {{ pseudonym_text('application.case_id') }} as case_id,
    {{ pseudonym_text('application.person_id') }} as person_id,
    {{ pseudonym_text('application.family_id') }} as family_id,
    application.application_kind,
    application.nationality_code,
    application.nationality_group,
    application.birth_year,
    application.sex,
    application.is_unaccompanied_minor,
    application.track,
    application.procedure,
    application.complexity,
    application.team,
    application.project,
    application.registered_on,
    application.applied_on,
    step.first_interview_on,
    step.prepared_on,
    step.file_ready_on,
    step.heard_on,
    step.hearing_mode,
    step.intended_on,
    step.viewed_on,
    application.decided_on,
    application.outcome,
    application.outcome_group,
    application.pool,
    decision.last_decided_on,
    decision.last_outcome,
    coalesce(decision.decision_count, 0) as decision_count,
    remedy.appealed_on,
    remedy.ruled_on,
    remedy.ruling,
    coalesce(remedy.is_overturned, false) as is_overturned,
    case_stage.irrevocable_on,
    legal_aid.legal_aid_requested_on,
    legal_aid.legal_aid_granted_on,
    reception.reception_from,
    reception.reception_until,
    reception.housed_on,
    application.written_offered_on,
    application.written_offered_on is not null
    and coalesce(step.hearing_mode, 'written') <> 'written' as is_written_fallback,
    case_stage.stage,
    case_stage.holder,
    case_stage.stage_since,
    case_stage.stage <> 'closed' as is_open,
    impeded.case_id is not null as is_impeded,
    application.decided_on is null and suspended.case_id is not null as is_suspended,
    reception.left_before_decision,
    legal_clock.deadline_as_applied,
    legal_clock.deadline_in_hindsight,
    legal_clock.deadline_from_loopbrief,
    coalesce(over_term.as_applied, false) as is_over_term,
    coalesce(over_term.in_hindsight, false) as is_over_term_in_hindsight,
    application.decided_on <= legal_clock.deadline_as_applied as decided_in_term,
    application.decided_on <= legal_clock.deadline_in_hindsight as decided_in_term_in_hindsight,
    (coalesce(step.step_hours, 0) + coalesce(decision.decision_hours, 0))::decimal(18, 2) as ind_hours
from {{ of_slice(ref('application')) }} as application
left join {{ of_slice(ref('case_step')) }} as step on application.case_id = step.case_id
left join {{ of_slice(ref('case_decision')) }} as decision on application.case_id = decision.case_id
left join {{ of_slice(ref('case_remedy')) }} as remedy on application.case_id = remedy.case_id
left join {{ of_slice(ref('case_stage')) }} as case_stage on application.case_id = case_stage.case_id
left join {{ of_slice(ref('case_legal_aid')) }} as legal_aid on application.case_id = legal_aid.case_id
left join {{ of_slice(ref('case_reception')) }} as reception on application.case_id = reception.case_id
left join {{ of_slice(ref('legal_clock')) }} as legal_clock on application.case_id = legal_clock.case_id
left join impeded on application.case_id = impeded.case_id
left join suspended on application.case_id = suspended.case_id
left join over_term on application.case_id = over_term.case_id
order by application.case_id
