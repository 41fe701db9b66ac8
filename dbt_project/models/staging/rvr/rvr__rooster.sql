select
    delivered.week as week_start,
    delivered.ac_locatie as application_centre,
    delivered.dagdelen_beschikbaar::bigint as sessions_available,
    delivered.dagdelen_ingepland::bigint as sessions_planned,
    delivered.dagdelen_benut::bigint as sessions_used
from {{ source('raw', 'rvr__rooster') }} as delivered
where {{ in_force('delivered') }}
