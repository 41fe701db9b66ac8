-- Is more finished than comes in, and how long would the stock take at this pace?
--
-- The last twelve months of IND's stock and of the whole chain. Clearance rate: left / entered, above 1 the
-- stock shrinks. Disposition days: days that the stock would take at the month's pace (CEPEJ). Turnover: left
-- / stock at the end. The last month runs up to the as-of date. One month says little: a year has seasons.
--
-- columns: flow, month_start, stock_start, entered_count, left_count, stock_end, clearance_rate, turnover,
--     disposition_days
-- marts: fct_flow_monthly, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
)

select
    flow.flow,
    flow.month_start,
    flow.stock_start,
    flow.entered_count,
    flow.left_count,
    flow.stock_end,
    round(flow.clearance_rate, 3) as clearance_rate,
    round(flow.turnover, 3) as turnover,
    round(flow.disposition_days, 1) as disposition_days
from marts.fct_flow_monthly as flow
cross join as_of
where
    flow.flow in ('ind_stock', 'chain')
    and flow.application_kind = 'all'
    and flow.month_start >= date_trunc('month', as_of.as_of_on) - interval 11 month
order by flow.flow desc, flow.month_start asc
