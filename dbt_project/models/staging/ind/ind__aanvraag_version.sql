select
    zaak.pseudonym as case_id,
    delivered.soort_aanvraag::varchar as application_code,
    delivered.datum_aanvraag as applied_on,
    delivered.datum_nl_verantwoordelijk as nl_responsible_on,
    coalesce('spoor_' || delivered.spoor, 'unknown') as track,
    coalesce(delivered.procedure, 'unknown') as procedure,
    delivered._valid_from as valid_from,
    delivered._valid_to as valid_to
from {{ source('raw', 'ind__aanvraag') }} as delivered
{{ join_pseudonym('zaak', 'zaaknummer', 'delivered.zaaknummer') }}
where delivered._valid_from is not null
