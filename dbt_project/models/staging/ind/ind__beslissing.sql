select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as decision_no,
    delivered.datum_beslissing as decided_on,
    delivered.datum_bekendmaking as notified_on,
    delivered.uitkomst::varchar as outcome,
    {{ english('delivered.uitkomst', {
        'INWILLIGING_A': 'granted',
        'INWILLIGING_B': 'granted',
        'INWILLIGING_NAREIS': 'granted',
        'NIET_IN_BEHANDELING': 'refused',
        'NIET_ONTVANKELIJK': 'refused',
        'KENNELIJK_ONGEGROND': 'refused',
        'ONGEGROND': 'refused',
        'BUITEN_BEHANDELING': 'other',
        'INGETROKKEN': 'other',
        'OVERIG': 'other',
    }) }} as outcome_group,
    delivered.pool::varchar as pool,
    delivered.team,
    delivered.uren::decimal(18, 2) as hours
from {{ source('raw', 'ind__beslissing') }} as delivered
{{ join_known('zaak', 'zaaknummer', 'zaaknummer', 'ind__aanvraag') }}
where {{ in_force('delivered') }}
