with chain_spell as (
    select
        spell.entered_on,
        spell.left_on,
        application.application_kind
    from {{ ref('chain_spell') }} as spell
    inner join {{ ref('application') }} as application on spell.case_id = application.case_id
),

-- Stocks and flows come from different counts: only so can the residual fail.
daily as (
    select
        day,
        stage as flow,
        application_kind,
        stock,
        entered_count,
        left_count,
        0 as ended_days
    from {{ ref('fct_backlog_daily') }}
    union all by name
    select
        day,
        'chain' as flow,
        application_kind,
        stock
    from {{ ref('fct_backlog_daily') }}
    union all by name
    select
        entered_on as day,
        'chain' as flow,
        application_kind,
        1 as entered_count
    from chain_spell
    union all by name
    select
        left_on as day,
        'chain' as flow,
        application_kind,
        1 as left_count,
        left_on - entered_on as ended_days
    from chain_spell
    where left_on is not null
    union all by name
    select
        day,
        'ind_stock' as flow,
        application_kind,
        stock,
        applications as entered_count,
        first_decisions as left_count
    from {{ ref('fct_ind_stock_daily') }}
    union all by name
    select
        left_on as day,
        stage as flow,
        application_kind,
        days as ended_days
    from {{ ref('fct_stage_visit') }}
    where left_on is not null
    union all by name
    select
        decided_on as day,
        'ind_stock' as flow,
        application_kind,
        decided_on - applied_on as ended_days
    from {{ ref('application') }}
    where decided_on is not null
),

counted as (
    select
        month.month_start,
        daily.flow,
        daily.application_kind,
        sum(daily.stock) as stock_days,
        sum(case when daily.day = month.last_on then daily.stock end) as stock_end,
        sum(daily.entered_count) as entered_count,
        sum(daily.left_count) as left_count,
        sum(daily.ended_days) as ended_days
    from daily
    inner join {{ ref('month') }} as month on date_trunc('month', daily.day) = month.month_start
    group by all
),

-- IND's stock is without family reunification, which is reported beside it; every other flow has all kinds.
kind_and_all as (
    select * from counted
    union all by name
    select
        month_start,
        flow,
        'all' as application_kind,
        sum(stock_days) as stock_days,
        sum(stock_end) as stock_end,
        sum(entered_count) as entered_count,
        sum(left_count) as left_count,
        sum(ended_days) as ended_days
    from counted
    where flow <> 'ind_stock' or application_kind <> 'family_reunification'
    group by all
),

flows as (
    select stage as flow from {{ ref('stages') }}
    where stage <> 'closed'
    union all
    select unnest(['ind_stock', 'chain']) as flow
),

kinds as (
    select application_kind from {{ ref('application') }}
    union
    select 'all' as application_kind
),

monthly as (
    select
        {% for measure in ['stock_end', 'entered_count', 'left_count', 'stock_days', 'ended_days'] -%}
        coalesce(counted.{{ measure }}, 0)::bigint as {{ measure }},
        {% endfor -%}
        month.month_start,
        month.days,
        flows.flow,
        kinds.application_kind
    from {{ ref('month') }} as month
    cross join flows
    cross join kinds
    left join kind_and_all as counted
        on
            month.month_start = counted.month_start
            and flows.flow = counted.flow
            and kinds.application_kind = counted.application_kind
),

bounded as (
    select
        *,
        lag(stock_end, 1, 0) over (partition by flow, application_kind order by month_start) as stock_start
    from monthly
)

select
    month_start,
    flow,
    application_kind,
    stock_start,
    entered_count,
    left_count,
    stock_end,
    stock_start + entered_count - left_count - stock_end as residual,
    round(left_count / nullif(entered_count, 0), 6) as clearance_rate,
    round(left_count / nullif(stock_end, 0), 6) as turnover,
    round(stock_end * days / nullif(left_count, 0), 6) as disposition_days,
    -- (stock_days / days) / (entered / days x ended_days / left): the days of the month cancel out
    round(stock_days * left_count / nullif(entered_count * ended_days, 0), 6) as littles_law_ratio
from bounded
order by month_start, flow, application_kind
