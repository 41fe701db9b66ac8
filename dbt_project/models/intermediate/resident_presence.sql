{{ config(materialized='kept', touched_by={'resident_id': 'resident'}) }}
with reception as (
    select
        resident_id,
        from_on,
        coalesce(until_on, date '9999-12-31') as until_on
    from {{ of_touched(ref('reception'), 'resident') }}
),

delivered_stay as (
    select
        resident_id,
        location_code,
        arrived_on as from_on,
        coalesce(left_on, date '9999-12-31') as until_on
    from {{ of_touched(ref('coa__verblijf'), 'resident') }}
),

{{ presence('reception', 'delivered_stay', 'resident_id') }},

-- Most stays lie within one period of their location, and are done with.
placed as (
    select
        presence.resident_id,
        presence.location_code,
        location.location_type,
        location.municipality_code,
        presence.from_on,
        presence.until_on
    from presence
    left join {{ ref('location_period') }} as location
        on
            presence.location_code = location.location_code
            and presence.from_on >= location.from_on
            and presence.until_on <= location.until_on
),

remaining as (
    select
        resident_id,
        location_code,
        from_on,
        until_on
    from placed
    where location_type is null and location_code is not null
),

-- A location can change its kind while somebody stays there.
located as (
    select
        remaining.resident_id,
        remaining.location_code,
        remaining.from_on as presence_from_on,
        location.location_type,
        location.municipality_code,
        greatest(remaining.from_on, location.from_on) as from_on,
        least(remaining.until_on, location.until_on) as until_on
    from remaining
    inner join {{ ref('location_period') }} as location
        on
            remaining.location_code = location.location_code
            and remaining.from_on < location.until_on
            and remaining.until_on > location.from_on
),

-- What is left of a presence before, between and after the periods of its location.
edge as (
    select
        resident_id,
        from_on as presence_from_on,
        from_on as left_on,
        date '0001-01-01' as order_on
    from remaining
    union all
    select
        resident_id,
        presence_from_on,
        until_on as left_on,
        from_on as order_on
    from located
),

unlocated as (
    select
        remaining.resident_id,
        remaining.location_code,
        edge.left_on as from_on,
        coalesce(
            lead(edge.order_on) over (
                partition by remaining.resident_id, remaining.from_on order by edge.order_on
            ), remaining.until_on
        ) as until_on
    from remaining
    inner join edge
        on remaining.resident_id = edge.resident_id and remaining.from_on = edge.presence_from_on
),

everywhere as (
    select
        resident_id,
        location_code,
        coalesce(location_type, 'unknown') as location_type,
        coalesce(municipality_code, 'unknown') as municipality_code,
        from_on,
        until_on
    from placed
    where location_type is not null or location_code is null
    union all
    select * exclude (presence_from_on)
    from located
    union all
    select
        resident_id,
        location_code,
        'unknown' as location_type,
        'unknown' as municipality_code,
        from_on,
        until_on
    from unlocated
    where from_on < until_on
)

select
    everywhere.resident_id,
    reception.person_id,
    everywhere.location_code,
    everywhere.location_type,
    everywhere.municipality_code,
    everywhere.from_on,
    everywhere.until_on
from everywhere
inner join {{ ref('reception') }} as reception on everywhere.resident_id = reception.resident_id
order by everywhere.resident_id, everywhere.from_on
