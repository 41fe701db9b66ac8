select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as remedy_no,
    delivered.soort::varchar as kind,
    coalesce(delivered.indiener, 'VREEMDELING') as lodged_by,
    delivered.datum_ingesteld as lodged_on,
    delivered.datum_uitspraak as ruled_on,
    delivered.uitspraak::varchar as ruling,
    delivered.beslistermijn_dagen::bigint as decision_term_days,
    delivered.dwangsom_per_dag::decimal(18, 2) as penalty_per_day_eur,
    delivered.dwangsom_maximum::decimal(18, 2) as penalty_maximum_eur
from {{ source('raw', 'ind__rechtsmiddel') }} as delivered
{{ join_known('zaak', 'zaaknummer', 'zaaknummer', 'ind__aanvraag') }}
where {{ in_force('delivered') }}
