with span as (
    select
        case_id,
        visit_no,
        'stock' as measure,
        entered_on as from_on,
        coalesce(left_on, date '9999-12-31') as until_on
    from {{ ref('fct_stage_visit') }}
    union all
    select
        case_id,
        visit_no,
        'over_norm' as measure,
        entered_on + norm_days::integer + 1 as from_on,
        coalesce(left_on, date '9999-12-31') as until_on
    from {{ ref('fct_stage_visit') }}
    where norm_days is not null
    union all
    select
        visit.case_id,
        visit.visit_no,
        'impeded' as measure,
        greatest(visit.entered_on, impediment.from_on) as from_on,
        least(coalesce(visit.left_on, date '9999-12-31'), impediment.until_on) as until_on
    from {{ ref('fct_stage_visit') }} as visit
    inner join {{ ref('impediment_span') }} as impediment on visit.case_id = impediment.case_id
),

movement as (
    select
        case_id,
        visit_no,
        measure,
        from_on as day,
        1 as change
    from span
    where from_on < until_on
    union all
    select
        case_id,
        visit_no,
        measure,
        until_on as day,
        -1 as change
    from span
    where from_on < until_on
    union all
    select
        case_id,
        visit_no,
        'entered_count' as measure,
        entered_on as day,
        1 as change
    from {{ ref('fct_stage_visit') }}
    union all
    select
        case_id,
        visit_no,
        'left_count' as measure,
        left_on as day,
        1 as change
    from {{ ref('fct_stage_visit') }}
    where left_on is not null
),

grouped as (
    select
        movement.day,
        movement.measure,
        movement.change,
        visit.stage,
        visit.holder,
        visit.application_kind,
        visit.nationality_group,
        visit.track,
        visit.project
    from movement
    inner join {{ ref('fct_stage_visit') }} as visit
        on movement.case_id = visit.case_id and movement.visit_no = visit.visit_no
),

{{ daily_counts(
    'grouped',
    ['stage', 'holder', 'application_kind', 'nationality_group', 'track', 'project'],
    ['stock', 'over_norm', 'impeded'],
    ['entered_count', 'left_count'],
) }}

select
    day,
    stage,
    holder,
    application_kind,
    nationality_group,
    track,
    project,
    stock,
    entered_count,
    left_count,
    over_norm,
    impeded
from daily
order by day, stage, application_kind, nationality_group, track, project
