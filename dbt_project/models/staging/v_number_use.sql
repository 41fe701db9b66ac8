-- Every version that was ever in force up to A: a replaced number still says that both are one person.
with carried as (
    select
        'zaaknummer' as carrier_kind,
        zaaknummer as carrier,
        {{ normalised_v_number('v_nummer') }} as v_number
    from {{ source('raw', 'ind__aanvraag') }}
    where _valid_from <= {{ as_of() }}
    union
    select
        'coa_nummer' as carrier_kind,
        coa_nummer as carrier,
        {{ normalised_v_number('v_nummer') }} as v_number
    from {{ source('raw', 'coa__bewoner') }}
    where _valid_from <= {{ as_of() }} and v_nummer is not null
)

select
    carrier_map.pseudonym as carrier_id,
    person_map.pseudonym as v_number_id
from carried
left join {{ source('raw', 'pseudonym') }} as carrier_map
    on carried.carrier_kind = carrier_map.kind and carried.carrier = carrier_map.identifier
{{ join_pseudonym('person_map', 'v_nummer', 'carried.v_number') }}
