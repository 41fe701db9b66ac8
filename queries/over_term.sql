-- How many undecided cases are past the legal term, for which group, as applied and in hindsight?
--
-- The stock on the as-of date. As applied: by the extensions announced at the time. In hindsight: without
-- those that were withdrawn since. ind_stock is the stock that IND publishes; family reunification stands
-- beside it. Suspended cases and cases without deadline are in the stock and never over term.
--
-- columns: stock_kind, nationality_group, stock, over_term, over_term_in_hindsight, on_time_share,
--     on_time_share_in_hindsight, over_6_months, over_15_months, over_21_months, suspended
-- marts: fct_ind_stock_daily, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
),

on_as_of_date as (
    select
        stock_daily.*,
        case
            when stock_daily.application_kind = 'family_reunification' then 'family_reunification'
            else 'ind_stock'
        end as stock_kind
    from marts.fct_ind_stock_daily as stock_daily
    inner join as_of on stock_daily.day = as_of.as_of_on
)

select
    stock_kind,
    coalesce(nationality_group, 'all') as nationality_group,
    cast(sum(stock) as bigint) as stock,
    cast(sum(over_term) as bigint) as over_term,
    cast(sum(over_term_in_hindsight) as bigint) as over_term_in_hindsight,
    round(1 - sum(over_term) / nullif(sum(stock), 0), 3) as on_time_share,
    round(1 - sum(over_term_in_hindsight) / nullif(sum(stock), 0), 3) as on_time_share_in_hindsight,
    cast(sum(over_6_months) as bigint) as over_6_months,
    cast(sum(over_15_months) as bigint) as over_15_months,
    cast(sum(over_21_months) as bigint) as over_21_months,
    cast(sum(suspended) as bigint) as suspended
from on_as_of_date
group by stock_kind, rollup(nationality_group)
order by
    grouping(nationality_group) desc, stock_kind desc, over_term desc, stock desc, nationality_group asc
