with newest as (
    select
        schedule.partner,
        schedule.frequency,
        schedule.grace_days,
        known.as_of_on,
        max(delivery.reference_on) as newest_reference_on
    from {{ ref('delivery_schedule') }} as schedule
    cross join {{ source('raw', 'as_of') }} as known
    left join {{ source('raw', 'delivery') }} as delivery
        on
            known.as_of_on >= delivery.reference_on
            and schedule.partner = delivery.partner
            and delivery.state = 'in_force'
    group by schedule.partner, schedule.frequency, schedule.grace_days, known.as_of_on
),

expected as (
    select
        *,
        case frequency
            when 'daily' then newest_reference_on + 1
            -- the next Monday after it
            when 'weekly' then newest_reference_on + (8 - isodow(newest_reference_on))::integer
        end as expected_on
    from newest
)

select
    partner,
    newest_reference_on,
    as_of_on - newest_reference_on as days_behind,
    expected_on,
    case
        when newest_reference_on is null then 'missing'
        when as_of_on > expected_on + grace_days::integer then 'late'
        else 'on_time'
    end as status
from expected
order by partner
