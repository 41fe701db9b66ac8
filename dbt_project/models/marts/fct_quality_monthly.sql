with judged as (
    select
        decision.*,
        date_trunc('month', decision.decided_on)::date as month_start,
        decision.decided_on + 365 <= known.as_of_on as is_followed_up
    from {{ ref('judged_decision') }} as decision
    cross join {{ source('raw', 'as_of') }} as known
)

select
    month_start,
    pool,
    procedure,
    hearing_mode,
    count(*) as decisions,
    round(count_if(is_appealed)::bigint / count(*), 6) as appealed_share,
    count_if(is_ruled)::bigint as ruled_count,
    round(count_if(is_overturned)::bigint / nullif(count_if(is_ruled)::bigint, 0), 6) as overturned_share,
    round(count_if(is_redecided)::bigint / count(*), 6) as redecided_share,
    round(count_if(is_in_term)::bigint / nullif(count(is_in_term), 0), 6) as in_term_share,
    round(quantile_cont(days, 0.5), 6) as median_days,
    case
        when bool_and(is_followed_up)
            then round(count_if(is_in_term and not is_overturned)::bigint / nullif(count(is_in_term), 0), 6)
    end as timely_and_sustained_share,
    bool_and(is_followed_up) as is_follow_up_complete,
    round(sum(hours) / nullif(count_if(not is_overturned)::bigint, 0), 6) as hours_per_sustained_decision
from judged
group by month_start, pool, procedure, hearing_mode
order by month_start, pool, procedure, hearing_mode
