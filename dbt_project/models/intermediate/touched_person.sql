{%- if not execute or var('only_touched', false) -%}
-- The last build says whose the rows are that did not change; `changed` has all numbers of those that did.
with changed as materialized (
    select
        kind,
        pseudonym,
        reaches_family
    from {{ ref('changed_number') }}
    where reaches_person
    union all
    select
        'zaaknummer' as kind,
        appeal_window.case_id as pseudonym,
        true as reaches_family
    from {{ last_built('appeal_window') }} as appeal_window
    cross join {{ source('raw', 'as_of') }} as known
    inner join {{ source('raw', 'last_build') }} as last_build on last_build.partner = 'ind'
    where {{ has_come('appeal_window.last_on + 1') }}
),

changed_v_number as (
    select
        pseudonym as v_number_id,
        reaches_family
    from changed
    where kind = 'v_nummer'
    union all
    select
        application.v_number_id,
        changed.reaches_family
    from {{ last_built('application') }} as application
    inner join changed on changed.kind = 'zaaknummer' and application.case_id = changed.pseudonym
    union all
    select
        reception.v_number_id,
        changed.reaches_family
    from {{ last_built('reception') }} as reception
    inner join changed on changed.kind = 'coa_nummer' and reception.resident_id = changed.pseudonym
),

changed_person as materialized (
    select
        person.person_id,
        bool_or(changed.reaches_family) as reaches_family
    from {{ ref('v_number_person') }} as person
    inner join changed_v_number as changed on person.v_number_id = changed.v_number_id
    group by person.person_id
),

-- A certificate serves a whole family.
family as materialized (
    select application.family_id
    from {{ last_built('application') }} as application
    inner join {{ ref('v_number_person') }} as person on application.v_number_id = person.v_number_id
    inner join changed_person on person.person_id = changed_person.person_id and changed_person.reaches_family
    union
    select pseudonym as family_id
    from changed
    where kind = 'ind_gezin_id'
),

touched as materialized (
    select person_id
    from changed_person
    union
    select person.person_id
    from {{ last_built('application') }} as application
    inner join family on application.family_id = family.family_id
    inner join {{ ref('v_number_person') }} as person on application.v_number_id = person.v_number_id
)

select person_id
from touched
union
-- persons who turned out to be one had other names before, each the smallest number that was known of them
select person.v_number_id as person_id
from {{ ref('v_number_person') }} as person
inner join touched on person.person_id = touched.person_id
union
-- who has no v_number is named after the resident's number, and was, if a v_number came since
select pseudonym as person_id
from changed
where kind = 'coa_nummer'
order by person_id
{%- else -%}
select null::uuid as person_id
where false
{%- endif %}
