{%- set reasons = {
    'interpreter': 'TOLK',
    'lawyer': 'GEMACHTIGDE',
    'no_show': 'NIET_VERSCHENEN',
    'capacity': 'IND_CAPACITEIT',
    'illness': 'ZIEKTE',
} -%}
-- Counted before anything else is asked of them: of millions of hearings some thousands of rows are left.
with hearing as (
    select
        status,
        -- a hearing put off has lost its place as one cancelled has
        date_trunc(
            'week', case when status = 'GEREALISEERD' then realised_on else planned_on end
        )::date as week_start,
        coalesce(team, 'unknown') as team,
        coalesce(pool, 'unknown') as pool,
        reason,
        count(*) as hearings
    from {{ ref('ind__processtap') }}
    where
        step in ('AANMELDGEHOOR', 'NADER_GEHOOR', 'AANVULLEND_GEHOOR')
        and status in ('GEREALISEERD', 'GEANNULEERD', 'VERZET')
    group by all
),

output as (
    select
        week_start,
        team,
        pool,
        'hearing' as role,
        case
            when status = 'GEREALISEERD' then 'held'
            {%- for name, code in reasons.items() %}
            when reason = '{{ code }}' then '{{ name }}'
            {%- endfor %}
            else 'other'
        end as measure,
        hearings as units
    from hearing
    where status = 'GEREALISEERD' or week_start is not null
    union all
    select
        date_trunc('week', decided_on)::date as week_start,
        coalesce(team, 'unknown') as team,
        coalesce(pool, 'unknown') as pool,
        'decision' as role,
        'made' as measure,
        1 as units
    from {{ ref('ind__beslissing') }}
),

counted as (
    select
        week_start,
        team,
        pool,
        role,
        {%- for name in reasons %}
        sum(case measure when '{{ name }}' then units else 0 end)::bigint as cancelled_{{ name }},
        {%- endfor %}
        sum(case measure when 'other' then units else 0 end)::bigint as cancelled_other,
        sum(case measure when 'held' then units else 0 end)::bigint as held,
        sum(case measure when 'made' then units else 0 end)::bigint as made
    from output
    group by week_start, team, pool, role
),

start as (
    select
        team,
        pool,
        min(week_start) as first_week
    from {{ ref('ind__capaciteit') }}
    where fte > 0
    group by team, pool
),

-- Work is counted also where no capacity was reported.
together as (
    select
        coalesce(capacity.week_start, counted.week_start) as week_start,
        coalesce(capacity.team, counted.team) as team,
        coalesce(capacity.pool, counted.pool) as pool,
        coalesce(capacity.role, counted.role) as role,
        capacity.fte,
        capacity.fte_in_training,
        capacity.available_hours,
        capacity.productive_hours,
        capacity.hearings_planned,
        capacity.decisions_planned,
        {%- for name in reasons %}
        coalesce(counted.cancelled_{{ name }}, 0) as cancelled_{{ name }},
        {%- endfor %}
        coalesce(counted.cancelled_other, 0) as cancelled_other,
        coalesce(counted.held, 0) as held,
        coalesce(counted.made, 0) as made
    from {{ ref('ind__capaciteit') }} as capacity
    full join counted
        on
            capacity.week_start = counted.week_start
            and capacity.team = counted.team
            and capacity.pool = counted.pool
            and capacity.role = counted.role
),

rated as (
    select
        *,
        case role when 'hearing' then held when 'decision' then made end as units,
        case role when 'hearing' then hearings_planned when 'decision' then decisions_planned end as planned
    from together
)

select
    rated.week_start,
    rated.team,
    rated.pool,
    rated.role,
    rated.fte,
    rated.fte_in_training,
    rated.available_hours,
    rated.productive_hours,
    round(rated.productive_hours / nullif(rated.available_hours, 0), 6) as utilisation,
    rated.hearings_planned,
    rated.held as hearings_held,
    rated.cancelled_interpreter as hearings_cancelled_interpreter,
    rated.cancelled_lawyer as hearings_cancelled_lawyer,
    rated.cancelled_no_show as hearings_cancelled_no_show,
    rated.cancelled_capacity as hearings_cancelled_capacity,
    rated.cancelled_illness as hearings_cancelled_illness,
    rated.cancelled_other as hearings_cancelled_other,
    rated.decisions_planned,
    rated.made as decisions_made,
    round(rated.units / nullif(rated.planned, 0), 6) as plan_attainment,
    round(rated.units / nullif(rated.fte, 0), 6) as output_per_fte,
    round(rated.productive_hours / nullif(rated.units, 0), 6) as hours_per_unit,
    (rated.week_start - start.first_week) // 7 as weeks_since_start
from rated
left join start
    on rated.team = start.team and rated.pool = start.pool and rated.week_start >= start.first_week
order by rated.week_start, rated.team, rated.pool, rated.role
