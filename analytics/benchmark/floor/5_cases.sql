-- dim_case and fct_stage_visit.

create temp table certificate_case as
with known_person as (
    select person_no from application
    union
    select person_no from reception
),

linked as (
    select
        certificate.*,
        known_person.person_no is null and named.case_no is not null as is_through_case,
        coalesce(known_person.person_no, named.person_no) as linked_person_no
    from certificate
    left join known_person on certificate.person_no = known_person.person_no
    left join application as named on certificate.named_case_no = named.case_no
),

by_remedy as (
    select
        linked.certificate_no,
        min_by(
            application.case_no,
            (abs(remedy.lodged_on - linked.requested_on), remedy.lodged_on, application.case_id)
        ) as case_no
    from linked
    inner join application on linked.linked_person_no = application.person_no
    inner join remedy on application.case_no = remedy.case_no and linked.kind = remedy.kind
    group by linked.certificate_no
),

by_period as (
    select
        linked.certificate_no,
        min_by(
            application.case_no,
            (abs(application.applied_on - linked.requested_on), application.applied_on, application.case_id)
        ) as case_no
    from linked
    inner join application
        on
            linked.linked_person_no = application.person_no
            and linked.requested_on >= application.registered_on
    inner join case_stage
        on
            application.case_no = case_stage.case_no
            and (case_stage.stage <> 'closed' or linked.requested_on <= case_stage.stage_since)
    group by linked.certificate_no
)

select
    linked.certificate_no, linked.kind, linked.requested_on, linked.decided_on, linked.decision,
    if(linked.is_through_case, linked.named_case_no, coalesce(by_remedy.case_no,
    by_period.case_no)) as case_no
from linked
left join by_remedy on linked.certificate_no = by_remedy.certificate_no
left join by_period on linked.certificate_no = by_period.certificate_no;

create temp table legal_aid as
with first_instance as (
    select
        application.family, application.application_kind, certificate.case_no, certificate.requested_on,
        case when certificate.decision = 'VERLEEND' then certificate.decided_on end as granted_on
    from certificate_case as certificate
    inner join application on certificate.case_no = application.case_no
    where certificate.kind in ('AANMELDFASE', 'AA', 'VA', 'DUBLIN')
),

serving as (
    select case_no, requested_on, granted_on from first_instance
    union all
    select relative.case_no, one.requested_on, one.granted_on
    from first_instance as one
    inner join application as relative
        on one.family = relative.family and one.application_kind = relative.application_kind
)

select case_no, min(requested_on) as requested_on, min(granted_on) as granted_on
from serving
group by case_no;

create temp table case_remedy as
select
    case_no,
    min_by(r, (lodged_on, remedy_no)) as first,
    bool_or(coalesce(ruling = 'GEGROND' and lodged_by <> 'IND', false)) as is_overturned
from counted_remedy as r
group by case_no;

create temp table case_reception as
with judged as (
    select
        application.case_no, application.registered_on, reception.from_on, reception.until_on,
        coalesce(application.decided_on - 1, getvariable('as_of_on')) as eve,
        reception.from_on < reception.until_on
        and reception.from_on <= getvariable('as_of_on')
        and application.registered_on < reception.until_on as touches
    from application
    inner join reception on application.person_no = reception.person_no
)

select
    case_no,
    min(from_on) filter (where touches) as reception_from,
    nullif(max(until_on) filter (where touches), date '9999-12-31') as reception_until,
    bool_or(until_on >= registered_on and until_on <= eve)
    and not bool_or(from_on <= eve and until_on > eve) as left_before_decision
from judged
group by case_no;

create temp table first_housed as
select case_no, min(happened_on) as housed_on from housed group by case_no;

create table marts.dim_case as
select
    application.case_id,
    pseudonym('v_nummer', lpad(application.person_no::varchar, 10, '0')) as person_id,
    pseudonym('ind_gezin_id', application.family) as family_id,
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
    decision.last.decided_on as last_decided_on,
    decision.last.outcome as last_outcome,
    coalesce(decision.decision_count, 0) as decision_count,
    remedy.first.lodged_on as appealed_on,
    remedy.first.ruled_on as ruled_on,
    remedy.first.ruling as ruling,
    coalesce(remedy.is_overturned, false) as is_overturned,
    case_stage.irrevocable_on,
    legal_aid.requested_on as legal_aid_requested_on,
    legal_aid.granted_on as legal_aid_granted_on,
    reception.reception_from,
    reception.reception_until,
    first_housed.housed_on,
    application.written_offered_on,
    application.written_offered_on is not null
    and coalesce(step.hearing_mode, 'written') <> 'written' as is_written_fallback,
    case_stage.stage,
    case_stage.holder,
    case_stage.stage_since,
    case_stage.stage <> 'closed' as is_open,
    impeded.case_no is not null as is_impeded,
    application.decided_on is null and suspended.case_no is not null as is_suspended,
    coalesce(reception.left_before_decision, false) as left_before_decision,
    deadline.as_applied as deadline_as_applied,
    deadline.in_hindsight as deadline_in_hindsight,
    deadline.from_loopbrief as deadline_from_loopbrief,
    as_applied.case_no is not null as is_over_term,
    in_hindsight.case_no is not null as is_over_term_in_hindsight,
    application.decided_on <= deadline.as_applied as decided_in_term,
    application.decided_on <= deadline.in_hindsight as decided_in_term_in_hindsight,
    (coalesce(step.step_hours, 0) + coalesce(decision.decision_hours, 0))::decimal(18, 2) as ind_hours
from application
left join case_step as step on application.case_no = step.case_no
left join case_decision as decision on application.case_no = decision.case_no
left join case_remedy as remedy on application.case_no = remedy.case_no
left join case_stage on application.case_no = case_stage.case_no
left join legal_aid on application.case_no = legal_aid.case_no
left join case_reception as reception on application.case_no = reception.case_no
left join first_housed on application.case_no = first_housed.case_no
left join deadline on application.case_no = deadline.case_no
left join impeded
    on
        application.case_no = impeded.case_no
        and getvariable('as_of_on') >= impeded.from_on and getvariable('as_of_on') < impeded.until_on
left join suspended
    on
        application.case_no = suspended.case_no
        and getvariable('as_of_on') >= suspended.from_on and getvariable('as_of_on') < suspended.until_on
left join over_term as as_applied
    on
        application.case_no = as_applied.case_no and as_applied.clock = 'as_applied'
        and getvariable('as_of_on') >= as_applied.from_on and getvariable('as_of_on') < as_applied.until_on
left join over_term as in_hindsight
    on
        application.case_no = in_hindsight.case_no and in_hindsight.clock = 'in_hindsight'
        and getvariable('as_of_on') >= in_hindsight.from_on
        and getvariable('as_of_on') < in_hindsight.until_on;

create temp table visit as
select
    period.case_no,
    row_number() over (partition by period.case_no order by period.entered_on) as visit_no,
    period.stage,
    period.holder,
    period.entered_on,
    period.left_on,
    coalesce(period.left_on, getvariable('as_of_on')) - period.entered_on as days,
    norm.norm_days::bigint as norm_days
from period
left join rule_table('stage_norms') as norm
    on
        period.stage = norm.stage
        and period.entered_on >= norm.valid_from::date
        and period.entered_on <= coalesce(norm.valid_to::date, period.entered_on)
where period.stage <> 'closed';

create table marts.fct_stage_visit as
select
    application.case_id,
    visit.visit_no,
    visit.stage,
    visit.holder,
    visit.entered_on,
    visit.left_on,
    visit.days,
    visit.norm_days,
    visit.days > visit.norm_days as is_over_norm,
    case when visit.norm_days is not null then greatest(0,
    visit.days - visit.norm_days) end as days_over_norm,
    application.application_kind,
    application.nationality_group,
    application.track,
    application.procedure,
    application.project,
    application.complexity
from visit
inner join application on visit.case_no = application.case_no;
