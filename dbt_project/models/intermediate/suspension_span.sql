with suspension as (
    select
        case_id,
        from_on,
        coalesce(last_on + 1, date '9999-12-31') as until_on
    from {{ ref('ind__termijnmutatie') }}
    where kind = 'suspension' and (last_on is null or last_on >= from_on)
),

begun as (
    select
        *,
        -- the first is after a gap too: count_if over nulls alone is null, a group of its own
        coalesce(
            from_on > max(until_on) over (
                partition by case_id
                order by from_on, until_on rows between unbounded preceding and 1 preceding
            ), true
        ) as is_after_gap
    from suspension
),

numbered as (
    select
        *,
        count_if(is_after_gap) over (
            partition by case_id
            order by from_on, until_on rows between unbounded preceding and current row
        ) as span_no
    from begun
)

select
    case_id,
    min(from_on) as from_on,
    max(until_on) as until_on
from numbered
group by case_id, span_no
order by case_id, from_on
