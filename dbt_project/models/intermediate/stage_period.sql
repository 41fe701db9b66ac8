{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with at_days_end as (
    select
        case_id,
        entered_on,
        max_by(stage_no, state_no) as stage_no
    from {{ of_touched(ref('case_state'), 'case') }}
    group by case_id, entered_on
),

changed as (
    select
        *,
        lag(stage_no) over (partition by case_id order by entered_on) as stage_no_before
    from at_days_end
)

select
    changed.case_id,
    row_number() over (partition by changed.case_id order by changed.entered_on) as period_no,
    case
        when stage.stage <> 'closed'
            then
                count_if(stage.stage <> 'closed') over (
                    partition by changed.case_id order by changed.entered_on
                )::bigint
    end as visit_no,
    changed.stage_no,
    stage.stage,
    stage.holder,
    changed.entered_on,
    lead(changed.entered_on) over (partition by changed.case_id order by changed.entered_on) as left_on
from changed
inner join {{ ref('stages') }} as stage on changed.stage_no = stage.stage_no
where changed.stage_no_before is null or changed.stage_no_before <> changed.stage_no
order by changed.case_id, period_no
