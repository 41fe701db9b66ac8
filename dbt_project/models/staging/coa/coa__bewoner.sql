select
    bewoner.pseudonym as resident_id,
    persoon.pseudonym as v_number_id,
    gezin.pseudonym as family_id,
    delivered.geboortedatum as birth_date,
    delivered.nationaliteit::varchar as nationality_code,
    delivered.geslacht::varchar as sex,
    delivered.datum_instroom as arrived_on,
    delivered.datum_uitstroom as left_on,
    delivered.reden_uitstroom::varchar as exit_reason
from {{ source('raw', 'coa__bewoner') }} as delivered
{{ join_pseudonym('bewoner', 'coa_nummer', 'delivered.coa_nummer') }}
{{ join_pseudonym('persoon', 'v_nummer', normalised_v_number('delivered.v_nummer')) }}
{{ join_pseudonym('gezin', 'coa_gezin_id', 'delivered.gezin_id') }}
where {{ in_force('delivered') }}
