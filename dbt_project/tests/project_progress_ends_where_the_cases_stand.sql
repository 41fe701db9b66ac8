-- Kinds as rows, so that cases meet projects by equality: a condition on one side alone makes a nested loop.
with project_kind as (
    select
        project_id,
        filed_before,
        unnest(string_split(kinds, '|')) as application_code
    from {{ ref('projects') }}
),

undecided as (
    select
        project_kind.project_id,
        count(*) as remaining
    from {{ ref('dim_case') }} as dim_case
    inner join {{ ref('application') }} as application on dim_case.case_id = application.case_id
    inner join project_kind
        on
            application.application_code = project_kind.application_code
            and application.applied_on < project_kind.filed_before
    where dim_case.decided_on is null
    group by project_kind.project_id
)

select
    progress.project_id,
    progress.remaining,
    undecided.remaining as undecided_cases
from {{ ref('fct_project_progress') }} as progress
inner join {{ source('raw', 'as_of') }} as known on progress.day = known.as_of_on
left join undecided on progress.project_id = undecided.project_id
where
    progress.remaining <> coalesce(undecided.remaining, 0)
    or progress.done_granted + progress.done_refused + progress.done_other <> progress.done
