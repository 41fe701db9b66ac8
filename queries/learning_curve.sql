-- How productive is the workforce, and how long does a new pool take to learn?
--
-- Hearings held and decisions made by each pool, by the time since its teams began; weeks up to the as-of
-- date in which capacity was reported. Hours per unit: productive hours / output. Units per fte: output /
-- weeks of one fte. The oldest band of a long-standing pool is its normal; compare pools in the same band.
-- Cases differ between pools.
--
-- columns: role, pool, weeks_band, team_weeks, fte_mean, in_training_share, output, hours_per_unit,
--     units_per_fte_week, utilisation, plan_attainment
-- marts: fct_workforce_weekly, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
),

worked as (
    select
        week.*,
        case week.role when 'hearing' then week.hearings_held else week.decisions_made end as output,
        case week.role when 'hearing' then week.hearings_planned else week.decisions_planned end as planned,
        case
            when week.weeks_since_start < 13 then '0-12'
            when week.weeks_since_start < 26 then '13-25'
            when week.weeks_since_start < 52 then '26-51'
            when week.weeks_since_start < 104 then '52-103'
            else '104+'
        end as band
    from marts.fct_workforce_weekly as week
    cross join as_of
    where
        week.role in ('hearing', 'decision')
        and week.fte > 0
        and week.week_start + 6 <= as_of.as_of_on
)

select
    role,
    pool,
    band as weeks_band,
    count(*) as team_weeks,
    round(sum(fte) / count(*), 1) as fte_mean,
    round(sum(fte_in_training) / sum(fte), 3) as in_training_share,
    cast(sum(output) as bigint) as output,
    round(sum(productive_hours) / nullif(sum(output), 0), 1) as hours_per_unit,
    round(sum(output) / sum(fte), 2) as units_per_fte_week,
    round(sum(productive_hours) / nullif(sum(available_hours), 0), 3) as utilisation,
    round(sum(output) / nullif(sum(planned), 0), 3) as plan_attainment
from worked
group by role, pool, band
order by role desc, pool asc, min(weeks_since_start) asc
