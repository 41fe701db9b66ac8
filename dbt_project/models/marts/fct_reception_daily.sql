-- Places and statuses are numbered in their order: joining, grouping and sorting go by numbers, not by texts.
with named_place as (
    select
        location_type,
        municipality_code
    from {{ ref('resident_presence') }}
    union
    select
        location_type,
        municipality_code
    from {{ ref('location_period') }}
),

place as (
    select
        location_type,
        municipality_code,
        100 * row_number() over (order by location_type, municipality_code) as place_no
    from named_place
),

named_status as (
    select resident_status
    from {{ ref('resident_status_span') }}
    union
    select 'all' as resident_status
),

status as (
    select
        resident_status,
        row_number() over (order by resident_status) as status_no
    from named_status
),

combination as (
    select
        place.location_type,
        place.municipality_code,
        status.resident_status,
        place.place_no + status.status_no as combination_no
    from place
    cross join status
),

overall as (
    select
        location_type,
        municipality_code,
        combination_no
    from combination
    where resident_status = 'all'
),

-- `all` counts residents without asking for their status: only so can it differ from the sum by status.
present as materialized (
    select
        presence.person_id,
        presence.from_on,
        presence.until_on,
        place.place_no,
        overall.combination_no
    from {{ ref('resident_presence') }} as presence
    inner join place
        on
            presence.location_type = place.location_type
            and presence.municipality_code = place.municipality_code
    inner join overall
        on
            presence.location_type = overall.location_type
            and presence.municipality_code = overall.municipality_code
),

by_status as materialized (
    select
        present.combination_no as overall_no,
        present.place_no + status.status_no as combination_no,
        status.resident_status in ('before_decision_over_term', 'granted_over_norm') as is_avoidable,
        greatest(present.from_on, held.from_on) as from_on,
        least(present.until_on, held.until_on) as until_on
    from present
    inner join {{ ref('resident_status_span') }} as held
        on
            present.person_id = held.person_id
            and present.from_on < held.until_on
            and present.until_on > held.from_on
    inner join status on held.resident_status = status.resident_status
),

span as (
    select
        combination_no,
        from_on,
        until_on,
        1 as residents,
        is_avoidable::integer as avoidable_bed_days,
        0 as capacity
    from by_status
    union all
    select
        overall_no as combination_no,
        from_on,
        until_on,
        0 as residents,
        1 as avoidable_bed_days,
        0 as capacity
    from by_status
    where is_avoidable
    union all
    select
        combination_no,
        from_on,
        until_on,
        1 as residents,
        0 as avoidable_bed_days,
        0 as capacity
    from present
    union all
    select
        overall.combination_no,
        location.from_on,
        location.until_on,
        0 as residents,
        0 as avoidable_bed_days,
        location.capacity
    from {{ ref('location_period') }} as location
    inner join overall
        on
            location.location_type = overall.location_type
            and location.municipality_code = overall.municipality_code
    where location.from_on < location.until_on
),

movement as (
    select
        combination_no,
        from_on as day,
        residents,
        avoidable_bed_days,
        capacity
    from span
    union all
    select
        combination_no,
        until_on as day,
        -residents as residents,
        -avoidable_bed_days as avoidable_bed_days,
        -capacity as capacity
    from span
),

changed as (
    select
        movement.combination_no,
        movement.day,
        known.as_of_on,
        sum(movement.residents) as residents,
        sum(movement.avoidable_bed_days) as avoidable_bed_days,
        sum(movement.capacity) as capacity
    from movement
    cross join {{ source('raw', 'as_of') }} as known
    where movement.day <= known.as_of_on
    group by movement.combination_no, movement.day, known.as_of_on
),

level as (
    select
        combination_no,
        day as from_on,
        coalesce(lead(day) over of_combination, as_of_on + 1) as until_on,
        sum(residents) over of_combination as residents,
        sum(avoidable_bed_days) over of_combination as avoidable_bed_days,
        sum(capacity) over of_combination as capacity
    from changed
    window of_combination as (partition by combination_no order by day)
),

daily as (
    select
        unnest(generate_series(from_on, until_on - 1, interval 1 day))::date as day,
        combination_no,
        residents::bigint as residents,
        avoidable_bed_days::bigint as avoidable_bed_days,
        capacity::bigint as capacity
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
),

-- What a bed day costs in each combination, from each day on which some tariff begins.
changing_day as (
    select from_on
    from tariff
    union
    select date '0001-01-01' as from_on
),

tariff_day as (
    select
        from_on,
        lead(from_on, 1, date '9999-12-31') over (order by from_on) as until_on
    from changing_day
),

priced as (
    select
        combination.combination_no,
        combination.location_type,
        combination.municipality_code,
        combination.resident_status,
        tariff_day.from_on,
        tariff_day.until_on,
        coalesce(named.eur_per_day, rest.eur_per_day) as eur_per_day
    from combination
    cross join tariff_day
    left join tariff as named
        on
            combination.location_type = named.location_type
            and tariff_day.from_on >= named.from_on
            and tariff_day.from_on < named.until_on
    left join tariff as rest
        on
            rest.location_type = '*'
            and tariff_day.from_on >= rest.from_on
            and tariff_day.from_on < rest.until_on
)

select
    daily.day,
    priced.location_type,
    priced.municipality_code,
    priced.resident_status,
    daily.residents,
    daily.avoidable_bed_days,
    (daily.avoidable_bed_days * priced.eur_per_day)::decimal(18, 2) as avoidable_cost_eur,
    case when priced.resident_status = 'all' then daily.capacity end as capacity,
    case
        when priced.resident_status = 'all' then round(daily.residents / nullif(daily.capacity, 0), 6)
    end as occupancy
from daily
inner join first_day on daily.day >= first_day.day
inner join priced
    on
        daily.combination_no = priced.combination_no
        and daily.day >= priced.from_on
        and daily.day < priced.until_on
order by daily.day, daily.combination_no
