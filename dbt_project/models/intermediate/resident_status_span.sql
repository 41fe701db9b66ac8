{{ config(materialized='kept', touched_by={'person_id': 'person'}) }}
{#- The status that fct_reception_daily gives a person, by the latest application on or before the day. -#}
with held as (
    select
        case_id,
        person_id,
        application_kind,
        applied_on as from_on,
        -- of two applications of one day the later in this order holds: the other's period is empty
        coalesce(
            lead(applied_on) over (partition by person_id order by applied_on, registered_on, case_id),
            date '9999-12-31'
        ) as until_on,
        coalesce(decided_on, date '9999-12-31') as decided_on,
        coalesce(granted_on, date '9999-12-31') as granted_on
    from {{ of_touched(ref('application'), 'person') }}
),

with_norm as (
    select
        held.*,
        -- without a norm nobody is over it
        coalesce(held.granted_on + norm.norm_days::integer + 1, date '9999-12-31') as over_norm_on
    from held
    left join {{ ref('stage_norms') }} as norm
        on
            norm.stage = 'awaiting_housing'
            and held.granted_on >= norm.valid_from
            and held.granted_on <= coalesce(norm.valid_to, held.granted_on)
            and held.granted_on < date '9999-12-31'
),

undecided as (
    select
        case_id,
        from_on,
        decided_on as until_on,
        date '0001-01-01' as begins_over_on,
        from_on as ends_over_on
    from with_norm
    where application_kind <> 'family_reunification'
    union all
    select
        with_norm.case_id,
        with_norm.from_on,
        with_norm.decided_on as until_on,
        over_term.from_on as begins_over_on,
        over_term.until_on as ends_over_on
    from with_norm
    inner join {{ of_touched(ref('over_term_span'), 'case') }} as over_term
        on with_norm.case_id = over_term.case_id and over_term.clock = 'as_applied'
    where with_norm.application_kind <> 'family_reunification'
),

status as (
    select
        case_id,
        'family_reunification' as resident_status,
        from_on,
        until_on
    from with_norm
    where application_kind = 'family_reunification'
    union all
    select
        case_id,
        'before_decision_over_term' as resident_status,
        begins_over_on as from_on,
        ends_over_on as until_on
    from undecided
    where begins_over_on > date '0001-01-01'
    union all
    select
        case_id,
        'before_decision_in_term' as resident_status,
        ends_over_on as from_on,
        coalesce(
            lead(begins_over_on) over (partition by case_id order by begins_over_on), until_on
        ) as until_on
    from undecided
    union all
    select
        case_id,
        'refused' as resident_status,
        decided_on as from_on,
        granted_on as until_on
    from with_norm
    where application_kind <> 'family_reunification'
    union all
    select
        case_id,
        'granted_in_norm' as resident_status,
        granted_on as from_on,
        over_norm_on as until_on
    from with_norm
    where application_kind <> 'family_reunification'
    union all
    select
        case_id,
        'granted_over_norm' as resident_status,
        over_norm_on as from_on,
        date '9999-12-31' as until_on
    from with_norm
    where application_kind <> 'family_reunification'
),

of_case as (
    select
        held.person_id,
        status.resident_status,
        greatest(status.from_on, held.from_on) as from_on,
        least(status.until_on, held.until_on) as until_on
    from status
    inner join held on status.case_id = held.case_id
),

resident as (
    select distinct person_id
    from {{ of_touched(ref('reception'), 'person') }}
),

unlinked as (
    select
        resident.person_id,
        'unlinked' as resident_status,
        date '0001-01-01' as from_on,
        coalesce(min(held.from_on), date '9999-12-31') as until_on
    from resident
    left join held on resident.person_id = held.person_id
    group by resident.person_id
)

select *
from of_case
where from_on < until_on
union all
select *
from unlinked
where from_on < until_on
order by person_id, from_on
