{%- set measures = ['done', 'impeded', 'done_granted', 'done_refused', 'done_other'] -%}
with initial as (
    select
        project.project_id,
        project.start_on,
        application.case_id,
        application.decided_on,
        application.outcome_group
    from {{ ref('projects') }} as project
    inner join {{ ref('application') }} as application
        on
            list_contains(string_split(project.kinds, '|'), application.application_code)
            and project.filed_before > application.applied_on
            and (application.decided_on is null or project.start_on <= application.decided_on)
),

impeded as (
    select
        initial.project_id,
        greatest(initial.start_on, impediment.from_on) as from_on,
        least(initial.decided_on, impediment.until_on) as until_on
    from initial
    inner join {{ ref('impediment_span') }} as impediment on initial.case_id = impediment.case_id
),

movement as (
    select
        project_id,
        unnest(['done', 'done_' || outcome_group]) as measure,
        decided_on as day,
        1 as change
    from initial
    where decided_on is not null
    union all
    select
        project_id,
        'impeded' as measure,
        from_on as day,
        1 as change
    from impeded
    where from_on < until_on
    union all
    select
        project_id,
        'impeded' as measure,
        until_on as day,
        -1 as change
    from impeded
    where from_on < until_on
),

changed as (
    select
        {% for measure in measures -%}
        sum(case measure when '{{ measure }}' then change else 0 end) as {{ measure }},
        {% endfor -%}
        project_id,
        day
    from movement
    group by project_id, day
),

size as (
    select
        project_id,
        count(*) as initial_count
    from initial
    group by project_id
),

project_day as (
    select
        project.project_id,
        project.start_on,
        project.target_on,
        project.target_stock,
        coalesce(size.initial_count, 0) as initial_count,
        unnest(generate_series(project.start_on, known.as_of_on, interval 1 day))::date as day
    from {{ ref('projects') }} as project
    cross join {{ source('raw', 'as_of') }} as known
    left join size on project.project_id = size.project_id
),

standing as (
    select
        {% for measure in measures -%}
        sum(coalesce(changed.{{ measure }}, 0)) over so_far::bigint as {{ measure }},
        {% endfor -%}
        project_day.*
    from project_day
    left join changed on project_day.project_id = changed.project_id and project_day.day = changed.day
    window so_far as (partition by project_day.project_id order by project_day.day)
),

paced as (
    select
        *,
        initial_count - done as remaining,
        -- null before day 91: there is no row to look back to
        done - lag(done, 91) over (partition by project_id order by day) as done_91d,
        case
            when day >= target_on then target_stock
            else initial_count + (target_stock - initial_count) * (day - start_on) / (target_on - start_on)
        end as target_line
    from standing
)

select
    project_id,
    day,
    initial_count,
    remaining,
    done,
    round(done / nullif(initial_count, 0), 6) as done_share,
    impeded,
    round(target_line, 6) as target_line,
    round(remaining - target_line, 6) as gap_to_target,
    round(done_91d / 13, 6) as pace_13w,
    -- 7 x remaining / (done_91d / 13), rounded up in whole numbers
    day + ((91 * remaining + done_91d - 1) // nullif(done_91d, 0))::integer as projected_done_on,
    done_granted,
    done_refused,
    done_other
from paced
order by project_id, day
