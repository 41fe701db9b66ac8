-- From one landmark on, so that cases that waited equally long are compared: who is offered a written hearing
-- must have waited to be offered it.
with landmark as (
    select
        application.case_id,
        application.application_kind,
        application.nationality_group,
        application.complexity,
        application.applied_on,
        application.written_offered_on,
        application.decided_on,
        -- a hearing after the decision comes too late to count as one
        case
            when step.heard_on <= coalesce(application.decided_on, step.heard_on) then step.heard_on
        end as heard_on,
        step.hearing_mode,
        coalesce(step.step_hours, 0) + coalesce(decision.decision_hours, 0) as ind_hours,
        step.prepared_on + setting.value::integer as landmark_on,
        known.as_of_on
    from {{ ref('application') }} as application
    inner join {{ ref('case_step') }} as step on application.case_id = step.case_id
    left join {{ ref('case_decision') }} as decision on application.case_id = decision.case_id
    cross join {{ source('raw', 'as_of') }} as known
    cross join {{ source('raw', 'setting') }} as setting
    where setting.name = 'landmark_days' and step.prepared_on is not null
),

points as (
    select
        case_id,
        sum(points) as legal_aid_points
    from {{ ref('certificate') }}
    where kind in ('AANMELDFASE', 'AA', 'VA', 'DUBLIN') and points is not null
    group by case_id
)

select
    landmark.case_id,
    landmark.application_kind,
    landmark.nationality_group,
    landmark.complexity,
    date_trunc('quarter', landmark.applied_on)::date as quarter_start,
    coalesce(landmark.written_offered_on <= landmark.landmark_on, false) as is_offered,
    coalesce(landmark.written_offered_on <= landmark.landmark_on, false)
    and coalesce(landmark.hearing_mode, 'written') <> 'written' as is_fallback,
    landmark.landmark_on,
    landmark.decided_on - landmark.landmark_on as days_to_decision,
    landmark.heard_on - landmark.landmark_on as days_to_hearing,
    least(
        landmark.heard_on, landmark.decided_on, landmark.as_of_on
    ) - landmark.landmark_on as hearing_followed_days,
    landmark.ind_hours::decimal(18, 2) as ind_hours,
    points.legal_aid_points::decimal(18, 2) as legal_aid_points,
    coalesce(remedy.is_overturned, false) as is_overturned
from landmark
left join points on landmark.case_id = points.case_id
left join {{ ref('case_remedy') }} as remedy on landmark.case_id = remedy.case_id
where
    landmark.landmark_on + 365 <= landmark.as_of_on
    and coalesce(landmark.heard_on > landmark.landmark_on, true)
    and coalesce(landmark.decided_on > landmark.landmark_on, true)
order by landmark.case_id
