{{ config(materialized='kept', touched_by={'case_id': 'case', 'interval_id': 'certificate'}) }}
{%- set bounded = ['first_interview_on', 'heard_on', 'intended_on', 'viewed_on', 'legal_aid_granted_on'] -%}
{#- segment: begin, end, exits. `*_by_decision_on`: null when later than decided_on -#}
{%- set segments = {
    'registration_to_application': ('registered_on', 'applied_on', 'null::date'),
    'application_to_first_interview': ('applied_on', 'first_interview_by_decision_on', 'decided_on'),
    'first_interview_to_hearing': ('first_interview_by_decision_on', 'heard_by_decision_on', 'decided_on'),
    'hearing_to_decision': ('heard_by_decision_on', 'decided_on', 'null::date'),
    'application_to_decision': ('applied_on', 'decided_on', 'null::date'),
    'intention_to_view': ('intended_by_decision_on', 'viewed_by_decision_on', 'decided_on'),
    'grant_to_housing': ('granted_on', 'housed_on', 'left_since_grant_on'),
    'application_to_irrevocable': ('applied_on', 'irrevocable_on', 'null::date'),
    'application_to_housing': ('applied_on', 'housed_on', 'least(not_granted_on, left_since_application_on)'),
    'first_interview_to_legal_aid': (
        'first_interview_by_decision_on', 'legal_aid_granted_by_decision_on', 'decided_on'
    ),
} -%}
with left_reception as (
    select
        application.case_id,
        min(event.happened_on) as left_since_application_on,
        min(
            case when event.happened_on >= application.granted_on then event.happened_on end
        ) as left_since_grant_on
    from {{ of_touched(ref('case_event'), 'case') }} as event
    inner join {{ ref('application') }} as application
        on event.case_id = application.case_id and event.happened_on >= application.applied_on
    where event.event = 'LEFT_RECEPTION'
    group by application.case_id
),

case_day as (
    select
        application.case_id,
        application.registered_on,
        application.applied_on,
        application.decided_on,
        application.granted_on,
        case when application.outcome_group <> 'granted' then application.decided_on end as not_granted_on,
        case_stage.irrevocable_on,
        reception.housed_on,
        left_reception.left_since_application_on,
        {% for column in bounded -%}
        case
            when {{ column }} <= coalesce(application.decided_on, {{ column }}) then {{ column }}
        end as {{ column | replace('_on', '_by_decision_on') }},
        {% endfor -%}
        left_reception.left_since_grant_on
    from {{ of_touched(ref('application'), 'case') }} as application
    left join {{ ref('case_step') }} as step on application.case_id = step.case_id
    left join {{ ref('case_legal_aid') }} as legal_aid on application.case_id = legal_aid.case_id
    left join {{ ref('case_reception') }} as reception on application.case_id = reception.case_id
    left join {{ ref('case_stage') }} as case_stage on application.case_id = case_stage.case_id
    left join left_reception on application.case_id = left_reception.case_id
),

stretch as (
    {%- for segment, (begins_on, ends_on, exits_on) in segments.items() %}
    select
        '{{ segment }}' as segment,
        case_id as interval_id,
        case_id,
        {{ begins_on }} as begins_on,
        {{ ends_on }} as ends_on,
        {{ exits_on }} as exits_on
    from case_day
    where {{ begins_on }} is not null
    union all
    {%- endfor %}
    select
        'appeal_to_ruling' as segment,
        case_id || '/' || remedy_no as interval_id,
        case_id,
        lodged_on as begins_on,
        ruled_on as ends_on,
        null::date as exits_on
    from {{ of_touched(ref('ind__rechtsmiddel'), 'case') }}
    where kind in ('BEROEP', 'HOGER_BEROEP')
    union all
    select
        'legal_aid_request_to_grant' as segment,
        certificate_id as interval_id,
        case_id,
        requested_on as begins_on,
        case when decision = 'VERLEEND' then decided_on end as ends_on,
        case when decision <> 'VERLEEND' then decided_on end as exits_on
    from {{ of_touched(ref('certificate'), 'certificate') }}
)

select
    stretch.segment,
    stretch.interval_id,
    stretch.case_id,
    stretch.begins_on,
    -- what comes first holds; on one day the end does
    case
        when stretch.ends_on <= coalesce(stretch.exits_on, stretch.ends_on) then stretch.ends_on
    end as ends_on,
    case
        when stretch.exits_on < coalesce(stretch.ends_on, date '9999-12-31') then stretch.exits_on
    end as exits_on,
    coalesce(stretch.ends_on < stretch.begins_on, false) as is_reversed,
    coalesce(application.application_kind, 'unknown') as application_kind,
    coalesce(application.nationality_group, 'unknown') as nationality_group,
    coalesce(application.track, 'unknown') as track,
    coalesce(application.procedure, 'unknown') as procedure,
    coalesce(step.hearing_mode, 'unknown') as hearing_mode,
    coalesce(application.pool, 'unknown') as pool,
    coalesce(application.complexity, 'unknown') as complexity,
    coalesce(application.project, 'unknown') as project
from stretch
left join {{ ref('application') }} as application on stretch.case_id = application.case_id
left join {{ ref('case_step') }} as step on stretch.case_id = step.case_id
