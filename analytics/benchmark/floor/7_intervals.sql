-- What fct_lead_time counts: intervals of twelve segments, in nine kinds of groups.

create temp table group_of_case as
with known as (
    select
        application.case_no,
        application.application_kind, application.nationality_group, application.track, application.procedure,
        coalesce(step.hearing_mode, 'unknown') as hearing_mode,
        coalesce(application.pool, 'unknown') as pool,
        application.complexity, application.project
    from application
    left join case_step as step on application.case_no = step.case_no
    union all
    -- what belongs to no case
    select -1, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'
)

select case_no, dense_rank() over (
    order by application_kind, nationality_group, track, procedure, hearing_mode, pool, complexity, project
)::integer as profile_no, * exclude (case_no)
from known;

create temp table profile_group as
with profile as (
    select distinct * exclude (case_no) from group_of_case
),

named as (
    select profile_no, 'all' as group_kind, 'all' as group_value from profile
    union all
    unpivot profile
    on application_kind, nationality_group, track, procedure, hearing_mode, pool, complexity, project
    into name group_kind value group_value
)

select *, dense_rank() over (order by group_kind, group_value)::integer as group_no
from named;

-- numbers under their names: millions of rows are grouped and sorted by them
create type segment_name as enum (
    'registration_to_application', 'application_to_first_interview', 'first_interview_to_hearing',
    'hearing_to_decision', 'application_to_decision', 'intention_to_view', 'grant_to_housing',
    'application_to_irrevocable', 'application_to_housing', 'first_interview_to_legal_aid',
    'appeal_to_ruling',
    'legal_aid_request_to_grant'
);

create temp table interval_begun as
with left_since as (
    select
        application.case_no,
        min(moved.happened_on) as left_since_application_on,
        min(moved.happened_on)
            filter (where moved.happened_on >= application.granted_on) as left_since_grant_on
    from left_reception as moved
    inner join application
        on moved.case_no = application.case_no and moved.happened_on >= application.applied_on
    group by application.case_no
),

known as (
    select
        application.*,
        step.first_interview_on, step.heard_on, step.intended_on, step.viewed_on,
        legal_aid.granted_on as aid_on, case_stage.irrevocable_on, first_housed.housed_on,
        left_since.left_since_application_on, left_since.left_since_grant_on,
        coalesce(application.decided_on, date '9999-12-31') as last_on
    from application
    left join case_step as step on application.case_no = step.case_no
    left join legal_aid on application.case_no = legal_aid.case_no
    left join case_stage on application.case_no = case_stage.case_no
    left join first_housed on application.case_no = first_housed.case_no
    left join left_since on application.case_no = left_since.case_no
),

-- an event later than the first decision counts in no segment that the decision ends
bounded as (
    select
        * exclude (first_interview_on, heard_on, intended_on, viewed_on, aid_on),
        case when first_interview_on <= last_on then first_interview_on end as interviewed_on,
        case when heard_on <= last_on then heard_on end as heard_on,
        case when intended_on <= last_on then intended_on end as intended_on,
        case when viewed_on <= last_on then viewed_on end as viewed_on,
        case when aid_on <= last_on then aid_on end as aid_on
    from known
),

stretch as (
    select 'registration_to_application' as segment, case_no, registered_on as begins_on,
        applied_on as ends_on,
        null::date as exits_on
    from bounded
    union all
    select 'application_to_first_interview', case_no, applied_on, interviewed_on, decided_on from bounded
    union all
    select 'first_interview_to_hearing', case_no, interviewed_on, heard_on, decided_on from bounded
    union all
    select 'hearing_to_decision', case_no, heard_on, decided_on, null from bounded
    union all
    select 'application_to_decision', case_no, applied_on, decided_on, null from bounded
    union all
    select 'intention_to_view', case_no, intended_on, viewed_on, decided_on from bounded
    union all
    select 'grant_to_housing', case_no, granted_on, housed_on, left_since_grant_on from bounded
    union all
    select 'application_to_irrevocable', case_no, applied_on, irrevocable_on, null from bounded
    union all
    select 'application_to_housing', case_no, applied_on, housed_on,
        least(case when outcome_group <> 'granted' then decided_on end, left_since_application_on)
    from bounded
    union all
    select 'first_interview_to_legal_aid', case_no, interviewed_on, aid_on, decided_on from bounded
    union all
    select 'appeal_to_ruling', case_no, lodged_on, ruled_on, null
    from remedy
    where kind in ('BEROEP', 'HOGER_BEROEP')
    union all
    select 'legal_aid_request_to_grant', coalesce(case_no, -1), requested_on,
        case when decision = 'VERLEEND' then decided_on end,
        case when decision <> 'VERLEEND' then decided_on end
    from certificate_case
)

select
    stretch.segment::segment_name as segment, group_of_case.profile_no, stretch.begins_on,
    case when stretch.ends_on <= coalesce(stretch.exits_on,
    stretch.ends_on) then stretch.ends_on end as ends_on,
    least(stretch.ends_on, stretch.exits_on) as left_on
from stretch
inner join group_of_case on stretch.case_no = group_of_case.case_no
where stretch.begins_on is not null and coalesce(stretch.ends_on >= stretch.begins_on, true);

-- Counts of equal intervals, then per group: what follows works on these.
create temp table tally as
with equal_interval as (
    select
        segment, profile_no, begins_on, left_on, left_on is not null and ends_on is null as is_exit,
        count(*) as n
    from interval_begun
    group by all
)

select
    equal_interval.segment, profile_group.group_no, equal_interval.begins_on, equal_interval.left_on,
    equal_interval.is_exit, sum(equal_interval.n)::integer as n
from equal_interval
inner join profile_group on equal_interval.profile_no = profile_group.profile_no
group by all;
