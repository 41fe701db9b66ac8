with stage_daily as (
    select
        day,
        stage as group_value,
        sum(stock) as stock,
        sum(entered_count) as came,
        sum(left_count) as went
    from {{ ref('fct_backlog_daily') }}
    group by day, stage
),

ind_daily as (
    select
        day,
        application_kind as group_value,
        sum(stock) as stock,
        sum(applications) as came,
        sum(first_decisions) as went
    from {{ ref('fct_ind_stock_daily') }}
    group by day, application_kind
),

{%- for identity, daily in [('stage', 'stage_daily'), ('ind', 'ind_daily')] %}

{{ identity }}_month as (
    select
        date_trunc('month', daily.day)::date as month_start,
        daily.group_value,
        sum(daily.came) as came,
        sum(daily.went) as went,
        -- a day without a row has no stock
        sum(
            case when daily.day = least(last_day(daily.day), known.as_of_on) then daily.stock else 0 end
        ) as stock_end
    from {{ daily }} as daily
    cross join {{ source('raw', 'as_of') }} as known
    group by date_trunc('month', daily.day), daily.group_value
),

{{ identity }}_flow as (
    select
        this.month_start,
        this.group_value,
        coalesce(before.stock_end, 0) + this.came - this.went as left_hand,
        this.stock_end as right_hand
    from {{ identity }}_month as this
    left join {{ identity }}_month as before
        on
            this.group_value = before.group_value
            and this.month_start = before.month_start + interval 1 month
),
{%- endfor %}

delivery as (
    select
        partner || '.' || extract as group_value,
        reference_on || case when sequence > 1 then '.' || sequence else '' end as period,
        sum(case when rule = 'delivered' then row_count else 0 end) as left_hand,
        sum(
            case
                when rule in ('accepted', 'quarantined', 'duplicate', 'forgotten') then row_count else 0
            end
        ) as right_hand
    from {{ ref('fct_data_quality') }}
    group by partner, extract, reference_on, sequence
),

residents as (
    select
        day,
        sum(case when resident_status = 'all' then residents else 0 end) as left_hand,
        sum(case when resident_status <> 'all' then residents else 0 end) as right_hand
    from {{ ref('fct_reception_daily') }}
    group by day
),

identities as (
    select
        'stage_stock_flow' as identity,
        strftime(month_start, '%Y-%m') as period,
        group_value,
        left_hand,
        right_hand,
        'stock at the end of the month before + entered - left = stock at the end of the month' as explanation
    from stage_flow
    union all
    select
        'ind_stock_flow' as identity,
        strftime(month_start, '%Y-%m') as period,
        group_value,
        left_hand,
        right_hand,
        'stock at the end of the month before + applications - decisions = stock at its end' as explanation
    from ind_flow
    union all
    select
        'delivered_rows' as identity,
        period,
        group_value,
        left_hand,
        right_hand,
        'delivered = accepted + quarantined + duplicate + forgotten' as explanation
    from delivery
    union all
    select
        'residents_by_status' as identity,
        strftime(day, '%Y-%m-%d') as period,
        'all' as group_value,
        left_hand,
        right_hand,
        'residents counted without their status = sum of the residents by status' as explanation
    from residents
),

{{ published_comparison() }},

published as (
    select
        'published_' || figure || ' (' || source || ')' as identity,
        period,
        group_value,
        our_value as left_hand,
        value as right_hand,
        -- their figure stands for everything that rounds to it
        sign(our_value - value) * greatest(0, abs(our_value - value) - rounding / 2) as residual,
        concat_ws(
            '; ',
            case
                when counterpart is null then 'no counterpart'
                when not is_held then 'ours (' || counterpart || ') does not reach this period'
                else 'ours: ' || counterpart
            end,
            explanation,
            note
        ) as explanation
    from published_comparison
)

select
    identity,
    period,
    group_value,
    left_hand::decimal(18, 4) as left_hand,
    right_hand::decimal(18, 4) as right_hand,
    (left_hand - right_hand)::decimal(18, 4) as residual,
    left_hand = right_hand as passes,
    explanation
from identities
union all
select
    identity,
    period,
    group_value,
    left_hand::decimal(18, 4) as left_hand,
    right_hand::decimal(18, 4) as right_hand,
    residual::decimal(18, 4) as residual,
    null as passes,
    explanation
from published
order by identity, period, group_value
