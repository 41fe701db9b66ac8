{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with decision as (
    select
        beslissing.case_id,
        beslissing.decision_no,
        beslissing.decided_on,
        coalesce(beslissing.pool, 'unknown') as pool,
        coalesce(beslissing.hours, 0) as hours,
        row_number() over by_time as decision_rank,
        lag(beslissing.decided_on) over by_time as previous_decided_on,
        lead(beslissing.decided_on) over by_time as next_decided_on
    from {{ of_touched(ref('ind__beslissing'), 'case') }} as beslissing
    window by_time as (
        partition by beslissing.case_id order by beslissing.decided_on, beslissing.decision_no
    )
),

-- A remedy belongs to the latest decision on or before the day that it was lodged.
remedied as (
    select
        decision.case_id,
        decision.decision_no,
        bool_or(remedy.ruled_on is not null) as is_ruled,
        coalesce(bool_or(remedy.ruling = 'GEGROND' and remedy.lodged_by <> 'IND'), false) as is_overturned
    from decision
    inner join {{ of_touched(ref('ind__rechtsmiddel'), 'case') }} as remedy
        on
            decision.case_id = remedy.case_id
            and decision.decided_on <= remedy.lodged_on
            and coalesce(decision.next_decided_on, date '9999-12-31') > remedy.lodged_on
    where remedy.kind in ('BEROEP', 'HOGER_BEROEP')
    group by decision.case_id, decision.decision_no
),

-- The work since the decision before is this decision's, so that every hour counts once.
worked as (
    select
        decision.case_id,
        decision.decision_no,
        sum(step.hours) as hours
    from decision
    inner join {{ of_touched(ref('ind__processtap'), 'case') }} as step
        on
            decision.case_id = step.case_id
            and decision.decided_on >= step.realised_on
            and coalesce(decision.previous_decided_on, date '0001-01-01') < step.realised_on
    where step.status = 'GEREALISEERD' and step.hours is not null
    group by decision.case_id, decision.decision_no
)

select
    decision.case_id,
    decision.decision_no,
    decision.decided_on,
    decision.pool,
    application.procedure,
    coalesce(step.hearing_mode, 'unknown') as hearing_mode,
    decision.decided_on - application.applied_on as days,
    remedied.case_id is not null as is_appealed,
    coalesce(remedied.is_ruled, false) as is_ruled,
    coalesce(remedied.is_overturned, false) as is_overturned,
    decision.next_decided_on is not null as is_redecided,
    -- the term is that of the first decision
    case when decision.decision_rank = 1 then decision.decided_on <= legal_clock.deadline_as_applied end
        as is_in_term,
    (decision.hours + coalesce(worked.hours, 0))::decimal(38, 2) as hours
from decision
inner join {{ ref('application') }} as application on decision.case_id = application.case_id
inner join {{ ref('legal_clock') }} as legal_clock on decision.case_id = legal_clock.case_id
left join {{ ref('case_step') }} as step on decision.case_id = step.case_id
left join remedied
    on decision.case_id = remedied.case_id and decision.decision_no = remedied.decision_no
left join worked on decision.case_id = worked.case_id and decision.decision_no = worked.decision_no
order by decision.case_id, decision.decision_no
