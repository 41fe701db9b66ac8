-- For every stage and day: stock = stock of the day before + entered - left; a missing row counts as none.
with daily as (
    select
        day,
        stage,
        sum(stock) as stock,
        sum(entered_count) as entered_count,
        sum(left_count) as left_count
    from {{ ref('fct_backlog_daily') }}
    group by day, stage
),

followed as (
    select
        *,
        lag(stock, 1, 0) over by_stage as stock_before,
        lag(day) over by_stage as day_before,
        lead(day) over by_stage as day_after
    from daily
    window by_stage as (partition by stage order by day)
)

select
    followed.day,
    followed.stage,
    followed.stock,
    followed.stock_before,
    followed.entered_count,
    followed.left_count
from followed
cross join {{ source('raw', 'as_of') }} as known
where
    followed.stock
    <> case when followed.day_before = followed.day - 1 then followed.stock_before else 0 end
    + followed.entered_count - followed.left_count
    or (
        followed.stock > 0
        and followed.day_after is distinct from followed.day + 1
        and followed.day < known.as_of_on
    )
