select
    zaak.pseudonym as case_id,
    persoon.pseudonym as v_number_id,
    gezin.pseudonym as family_id,
    delivered.soort_aanvraag::varchar as application_code,
    {{ english('delivered.soort_aanvraag', {
        'EERSTE': 'first',
        'HERHAALD': 'repeat',
        'NAREIS': 'family_reunification',
        'HERVESTIGING': 'resettlement',
        'HERPLAATSING': 'relocation',
    }) }} as application_kind,
    delivered.datum_aanmelding as reported_on,
    delivered.datum_loopbrief as loopbrief_on,
    delivered.datum_aanvraag as applied_on,
    delivered.datum_nl_verantwoordelijk as nl_responsible_on,
    delivered.nationaliteit::varchar as nationality_brp_code,
    delivered.geboortedatum as birth_date,
    delivered.geslacht::varchar as sex,
    delivered.amv as is_unaccompanied_minor,
    coalesce('spoor_' || delivered.spoor, 'unknown') as track,
    coalesce(delivered.procedure, 'unknown') as procedure,
    coalesce({{ english('delivered.complexiteit', {
        'STANDAARD': 'standard',
        'COMPLEX': 'complex',
        'ZEER_COMPLEX': 'very_complex',
    }) }}, 'unknown') as complexity,
    delivered.team,
    coalesce(delivered.project, 'none') as project,
    delivered.schriftelijk_aangeboden as written_offered_on
from {{ source('raw', 'ind__aanvraag') }} as delivered
{{ join_pseudonym('zaak', 'zaaknummer', 'delivered.zaaknummer') }}
{{ join_pseudonym('persoon', 'v_nummer', normalised_v_number('delivered.v_nummer')) }}
{{ join_pseudonym('gezin', 'ind_gezin_id', 'delivered.gezin_id') }}
where {{ in_force('delivered') }}
