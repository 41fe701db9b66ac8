select
    bewoner.pseudonym as resident_id,
    delivered.volgnummer::bigint as attempt_no,
    delivered.datum_vergunning as granted_on,
    delivered.datum_koppeling as matched_on,
    delivered.gemeentecode as municipality_code,
    delivered.datum_verhuizing as moved_on,
    delivered.status::varchar as status
from {{ source('raw', 'coa__huisvesting') }} as delivered
{{ join_pseudonym('bewoner', 'coa_nummer', 'delivered.coa_nummer') }}
where {{ in_force('delivered') }}
