select
    delivered.betaling_id as payment_id,
    zaak.pseudonym as case_id,
    {{ english('delivered.soort', {'BESTUURLIJK': 'administrative', 'RECHTERLIJK': 'judicial'}) }} as kind,
    delivered.datum_betaling as paid_on,
    delivered.bedrag_eur::decimal(18, 2) as paid_eur
from {{ source('raw', 'ind__dwangsombetaling') }} as delivered
{{ join_known('zaak', 'zaaknummer', 'zaaknummer', 'ind__aanvraag') }}
where {{ in_force('delivered') }}
