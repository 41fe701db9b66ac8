select
    delivered.week as week_start,
    delivered.team,
    delivered.pool,
    {{ english('delivered.rol', {
        'VOORBEREIDEN': 'preparation',
        'HOREN': 'hearing',
        'BESLISSEN': 'decision',
    }) }} as role,
    delivered.fte::decimal(18, 2) as fte,
    delivered.fte_in_opleiding::decimal(18, 2) as fte_in_training,
    delivered.uren_beschikbaar::decimal(18, 2) as available_hours,
    delivered.uren_productief::decimal(18, 2) as productive_hours,
    delivered.gepland_gehoren::bigint as hearings_planned,
    delivered.gepland_beslissingen::bigint as decisions_planned
from {{ source('raw', 'ind__capaciteit') }} as delivered
where {{ in_force('delivered') }}
