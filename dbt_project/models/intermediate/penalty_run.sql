{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with first_notice as (
    select
        *,
        row_number() over (partition by case_id order by received_on, notice_no) as notice_rank
    from {{ of_touched(ref('counting_notice'), 'case') }}
),

tariff as (
    select
        notice.case_id,
        tariff.days_1_14,
        tariff.days_15_28,
        tariff.days_29_42,
        row_number() over (
            partition by notice.case_id order by {{ specificity('tariff.applies_to') }}, tariff.tariff_id
        ) as preference
    from first_notice as notice
    inner join {{ ref('application') }} as application on notice.case_id = application.case_id
    inner join {{ ref('penalty_tariffs') }} as tariff
        on
            notice.received_on >= coalesce(tariff.received_from, notice.received_on)
            and notice.received_on <= coalesce(tariff.received_to, notice.received_on)
            and {{ applies_to_case('tariff', 'application') }}
    where notice.notice_rank = 1
),

administrative as (
    select
        notice.case_id,
        'administrative' as kind,
        1::bigint as run_no,
        notice.received_on as notice_on,
        notice.grace_ends_on + 1 as starts_on,
        application.decided_on,
        -- a run exists, at nothing, also where no tariff holds
        coalesce(tariff.days_1_14, 0) as days_1_14_eur,
        coalesce(tariff.days_15_28, 0) as days_15_28_eur,
        coalesce(tariff.days_29_42, 0) as days_29_42_eur,
        maximum.value as maximum_days
    from first_notice as notice
    inner join {{ ref('application') }} as application on notice.case_id = application.case_id
    inner join {{ ref('penalty_settings') }} as maximum on maximum.setting = 'administrative_maximum_days'
    left join tariff on notice.case_id = tariff.case_id and tariff.preference = 1
    where notice.notice_rank = 1
),

late_ruling as (
    select
        *,
        (100 * penalty_per_day_eur)::bigint as cents_per_day,
        (100 * penalty_maximum_eur)::bigint as maximum_cents
    from {{ of_touched(ref('ind__rechtsmiddel'), 'case') }}
    where kind = 'BEROEP_NTB' and ruling = 'GEGROND'
),

redecision as (
    select
        ruling.case_id,
        ruling.remedy_no,
        min(decision.decided_on) as decided_on
    from late_ruling as ruling
    inner join {{ of_touched(ref('ind__beslissing'), 'case') }} as decision
        on ruling.case_id = decision.case_id and ruling.ruled_on <= decision.decided_on
    group by ruling.case_id, ruling.remedy_no
),

judicial as (
    select
        ruling.case_id,
        'judicial' as kind,
        row_number() over (partition by ruling.case_id order by ruling.ruled_on, ruling.remedy_no) as run_no,
        null::date as notice_on,
        ruling.ruled_on + ruling.decision_term_days::integer + 1 as starts_on,
        redecision.decided_on,
        ruling.penalty_per_day_eur,
        ruling.penalty_maximum_eur as maximum_eur,
        -- in whole cents: doubles would take a day too many where the maximum is a multiple of the day
        case
            when ruling.maximum_cents = 0 then 0
            else (ruling.maximum_cents + ruling.cents_per_day - 1) // nullif(ruling.cents_per_day, 0)
        end as maximum_days
    from late_ruling as ruling
    left join redecision
        on ruling.case_id = redecision.case_id and ruling.remedy_no = redecision.remedy_no
),

run as (
    select
        *,
        (
            least(maximum_days, 14) * days_1_14_eur
            + greatest(least(maximum_days, 28) - 14, 0) * days_15_28_eur
            + greatest(least(maximum_days, 42) - 28, 0) * days_29_42_eur
        )::decimal(18, 2) as maximum_eur
    from administrative
    union all by name
    select
        * exclude (penalty_per_day_eur),
        penalty_per_day_eur as days_1_14_eur,
        penalty_per_day_eur as days_15_28_eur,
        penalty_per_day_eur as days_29_42_eur
    from judicial
)

select
    case_id,
    kind,
    run_no,
    notice_on,
    starts_on,
    decided_on,
    -- reaching the maximum ends a run as its decision does, but nothing ends before it starts
    case
        when decided_on is not null or maximum_days is not null
            then greatest(starts_on, least(decided_on, starts_on + maximum_days::integer - 1))
    end as ended_on,
    days_1_14_eur,
    days_15_28_eur,
    days_29_42_eur,
    maximum_days,
    maximum_eur
from run
order by case_id, kind, run_no
