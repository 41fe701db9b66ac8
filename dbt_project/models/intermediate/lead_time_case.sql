{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{%- set bounded = {
    'first_interview_on': 'step', 'heard_on': 'step', 'intended_on': 'step', 'viewed_on': 'step',
    'legal_aid_granted_on': 'legal_aid',
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
)

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
    left_reception.left_since_grant_on,
    -- what came after the decision counts for nothing before it
    {% for column, table in bounded.items() -%}
    case
        when {{ table }}.{{ column }} <= coalesce(application.decided_on, {{ table }}.{{ column }})
            then {{ table }}.{{ column }}
    end as {{ column }},
    {% endfor -%}
    coalesce(application.application_kind, 'unknown') as application_kind,
    coalesce(application.nationality_group, 'unknown') as nationality_group,
    coalesce(application.track, 'unknown') as track,
    coalesce(application.procedure, 'unknown') as procedure,
    coalesce(step.hearing_mode, 'unknown') as hearing_mode,
    coalesce(application.pool, 'unknown') as pool,
    coalesce(application.complexity, 'unknown') as complexity,
    coalesce(application.project, 'unknown') as project
from {{ of_touched(ref('application'), 'case') }} as application
left join {{ ref('case_step') }} as step on application.case_id = step.case_id
left join {{ ref('case_legal_aid') }} as legal_aid on application.case_id = legal_aid.case_id
left join {{ ref('case_reception') }} as reception on application.case_id = reception.case_id
left join {{ ref('case_stage') }} as case_stage on application.case_id = case_stage.case_id
left join left_reception on application.case_id = left_reception.case_id
