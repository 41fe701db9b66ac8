select
    zaak.pseudonym as case_id,
    delivered.volgnummer::bigint as notice_no,
    delivered.datum_ontvangst as received_on,
    delivered.datum_ingetrokken as withdrawn_on
from {{ source('raw', 'ind__ingebrekestelling') }} as delivered
{{ join_known('zaak', 'zaaknummer', 'zaaknummer', 'ind__aanvraag') }}
where {{ in_force('delivered') }}
