-- Which stage takes longest at each holder?
--
-- Per holder the stage whose open cases have waited longest on average, as ketenzicht status shows it; beside
-- it how long the visits took that ended in the 365 days up to the as-of date. Those can be much shorter:
-- what is decided is not what waits.
--
-- columns: holder, stage, open_cases, mean_days_so_far, norm_days, over_norm_share, ended_in_365_days,
--     median_days_of_ended, p90_days_of_ended
-- marts: fct_stage_visit, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
),

visit as (
    select
        stage_visit.*,
        stage_visit.left_on is null as is_open,
        stage_visit.left_on > as_of.as_of_on - 365 as has_just_ended
    from marts.fct_stage_visit as stage_visit
    cross join as_of
),

stage as (
    select
        holder,
        stage,
        count(*) filter (where is_open) as open_cases,
        sum(days) filter (where is_open) / open_cases as mean_days,
        max(norm_days) filter (where is_open) as norm_days,
        count(*) filter (where is_open and is_over_norm) as over_norm,
        count(*) filter (where has_just_ended) as ended_in_365_days,
        quantile_cont(days, 0.5) filter (where has_just_ended) as median_days_of_ended,
        quantile_cont(days, 0.9) filter (where has_just_ended) as p90_days_of_ended
    from visit
    group by holder, stage
    having open_cases > 0
),

longest as (
    select *
    from stage
    qualify row_number() over (partition by holder order by mean_days desc, open_cases desc, stage asc) = 1
)

select
    holder,
    stage,
    open_cases,
    round(mean_days, 1) as mean_days_so_far,
    norm_days,
    case when norm_days is not null then round(over_norm / open_cases, 3) end as over_norm_share,
    ended_in_365_days,
    round(median_days_of_ended, 1) as median_days_of_ended,
    round(p90_days_of_ended, 1) as p90_days_of_ended
from longest
order by mean_days desc, holder asc
