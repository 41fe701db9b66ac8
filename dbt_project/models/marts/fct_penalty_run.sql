with counted as (
    select
        run.*,
        known.as_of_on,
        {{ penalty_days('run', 'known.as_of_on') }} as penalty_days,
        {{ penalty_days('run', 'known.as_of_on + exposure.value::integer') }} as exposure_days
    from {{ ref('penalty_run') }} as run
    cross join {{ source('raw', 'as_of') }} as known
    inner join {{ ref('penalty_settings') }} as exposure on exposure.setting = 'exposure_days'
),

valued as (
    select
        *,
        -- the administrative penalty stops counting days at its maximum, the judicial one only money
        case
            when kind = 'administrative' then least(penalty_days, maximum_days) else penalty_days
        end::bigint as days_accrued,
        {{ penalty_amount('penalty_days') }} as amount_accrued_eur,
        {{ penalty_amount('exposure_days') }} as amount_if_undecided_90d_eur
    from counted
),

-- Payments carry no run number.
paid as (
    select
        case_id,
        kind,
        sum(paid_eur) as paid_eur
    from {{ ref('ind__dwangsombetaling') }}
    group by case_id, kind
),

accrued as (
    select
        case_id,
        kind,
        sum(amount_accrued_eur) as accrued_eur
    from valued
    group by case_id, kind
)

select
    {{ pseudonym_text('valued.case_id') }} as case_id,
    valued.run_no,
    valued.kind,
    valued.notice_on,
    valued.starts_on,
    valued.days_accrued,
    valued.amount_accrued_eur,
    valued.maximum_eur::decimal(18, 2) as amount_maximum_eur,
    valued.amount_if_undecided_90d_eur,
    valued.starts_on <= valued.as_of_on
    and (valued.ended_on is null or valued.ended_on > valued.as_of_on) as is_running,
    case when valued.run_no = 1 then coalesce(paid.paid_eur, 0) end::decimal(18, 2) as paid_eur,
    case
        when valued.run_no = 1 then accrued.accrued_eur - coalesce(paid.paid_eur, 0)
    end::decimal(18, 2) as outstanding_eur,
    application.application_kind,
    application.nationality_group,
    application.track,
    application.procedure,
    application.project,
    application.complexity
from valued
inner join {{ ref('application') }} as application on valued.case_id = application.case_id
inner join accrued on valued.case_id = accrued.case_id and valued.kind = accrued.kind
left join paid on valued.case_id = paid.case_id and valued.kind = paid.kind
order by valued.case_id, valued.kind, valued.run_no
