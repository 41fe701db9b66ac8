select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as change_no,
    {{ english('delivered.soort', {'VERLENGING': 'extension', 'OPSCHORTING': 'suspension'}) }} as kind,
    delivered.grondslag as legal_basis,
    delivered.maanden::bigint as months,
    delivered.datum_vanaf as from_on,
    delivered.datum_tot as last_on,
    delivered._valid_from as valid_from,
    delivered._valid_to as valid_to
from {{ source('raw', 'ind__termijnmutatie') }} as delivered
{{ join_pseudonym('zaak', 'zaaknummer', 'delivered.zaaknummer') }}
where delivered._valid_from is not null
