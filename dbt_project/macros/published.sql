{#-
    Figures as partners published them, with ours of the same group and period: CTEs that end in `published_comparison`.
    `rules.published_counterparts` says in words what is compared; this is where it is done.
-#}

{% macro published_comparison() -%}
stated as (
    select
        published.source,
        published.figure,
        published.group as group_value,
        published.period,
        published.value,
        published.rounding,
        published.note,
        counterpart.counterpart,
        counterpart.explanation,
        -- a year, a month, a day, or two days
        case length(published.period)
            when 4 then (published.period || '-01-01')::date
            when 7 then (published.period || '-01')::date
            else left(published.period, 10)::date
        end as from_on,
        case length(published.period)
            when 4 then (published.period || '-12-31')::date
            when 7 then last_day((published.period || '-01')::date)
            else right(published.period, 10)::date
        end as to_on
    from {{ ref('published_figures') }} as published
    left join {{ ref('published_counterparts') }} as counterpart on published.figure = counterpart.figure
),

-- IND counts a track without family reunification.
group_daily as (
    select
        stock.day,
        counts_for.group_value,
        sum(stock.stock) as stock,
        sum(stock.applications) as applications,
        sum(stock.first_decisions) as first_decisions
    from {{ ref('fct_ind_stock_daily') }} as stock
    cross join
        unnest([
            stock.application_kind, case when stock.application_kind <> 'family_reunification' then stock.track end
        ]) as counts_for (group_value)
    where counts_for.group_value is not null
    group by stock.day, counts_for.group_value
),

reception_daily as (
    select
        day,
        case when resident_status = 'all' then 'all' else 'granted' end as group_value,
        sum(residents) as residents
    from {{ ref('fct_reception_daily') }}
    where resident_status in ('all', 'granted_in_norm', 'granted_over_norm')
    group by day, case when resident_status = 'all' then 'all' else 'granted' end
),

-- One row a published table, day or month, group and figure of ours; those of a day are no sum.
ours as (
    {%- for figure in ['applications', 'first_decisions'] %}
    select
        '{{ figure }}' as figure,
        group_value,
        day as from_on,
        day as to_on,
        {{ figure }}::decimal(18, 4) as value
    from group_daily
    union all
    {%- endfor %}
    select
        'stock_end' as figure,
        group_value,
        day as from_on,
        day as to_on,
        stock::decimal(18, 4) as value
    from group_daily
    union all
    {%- for figure, measure in [('project_stock', 'remaining'), ('project_done', 'done')] %}
    select
        '{{ figure }}' as figure,
        project_id as group_value,
        day as from_on,
        day as to_on,
        {{ measure }}::decimal(18, 4) as value
    from {{ ref('fct_project_progress') }}
    union all
    {%- endfor %}
    select
        'residents' as figure,
        group_value,
        day as from_on,
        day as to_on,
        residents::decimal(18, 4) as value
    from reception_daily
    union all
    select
        'certificates' as figure,
        'asylum' as group_value,
        month_start as from_on,
        last_day(month_start) as to_on,
        granted::decimal(18, 4) as value
    from {{ ref('fct_legal_aid_monthly') }}
    where kind = 'all'
    union all
    select
        'mean_weeks_application_to_decision' as figure,
        group_value,
        period_start as from_on,
        (period_start + interval 1 year)::date - 1 as to_on,
        (mean_days / 7)::decimal(18, 4) as value
    from {{ ref('fct_lead_time') }}
    where
        segment = 'application_to_decision'
        and view = 'period'
        and period_kind = 'year'
        and group_kind = 'track'
),

-- What a published figure asks of ours: a sum over its period, or the one day that it speaks of.
asked as (
    select
        *,
        case figure
            when 'applications_since' then 'applications' when 'stock_begin' then 'stock_end' else figure
        end as our_figure,
        case
            when figure = 'stock_begin' then from_on - 1
            when figure in ('stock_end', 'project_stock', 'project_done', 'residents') then to_on
            else from_on
        end as asked_from,
        case when figure = 'stock_begin' then from_on - 1 else to_on end as asked_to
    from stated
),

extent as (
    select
        ours.figure,
        min(ours.from_on) as from_on,
        known.as_of_on as to_on
    from ours
    cross join {{ source('raw', 'as_of') }} as known
    group by ours.figure, known.as_of_on
),

matched as (
    select
        asked.source,
        asked.figure,
        asked.group_value,
        asked.period,
        asked.value,
        asked.rounding,
        asked.note,
        asked.counterpart,
        asked.explanation,
        extent.figure is not null as is_held,
        sum(ours.value) as our_value
    from asked
    left join extent
        on
            asked.our_figure = extent.figure
            and asked.asked_from >= extent.from_on
            and asked.asked_to <= extent.to_on
    left join ours
        on
            asked.our_figure = ours.figure
            and asked.group_value = ours.group_value
            and asked.asked_from <= ours.from_on
            and asked.asked_to >= ours.to_on
    group by all
),

-- Outside what we hold there is nothing to compare; inside it, no row is a nought, save of a mean.
published_comparison as (
    select
        * exclude (our_value),
        case
            when is_held and figure not like 'mean%' then coalesce(our_value, 0) else our_value
        end as our_value
    from matched
)
{%- endmacro %}
