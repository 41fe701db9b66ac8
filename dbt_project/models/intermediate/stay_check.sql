{{ config(materialized='kept', touched_by={'resident_id': 'resident'}) }}
{#- Stays held against the reception and the locations that they belong to, up to A. -#}
with stay as (
    select
        stay.stay_id,
        stay.resident_id,
        stay.location_code,
        stay.arrived_on,
        coalesce(stay.left_on, known.as_of_on + 1) as until_on,
        reception.from_on as reception_from_on,
        coalesce(reception.until_on, known.as_of_on + 1) as reception_until_on
    from {{ of_touched(ref('coa__verblijf'), 'resident') }} as stay
    inner join {{ ref('reception') }} as reception on stay.resident_id = reception.resident_id
    cross join {{ source('raw', 'as_of') }} as known
),

located as (
    select
        stay.stay_id,
        sum(
            greatest(0, least(stay.until_on, location.until_on) - greatest(stay.arrived_on, location.from_on))
        ) as located_days
    from stay
    inner join {{ ref('location_period') }} as location on stay.location_code = location.location_code
    group by stay.stay_id
)

select
    stay.stay_id,
    stay.resident_id,
    stay.arrived_on < stay.reception_from_on
    or stay.until_on > stay.reception_until_on as is_outside_reception,
    coalesce(located.located_days, 0) < stay.until_on - stay.arrived_on as is_at_unknown_location
from stay
left join located on stay.stay_id = located.stay_id
order by stay.stay_id
