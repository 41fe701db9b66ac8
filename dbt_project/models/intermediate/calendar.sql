with days as (
    select unnest(generate_series(date '1990-01-01', date '2100-12-31', interval 1 day))::date as day
),

holidays as (
    select easter.easter_on + holiday.easter_offset_days::integer as day
    from {{ source('raw', 'easter') }} as easter
    inner join {{ ref('public_holidays') }} as holiday
        on
            holiday.easter_offset_days is not null
            and easter.year between coalesce(holiday.from_year, easter.year)
            and coalesce(holiday.to_year, easter.year)
    union
    select
        days.day
        + case when isodow(days.day) = 7 then holiday.sunday_shift_days else 0 end::integer as day
    from days
    inner join {{ ref('public_holidays') }} as holiday
        on
            month(days.day) = holiday.month
            and day(days.day) = holiday.day_of_month
            and year(days.day) between coalesce(holiday.from_year, year(days.day))
            and coalesce(holiday.to_year, year(days.day))
    union
    select day from {{ ref('equated_days') }}
),

marked as (
    select
        days.day,
        isodow(days.day) < 6 and holidays.day is null as is_working_day
    from days
    left join holidays on days.day = holidays.day
)

select
    day,
    is_working_day,
    -- the last days of the last year have no working day after them here
    coalesce(
        min(case when is_working_day then day end)
            over (order by day rows between current row and unbounded following),
        day
    ) as next_working_on
from marked
order by day
