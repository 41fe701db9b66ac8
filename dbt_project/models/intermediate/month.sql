with bounds as (
    select
        date_trunc('month', min(period.entered_on))::date as first_month,
        max(known.as_of_on) as as_of_on
    from {{ ref('stage_period') }} as period
    cross join {{ source('raw', 'as_of') }} as known
),

months as (
    select
        unnest(generate_series(first_month, as_of_on, interval 1 month))::date as month_start,
        as_of_on
    from bounds
)

select
    month_start,
    least(last_day(month_start), as_of_on) as last_on,
    least(last_day(month_start), as_of_on) - month_start + 1 as days,
    month_start = date_trunc('month', as_of_on) as is_last
from months
order by month_start
