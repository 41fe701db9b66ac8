-- What does delay cost in avoidable bed days?
--
-- The last twelve months, the last one up to the as-of date. Avoidable: a resident whose application is over
-- term and undecided, or who holds a status longer than the norm for housing. The cost is the day tariff of
-- the kind of location; it is an average price, not what closing one bed saves.
--
-- columns: month_start, days, residents_mean, bed_days, before_decision_over_term, granted_over_norm,
--     avoidable_bed_days, avoidable_share, avoidable_cost_eur
-- marts: fct_reception_daily, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
)

select
    cast(date_trunc('month', daily.day) as date) as month_start,
    count(distinct daily.day) as days,
    cast(round(sum(daily.residents) / count(distinct daily.day)) as bigint) as residents_mean,
    cast(sum(daily.residents) as bigint) as bed_days,
    cast(sum(if(daily.resident_status = 'before_decision_over_term', daily.residents, 0)) as bigint)
        as before_decision_over_term,
    cast(sum(if(daily.resident_status = 'granted_over_norm', daily.residents, 0)) as bigint)
        as granted_over_norm,
    cast(sum(daily.avoidable_bed_days) as bigint) as avoidable_bed_days,
    round(sum(daily.avoidable_bed_days) / nullif(sum(daily.residents), 0), 3) as avoidable_share,
    sum(daily.avoidable_cost_eur) as avoidable_cost_eur
from marts.fct_reception_daily as daily
cross join as_of
where
    daily.resident_status <> 'all'
    and daily.day >= date_trunc('month', as_of.as_of_on) - interval 11 month
group by month_start
order by month_start
