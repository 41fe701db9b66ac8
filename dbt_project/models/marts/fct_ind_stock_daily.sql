{%- set ages = [6, 15, 21] -%}
with undecided as (
    select
        case_id,
        applied_on,
        coalesce(decided_on, date '9999-12-31') as until_on
    from {{ ref('application') }}
),

-- The stock goes by intervals, its flows are counted apart from it: only so can the residual fail.
span as (
    select
        case_id,
        'stock' as measure,
        applied_on as from_on,
        until_on
    from undecided
    {%- for months in ages %}
    union all
    select
        case_id,
        'over_{{ months }}_months' as measure,
        {{ add_months('applied_on', months) }} + 1 as from_on,
        until_on
    from undecided
    {%- endfor %}
    union all
    select
        case_id,
        case clock when 'as_applied' then 'over_term' else 'over_term_in_hindsight' end as measure,
        from_on,
        until_on
    from {{ ref('over_term_span') }}
    {%- for measure, spans in [('impeded', 'impediment_span'), ('suspended', 'suspension_span')] %}
    union all
    select
        undecided.case_id,
        '{{ measure }}' as measure,
        greatest(undecided.applied_on, span.from_on) as from_on,
        least(undecided.until_on, span.until_on) as until_on
    from undecided
    inner join {{ ref(spans) }} as span on undecided.case_id = span.case_id
    {%- endfor %}
),

movement as (
    select
        case_id,
        measure,
        from_on as day,
        1 as change
    from span
    where from_on < until_on
    union all
    select
        case_id,
        measure,
        until_on as day,
        -1 as change
    from span
    where from_on < until_on
    union all
    select
        case_id,
        'applications' as measure,
        applied_on as day,
        1 as change
    from {{ ref('application') }}
    union all
    select
        case_id,
        'first_decisions' as measure,
        decided_on as day,
        1 as change
    from {{ ref('application') }}
    where decided_on is not null
),

grouped as (
    select
        movement.day,
        movement.measure,
        movement.change,
        application.application_kind,
        application.nationality_group,
        application.track,
        application.project
    from movement
    inner join {{ ref('application') }} as application on movement.case_id = application.case_id
),

{{ daily_counts(
    'grouped',
    ['application_kind', 'nationality_group', 'track', 'project'],
    [
        'stock', 'over_term', 'over_term_in_hindsight', 'over_6_months', 'over_15_months', 'over_21_months',
        'impeded', 'suspended',
    ],
    ['applications', 'first_decisions'],
) }}

select
    day,
    application_kind,
    nationality_group,
    track,
    project,
    stock,
    applications,
    first_decisions,
    stock - stock_before - applications + first_decisions as residual,
    over_term,
    over_term_in_hindsight,
    over_6_months,
    over_15_months,
    over_21_months,
    impeded,
    suspended,
    round(1 - over_term / nullif(stock, 0), 6) as on_time_share
from daily
order by day, application_kind, nationality_group, track, project
