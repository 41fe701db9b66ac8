with combination as (
    select
        stage,
        holder,
        application_kind,
        nationality_group,
        track,
        project,
        row_number() over (
            order by stage, application_kind, nationality_group, track, project
        ) as combination_no
    from {{ ref('fct_stage_visit') }}
    group by stage, holder, application_kind, nationality_group, track, project
),

visit as (
    select
        combination.combination_no,
        visit.case_id,
        visit.entered_on,
        visit.norm_days,
        coalesce(visit.left_on, date '9999-12-31') as until_on
    from {{ ref('fct_stage_visit') }} as visit
    inner join combination
        on
            visit.stage = combination.stage
            and visit.application_kind = combination.application_kind
            and visit.nationality_group = combination.nationality_group
            and visit.track = combination.track
            and visit.project = combination.project
),

span as (
    select
        combination_no,
        'stock' as measure,
        entered_on as from_on,
        until_on
    from visit
    union all
    select
        combination_no,
        'over_norm' as measure,
        entered_on + norm_days::integer + 1 as from_on,
        until_on
    from visit
    where norm_days is not null
    union all
    select
        visit.combination_no,
        'impeded' as measure,
        greatest(visit.entered_on, impediment.from_on) as from_on,
        least(visit.until_on, impediment.until_on) as until_on
    from visit
    inner join {{ ref('impediment_span') }} as impediment on visit.case_id = impediment.case_id
),

movement as (
    select
        combination_no,
        measure,
        from_on as day,
        1 as change
    from span
    where from_on < until_on
    union all
    select
        combination_no,
        measure,
        until_on as day,
        -1 as change
    from span
    where from_on < until_on
    union all
    select
        combination_no,
        'entered_count' as measure,
        entered_on as day,
        1 as change
    from visit
    union all
    select
        combination_no,
        'left_count' as measure,
        until_on as day,
        1 as change
    from visit
),

{{ daily_counts('movement', ['stock', 'over_norm', 'impeded'], ['entered_count', 'left_count']) }}

select
    daily.day,
    combination.stage,
    combination.holder,
    combination.application_kind,
    combination.nationality_group,
    combination.track,
    combination.project,
    daily.stock,
    daily.entered_count,
    daily.left_count,
    daily.over_norm,
    daily.impeded
from daily
inner join combination on daily.combination_no = combination.combination_no
order by daily.day, daily.combination_no
