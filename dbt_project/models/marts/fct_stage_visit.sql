{{ config(materialized='sliced') }}
with measured as (
    select
        visit.case_id,
        visit.visit_no,
        visit.stage,
        visit.holder,
        visit.entered_on,
        visit.left_on,
        coalesce(visit.left_on, known.as_of_on) - visit.entered_on as days,
        norm.norm_days
    from {{ of_slice(ref('stage_visit')) }} as visit
    cross join {{ source('raw', 'as_of') }} as known
    left join {{ ref('stage_norms') }} as norm
        on
            visit.stage = norm.stage
            and visit.entered_on >= norm.valid_from
            and visit.entered_on <= coalesce(norm.valid_to, visit.entered_on)
)

select
    {{ pseudonym_text('measured.case_id') }} as case_id,
    measured.visit_no,
    measured.stage,
    measured.holder,
    measured.entered_on,
    measured.left_on,
    measured.days,
    measured.norm_days,
    measured.days > measured.norm_days as is_over_norm,
    case
        when measured.norm_days is not null then greatest(0, measured.days - measured.norm_days)
    end as days_over_norm,
    application.application_kind,
    application.nationality_group,
    application.track,
    application.procedure,
    application.project,
    application.complexity
from measured
inner join {{ of_slice(ref('application')) }} as application on measured.case_id = application.case_id
order by measured.case_id, measured.visit_no
