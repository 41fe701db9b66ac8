select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as step_no,
    delivered.stap::varchar as step,
    delivered.datum_gepland as planned_on,
    delivered.datum_gerealiseerd as realised_on,
    delivered.status::varchar as status,
    delivered.reden::varchar as reason,
    {{ english('delivered.vorm', {
        'MONDELING': 'oral',
        'SCHRIFTELIJK': 'written',
        'VIDEO': 'video',
    }) }} as mode,
    delivered.pool::varchar as pool,
    delivered.team,
    delivered.uren::decimal(18, 2) as hours
from {{ source('raw', 'ind__processtap') }} as delivered
{{ join_known('zaak', 'zaaknummer', 'zaaknummer', 'ind__aanvraag') }}
where {{ in_force('delivered') }}
