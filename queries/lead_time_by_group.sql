-- How long from application to decision, per nationality group?
--
-- Three views, which belong together; all kinds of application, family reunification included. Cohort: who
-- applied in the newest year that has been followed for at least 365 days; its quantiles (Kaplan-Meier) count
-- those still waiting, decided_in_365_days_share is the share decided within a year. Period: who was decided
-- in the newest whole year; clearing old cases makes it longer. Stock: how long those undecided on the as-of
-- date have waited. An empty quantile has not been reached yet.
--
-- columns: nationality_group, cohort_year, applied, cohort_median_days, cohort_p80_days,
--     decided_in_365_days_share, period_year, decided, period_median_days, period_p90_days, undecided,
--     stock_median_days, stock_p90_days
-- marts: fct_lead_time, _metadata
with as_of as (
    select
        cast(value as date) as as_of_on,
        cast(date_trunc('year', as_of_on + 1) as date) - interval 1 year as whole_year,
        cast(date_trunc('year', as_of_on + 1 - 365) as date) - interval 1 year as followed_year
    from marts._metadata
    where key = 'as_of_on'
),

lead_time as (
    select
        lead.*,
        as_of.*
    from marts.fct_lead_time as lead
    cross join as_of
    where
        lead.segment = 'application_to_decision'
        and lead.period_kind = 'year'
        and lead.group_kind = 'nationality_group'
),

cohort as (
    select *
    from lead_time
    where view = 'cohort' and period_start = followed_year
),

decided as (
    select *
    from lead_time
    where view = 'period' and period_start = whole_year
),

stock as (
    select *
    from lead_time
    where view = 'stock' and period_start = date_trunc('year', as_of_on)
)

select
    coalesce(cohort.group_value, decided.group_value, stock.group_value) as nationality_group,
    year(cohort.period_start) as cohort_year,
    cohort.started_count as applied,
    cohort.km_median_days as cohort_median_days,
    cohort.km_p80_days as cohort_p80_days,
    round(cohort.incidence_365_share, 3) as decided_in_365_days_share,
    year(decided.period_start) as period_year,
    decided.completed_count as decided,
    round(decided.median_days, 1) as period_median_days,
    round(decided.p90_days, 1) as period_p90_days,
    stock.open_count as undecided,
    round(stock.median_days, 1) as stock_median_days,
    round(stock.p90_days, 1) as stock_p90_days
from cohort
full outer join decided on cohort.group_value = decided.group_value
full outer join stock on coalesce(cohort.group_value, decided.group_value) = stock.group_value
order by undecided desc nulls last, nationality_group asc
