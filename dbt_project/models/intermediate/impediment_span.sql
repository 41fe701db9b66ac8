{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with change as (
    select
        case_id,
        realised_on as from_on,
        sum(case step when 'BELEMMERING_START' then 1 else -1 end) as change
    from {{ of_touched(ref('ind__processtap'), 'case') }}
    where step in ('BELEMMERING_START', 'BELEMMERING_EINDE') and status = 'GEREALISEERD'
    group by case_id, realised_on
),

counted as (
    select
        case_id,
        from_on,
        sum(change) over (partition by case_id order by from_on) > 0 as is_impeded
    from change
),

changed as (
    select
        *,
        lag(is_impeded, 1, false) over (partition by case_id order by from_on) as was_impeded
    from counted
),

bounded as (
    select
        *,
        lead(from_on) over (partition by case_id order by from_on) as until_on
    from changed
    where is_impeded <> was_impeded
)

select
    case_id,
    from_on,
    coalesce(until_on, date '9999-12-31') as until_on
from bounded
where is_impeded
order by case_id, from_on
