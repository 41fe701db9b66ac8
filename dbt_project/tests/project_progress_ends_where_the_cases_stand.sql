with undecided as (
    select
        project.project_id,
        count(application.case_id) as remaining
    from {{ ref('projects') }} as project
    left join {{ ref('dim_case') }} as dim_case on dim_case.decided_on is null
    left join {{ ref('application') }} as application
        on
            dim_case.case_id = application.case_id
            and list_contains(string_split(project.kinds, '|'), application.application_code)
            and project.filed_before > application.applied_on
    group by project.project_id
)

select
    progress.project_id,
    progress.remaining,
    undecided.remaining as undecided_cases
from {{ ref('fct_project_progress') }} as progress
inner join {{ source('raw', 'as_of') }} as known on progress.day = known.as_of_on
inner join undecided on progress.project_id = undecided.project_id
where
    progress.remaining <> undecided.remaining
    or progress.done_granted + progress.done_refused + progress.done_other <> progress.done
