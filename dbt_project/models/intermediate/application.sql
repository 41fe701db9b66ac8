{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with known_nationality as (
    select
        aanvraag.*,
        nationality.iso3 as nationality_code,
        coalesce(aanvraag.reported_on, aanvraag.applied_on) as registered_on
    from {{ of_touched(ref('ind__aanvraag'), 'case') }} as aanvraag
    left join {{ ref('nationalities') }} as nationality
        on aanvraag.nationality_brp_code = nationality.brp_code
),

-- Kept before it is sorted, which wants its memory beside that of the joins.
joined as materialized (
    select
        aanvraag.case_id,
        person.person_id,
        aanvraag.v_number_id,
        aanvraag.family_id,
        aanvraag.application_code,
        aanvraag.application_kind,
        aanvraag.nationality_code,
        coalesce(named.nationality_group, rest.nationality_group) as nationality_group,
        nullif(try_cast(left(aanvraag.birth_date, 4) as bigint), 0) as birth_year,
        aanvraag.sex,
        aanvraag.is_unaccompanied_minor,
        aanvraag.track,
        aanvraag.procedure,
        aanvraag.complexity,
        aanvraag.team,
        aanvraag.project,
        aanvraag.registered_on,
        aanvraag.loopbrief_on,
        aanvraag.applied_on,
        aanvraag.nl_responsible_on,
        aanvraag.written_offered_on,
        decision.decided_on,
        decision.notified_on,
        decision.outcome,
        decision.outcome_group,
        decision.pool,
        decision.granted_on
    from known_nationality as aanvraag
    left join {{ ref('v_number_person') }} as person on aanvraag.v_number_id = person.v_number_id
    left join {{ ref('nationality_groups') }} as named on aanvraag.nationality_code = named.iso3
    left join {{ ref('nationality_groups') }} as rest on rest.iso3 = '*'
    left join {{ ref('case_decision') }} as decision on aanvraag.case_id = decision.case_id
)

select *
from joined
order by case_id
