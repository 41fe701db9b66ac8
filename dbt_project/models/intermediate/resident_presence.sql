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

-- A location can change its kind while somebody stays there.
located as (
    select
        presence.resident_id,
        presence.location_code,
        location.location_type,
        location.municipality_code,
        greatest(presence.from_on, location.from_on) as from_on,
        least(presence.until_on, location.until_on) as until_on
    from presence
    inner join {{ ref('location_period') }} as location
        on
            presence.location_code = location.location_code
            and presence.from_on < location.until_on
            and presence.until_on > location.from_on
),

-- What is left of a presence before, between and after the periods of its location.
edge as (
    select
        resident_id,
        from_on as presence_from_on,
        from_on as left_on,
        date '0001-01-01' as order_on
    from presence
    union all
    select
        presence.resident_id,
        presence.from_on as presence_from_on,
        located.until_on as left_on,
        located.from_on as order_on
    from presence
    inner join located
        on
            presence.resident_id = located.resident_id
            and presence.from_on <= located.from_on
            and presence.until_on >= located.until_on
),

unlocated as (
    select
        presence.resident_id,
        presence.location_code,
        edge.left_on as from_on,
        coalesce(
            lead(edge.order_on) over (
                partition by presence.resident_id, presence.from_on order by edge.order_on
            ), presence.until_on
        ) as until_on
    from presence
    inner join edge
        on presence.resident_id = edge.resident_id and presence.from_on = edge.presence_from_on
),

everywhere as (
    select * from located
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
