with by_status as (
    select
        present.location_type,
        present.municipality_code,
        status.resident_status,
        status.resident_status in ('before_decision_over_term', 'granted_over_norm') as is_avoidable,
        greatest(present.from_on, status.from_on) as from_on,
        least(present.until_on, status.until_on) as until_on
    from {{ ref('resident_presence') }} as present
    inner join {{ ref('resident_status_span') }} as status
        on
            present.person_id = status.person_id
            and present.from_on < status.until_on
            and present.until_on > status.from_on
),

-- `all` counts residents without asking for their status: only so can it differ from the sum by status.
span as (
    select
        location_type,
        municipality_code,
        resident_status,
        from_on,
        until_on,
        1 as residents,
        is_avoidable::integer as avoidable_bed_days,
        0 as capacity
    from by_status
    union all
    select
        location_type,
        municipality_code,
        'all' as resident_status,
        from_on,
        until_on,
        0 as residents,
        1 as avoidable_bed_days,
        0 as capacity
    from by_status
    where is_avoidable
    union all
    select
        location_type,
        municipality_code,
        'all' as resident_status,
        from_on,
        until_on,
        1 as residents,
        0 as avoidable_bed_days,
        0 as capacity
    from {{ ref('resident_presence') }}
    union all
    select
        location_type,
        municipality_code,
        'all' as resident_status,
        from_on,
        until_on,
        0 as residents,
        0 as avoidable_bed_days,
        capacity
    from {{ ref('location_period') }}
    where from_on < until_on
),

movement as (
    select
        location_type,
        municipality_code,
        resident_status,
        from_on as day,
        residents,
        avoidable_bed_days,
        capacity
    from span
    union all
    select
        location_type,
        municipality_code,
        resident_status,
        until_on as day,
        -residents as residents,
        -avoidable_bed_days as avoidable_bed_days,
        -capacity as capacity
    from span
),

changed as (
    select
        movement.location_type,
        movement.municipality_code,
        movement.resident_status,
        movement.day,
        known.as_of_on,
        sum(movement.residents) as residents,
        sum(movement.avoidable_bed_days) as avoidable_bed_days,
        sum(movement.capacity) as capacity
    from movement
    cross join {{ source('raw', 'as_of') }} as known
    where movement.day <= known.as_of_on
    group by
        movement.location_type,
        movement.municipality_code,
        movement.resident_status,
        movement.day,
        known.as_of_on
),

level as (
    select
        location_type,
        municipality_code,
        resident_status,
        day as from_on,
        coalesce(lead(day) over of_group, as_of_on + 1) as until_on,
        sum(residents) over of_group as residents,
        sum(avoidable_bed_days) over of_group as avoidable_bed_days,
        sum(capacity) over of_group as capacity
    from changed
    window of_group as (partition by location_type, municipality_code, resident_status order by day)
),

daily as (
    select
        unnest(generate_series(from_on, until_on - 1, interval 1 day))::date as day,
        location_type,
        municipality_code,
        resident_status,
        residents::bigint as residents,
        avoidable_bed_days::bigint as avoidable_bed_days,
        case when resident_status = 'all' then capacity::bigint end as capacity
    from level
    where residents > 0 or capacity > 0
),

-- Places are known from long before the first resident is.
first_day as (
    select min(from_on) as day from {{ ref('resident_presence') }}
),

tariff as (
    select
        location_type,
        eur_per_day,
        valid_from as from_on,
        coalesce(
            lead(valid_from) over (partition by location_type order by valid_from), date '9999-12-31'
        ) as until_on
    from {{ ref('bed_day_tariffs') }}
)

select
    daily.day,
    daily.location_type,
    daily.municipality_code,
    daily.resident_status,
    daily.residents,
    daily.avoidable_bed_days,
    (
        daily.avoidable_bed_days * coalesce(named.eur_per_day, rest.eur_per_day)
    )::decimal(18, 2) as avoidable_cost_eur,
    daily.capacity,
    round(daily.residents / nullif(daily.capacity, 0), 6) as occupancy
from daily
inner join first_day on daily.day >= first_day.day
left join tariff as named
    on daily.location_type = named.location_type and daily.day >= named.from_on and daily.day < named.until_on
left join tariff as rest
    on rest.location_type = '*' and daily.day >= rest.from_on and daily.day < rest.until_on
order by daily.day, daily.location_type, daily.municipality_code, daily.resident_status
