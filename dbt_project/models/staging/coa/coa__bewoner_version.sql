select
    bewoner.pseudonym as resident_id,
    delivered.datum_instroom as arrived_on,
    delivered.datum_uitstroom as left_on,
    delivered._valid_from as valid_from,
    delivered._valid_to as valid_to
from {{ source('raw', 'coa__bewoner') }} as delivered
{{ join_pseudonym('bewoner', 'coa_nummer', 'delivered.coa_nummer') }}
where delivered._valid_from is not null
