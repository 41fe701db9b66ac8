-- Of a location the residents who stay there; where a day that comes changes something, also those days.
with location as (
    {{ changed_numbers(
        'coa__locatie',
        {'locatiecode': 'locatiecode'},
        [has_come('geldig_tot + 1')],
        reaches='resident',
    ) }}
),

changed as (
    {{ changed_numbers(
        'ind__aanvraag',
        {
            'zaaknummer': 'zaaknummer',
            normalised_v_number('v_nummer'): 'v_nummer',
            'gezin_id': 'ind_gezin_id',
        },
        [has_come('datum_aanmelding'), has_come('datum_aanvraag')],
    ) }}
    union all
    -- a certificate follows dates, remedies and closing of a case: no step, term or notice moves these
    {{ changed_numbers(
        'ind__processtap',
        {'zaaknummer': 'zaaknummer'},
        [has_come('datum_gerealiseerd')],
        reaches='person',
    ) }}
    union all
    {{ changed_numbers('ind__beslissing', {'zaaknummer': 'zaaknummer'}, [has_come('datum_beslissing')]) }}
    union all
    {{ changed_numbers(
        'ind__rechtsmiddel',
        {'zaaknummer': 'zaaknummer'},
        [has_come('datum_ingesteld'), has_come('datum_uitspraak')],
    ) }}
    union all
    -- the term of a case grows by a day with each day of a suspension without end
    {{ changed_numbers(
        'ind__termijnmutatie',
        {'zaaknummer': 'zaaknummer'},
        [has_come('datum_vanaf'), "soort = 'OPSCHORTING' and datum_tot is null"],
        reaches='person',
    ) }}
    union all
    {{ changed_numbers('ind__ingebrekestelling', {'zaaknummer': 'zaaknummer'}, reaches='person') }}
    union all
    {{ changed_numbers(
        'coa__bewoner',
        {'coa_nummer': 'coa_nummer', normalised_v_number('v_nummer'): 'v_nummer'},
        [has_come('datum_instroom'), has_come('datum_uitstroom')],
    ) }}
    union all
    {{ changed_numbers(
        'coa__verblijf',
        {'coa_nummer': 'coa_nummer'},
        [has_come('datum_aankomst')],
    ) }}
    union all
    {{ changed_numbers('coa__huisvesting', {'coa_nummer': 'coa_nummer'}, [has_come('datum_verhuizing')]) }}
    union all
    {{ changed_numbers(
        'rvr__toevoeging',
        {
            'toevoegingsnummer': 'toevoegingsnummer',
            normalised_v_number('v_nummer'): 'v_nummer',
            'zaaknummer': 'zaaknummer',
        },
    ) }}
    union all
    select
        'coa_nummer' as kind,
        stay.coa_nummer as identifier,
        location.reaches
    from {{ source('raw', 'coa__verblijf') }} as stay
    inner join location on stay.locatiecode = location.identifier
)

select
    pseudonym.kind,
    pseudonym.pseudonym,
    bool_or(changed.reaches <> 'resident') as reaches_person,
    bool_or(changed.reaches = 'family') as reaches_family
from changed
inner join {{ source('raw', 'pseudonym') }} as pseudonym
    on changed.kind = pseudonym.kind and changed.identifier = pseudonym.identifier
group by pseudonym.kind, pseudonym.pseudonym
