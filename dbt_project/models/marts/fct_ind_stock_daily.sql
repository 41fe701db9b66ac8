{%- set ages = [6, 15, 21] -%}
with combination as (
    select
        application_kind,
        nationality_group,
        track,
        project,
        row_number() over (order by application_kind, nationality_group, track, project) as combination_no
    from {{ ref('application') }}
    group by application_kind, nationality_group, track, project
),

undecided as (
    select
        combination.combination_no,
        application.case_id,
        application.applied_on,
        coalesce(application.decided_on, date '9999-12-31') as until_on
    from {{ ref('application') }} as application
    inner join combination
        on
            application.application_kind = combination.application_kind
            and application.nationality_group = combination.nationality_group
            and application.track = combination.track
            and application.project = combination.project
),

-- The stock goes by intervals, its flows are counted apart from it: only so can the residual fail.
span as (
    select
        combination_no,
        'stock' as measure,
        applied_on as from_on,
        until_on
    from undecided
    {%- for months in ages %}
    union all
    select
        combination_no,
        'over_{{ months }}_months' as measure,
        {{ add_months('applied_on', months) }} + 1 as from_on,
        until_on
    from undecided
    {%- endfor %}
    union all
    select
        undecided.combination_no,
        case span.clock when 'as_applied' then 'over_term' else 'over_term_in_hindsight' end as measure,
        span.from_on,
        span.until_on
    from undecided
    inner join {{ ref('over_term_span') }} as span on undecided.case_id = span.case_id
    {%- for measure, spans in [('impeded', 'impediment_span'), ('suspended', 'suspension_span')] %}
    union all
    select
        undecided.combination_no,
        '{{ measure }}' as measure,
        greatest(undecided.applied_on, span.from_on) as from_on,
        least(undecided.until_on, span.until_on) as until_on
    from undecided
    inner join {{ ref(spans) }} as span on undecided.case_id = span.case_id
    {%- endfor %}
),

movement as (
    select
        combination_no,
        measure,
        from_on as day,
        1 as change
    from span
    where from_on < until_on
    union all
    select
        combination_no,
        measure,
        until_on as day,
        -1 as change
    from span
    where from_on < until_on
    union all
    select
        combination_no,
        'applications' as measure,
        applied_on as day,
        1 as change
    from undecided
    union all
    select
        combination_no,
        'first_decisions' as measure,
        until_on as day,
        1 as change
    from undecided
),

{{ daily_counts(
    'movement',
    [
        'stock', 'over_term', 'over_term_in_hindsight', 'over_6_months', 'over_15_months', 'over_21_months',
        'impeded', 'suspended',
    ],
    ['applications', 'first_decisions'],
) }}

select
    daily.day,
    combination.application_kind,
    combination.nationality_group,
    combination.track,
    combination.project,
    daily.stock,
    daily.applications,
    daily.first_decisions,
    daily.stock - daily.stock_before - daily.applications + daily.first_decisions as residual,
    daily.over_term,
    daily.over_term_in_hindsight,
    daily.over_6_months,
    daily.over_15_months,
    daily.over_21_months,
    daily.impeded,
    daily.suspended,
    round(1 - daily.over_term / nullif(daily.stock, 0), 6) as on_time_share
from daily
inner join combination on daily.combination_no = combination.combination_no
order by daily.day, daily.combination_no
