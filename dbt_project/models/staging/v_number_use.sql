-- Words, not good rows: a number that a partner withdrew since still says that two v_numbers are one person.
with carried as (
    select
        'zaaknummer' as carrier_kind,
        zaaknummer as carrier,
        {{ normalised_v_number('v_nummer') }} as v_number
    from {{ source('raw', 'ind__aanvraag') }}
    where _word_from <= {{ as_of() }}
    union
    select
        'coa_nummer' as carrier_kind,
        coa_nummer as carrier,
        {{ normalised_v_number('v_nummer') }} as v_number
    from {{ source('raw', 'coa__bewoner') }}
    where _word_from <= {{ as_of() }} and v_nummer is not null
)

select
    drager.pseudonym as carrier_id,
    persoon.pseudonym as v_number_id
from carried
left join {{ source('raw', 'pseudonym') }} as drager
    on carried.carrier_kind = drager.kind and carried.carrier = drager.identifier
{{ join_pseudonym('persoon', 'v_nummer', 'carried.v_number') }}
