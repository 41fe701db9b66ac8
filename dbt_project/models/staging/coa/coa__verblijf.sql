select
    delivered.verblijf_id as stay_id,
    bewoner.pseudonym as resident_id,
    delivered.locatiecode as location_code,
    delivered.datum_aankomst as arrived_on,
    delivered.datum_vertrek as left_on
from {{ source('raw', 'coa__verblijf') }} as delivered
{{ join_known('bewoner', 'coa_nummer', 'coa_nummer', 'coa__bewoner') }}
where {{ in_force('delivered') }}
