select
    toevoeging.pseudonym as certificate_id,
    persoon.pseudonym as v_number_id,
    zaak.pseudonym as named_case_id,
    delivered.geboortedatum as birth_date,
    delivered.nationaliteit as nationality_name,
    delivered.geslacht::varchar as sex,
    advocaat.pseudonym as lawyer_id,
    delivered.zaakcode as case_code,
    delivered.soort::varchar as kind,
    delivered.schriftelijk as is_written,
    delivered.datum_ontvangst as requested_on,
    delivered.datum_besluit as decided_on,
    delivered.besluit::varchar as decision,
    delivered.datum_vaststelling as settled_on,
    delivered.punten::decimal(18, 2) as points,
    delivered.bedrag_eur::decimal(18, 2) as amount_eur
from {{ source('raw', 'rvr__toevoeging') }} as delivered
{{ join_pseudonym('toevoeging', 'toevoegingsnummer', 'delivered.toevoegingsnummer') }}
{{ join_pseudonym('persoon', 'v_nummer', normalised_v_number('delivered.v_nummer')) }}
{{ join_pseudonym('zaak', 'zaaknummer', 'delivered.zaaknummer') }}
{{ join_pseudonym('advocaat', 'advocaat_code', 'delivered.advocaat_code') }}
where {{ in_force('delivered') }}
