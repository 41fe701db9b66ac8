{%- if not execute or var('only_touched', false) -%}
with changed as materialized (
    select
        kind,
        pseudonym
    from {{ ref('changed_number') }}
    union
    -- the last build's: those of cases that nothing else touches are those of this one
    select
        'zaaknummer' as kind,
        appeal_window.case_id as pseudonym
    from {{ this.database }}.{{ this.schema }}.appeal_window
    cross join {{ source('raw', 'as_of') }} as known
    inner join {{ source('raw', 'last_build') }} as last_build on last_build.partner = 'ind'
    where {{ has_come('appeal_window.last_on + 1') }}
),

application as materialized (
    select
        aanvraag.case_id,
        aanvraag.family_id,
        person.person_id
    from {{ ref('ind__aanvraag') }} as aanvraag
    inner join {{ ref('v_number_person') }} as person on aanvraag.v_number_id = person.v_number_id
),

reception as (
    select
        bewoner.resident_id,
        coalesce(person.person_id, bewoner.resident_id) as person_id
    from {{ ref('coa__bewoner') }} as bewoner
    left join {{ ref('v_number_person') }} as person on bewoner.v_number_id = person.v_number_id
),

changed_person as materialized (
    select person.person_id
    from {{ ref('v_number_person') }} as person
    inner join changed on changed.kind = 'v_nummer' and person.v_number_id = changed.pseudonym
    union
    select application.person_id
    from application
    inner join changed on changed.kind = 'zaaknummer' and application.case_id = changed.pseudonym
    union
    select reception.person_id
    from reception
    inner join changed on changed.kind = 'coa_nummer' and reception.resident_id = changed.pseudonym
    union
    -- who has no v_number is named after the resident's number, and was, if a v_number came since
    select pseudonym as person_id
    from changed
    where kind = 'coa_nummer'
),

-- A certificate serves a whole family.
family as (
    select application.family_id
    from application
    inner join changed_person on application.person_id = changed_person.person_id
    union
    select pseudonym as family_id
    from changed
    where kind = 'ind_gezin_id'
),

touched as (
    select person_id
    from changed_person
    union
    select application.person_id
    from application
    inner join family on application.family_id = family.family_id
)

select person_id
from touched
union
-- persons who turned out to be one had other names before, each the smallest number that was known of them
select person.v_number_id as person_id
from {{ ref('v_number_person') }} as person
inner join touched on person.person_id = touched.person_id
order by person_id
{%- else -%}
select null::varchar as person_id
where false
{%- endif %}
