select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as change_no,
    {{ english('delivered.soort', {'VERLENGING': 'extension', 'OPSCHORTING': 'suspension'}) }} as kind,
    delivered.grondslag as legal_basis,
    delivered.maanden::bigint as months,
    delivered.datum_vanaf as from_on,
    delivered.datum_tot as last_on
from {{ source('raw', 'ind__termijnmutatie') }} as delivered
{{ join_known('zaak', 'zaaknummer', 'zaaknummer', 'ind__aanvraag') }}
where {{ in_force('delivered') }}
