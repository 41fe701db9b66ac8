select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as decision_no,
    delivered.datum_beslissing as decided_on,
    delivered.uitkomst::varchar as outcome,
    delivered._valid_from as valid_from,
    delivered._valid_to as valid_to
from {{ source('raw', 'ind__beslissing') }} as delivered
{{ join_pseudonym('zaak', 'zaaknummer', 'delivered.zaaknummer') }}
where delivered._valid_from is not null
