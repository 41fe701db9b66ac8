{{ config(materialized='kept', touched_by={'certificate_id': 'certificate'}) }}
with known_person as (
    select person_id from {{ ref('application') }}
    union
    select person_id from {{ ref('reception') }}
),

-- The v_number first, else the case that the certificate names.
linked as (
    select
        certificate.*,
        named.case_id as through_case_id,
        case
            when known_person.person_id is not null then 'v_number'
            when named.case_id is not null then 'case'
            else 'unlinked'
        end as link_method,
        coalesce(known_person.person_id, named.person_id, certificate.certificate_id) as person_id
    from {{ of_touched(ref('rvr__toevoeging'), 'certificate') }} as certificate
    left join {{ ref('v_number_person') }} as person on certificate.v_number_id = person.v_number_id
    left join known_person on person.person_id = known_person.person_id
    left join {{ ref('application') }} as named on certificate.named_case_id = named.case_id
),

-- One in appeal belongs to the case with such a remedy, lodged nearest to the request.
by_remedy as (
    select
        linked.certificate_id,
        application.case_id,
        row_number() over (
            partition by linked.certificate_id
            order by abs(remedy.lodged_on - linked.requested_on), remedy.lodged_on, application.case_id
        ) as preference
    from linked
    inner join {{ ref('application') }} as application on linked.person_id = application.person_id
    inner join {{ ref('ind__rechtsmiddel') }} as remedy
        on application.case_id = remedy.case_id and linked.kind = remedy.kind
),

-- Any other to the application that was open when it was requested, signed nearest to that day.
by_period as (
    select
        linked.certificate_id,
        application.case_id,
        row_number() over (
            partition by linked.certificate_id
            order by
                abs(application.applied_on - linked.requested_on),
                application.applied_on,
                application.case_id
        ) as preference
    from linked
    inner join {{ ref('application') }} as application
        on linked.person_id = application.person_id and linked.requested_on >= application.registered_on
    inner join {{ ref('case_stage') }} as case_stage
        on
            application.case_id = case_stage.case_id
            and (case_stage.stage <> 'closed' or linked.requested_on <= case_stage.stage_since)
)

select
    linked.certificate_id,
    linked.person_id,
    case
        when linked.link_method = 'case' then linked.through_case_id
        else coalesce(by_remedy.case_id, by_period.case_id)
    end as case_id,
    linked.link_method,
    case when linked.link_method <> 'unlinked' then 1.0::double end as link_probability,
    linked.v_number_id,
    linked.named_case_id,
    linked.birth_date,
    linked.nationality_name,
    linked.sex,
    linked.lawyer_id,
    linked.case_code,
    linked.kind,
    linked.is_written,
    linked.requested_on,
    linked.decided_on,
    linked.decision,
    linked.settled_on,
    linked.points,
    linked.amount_eur
from linked
left join by_remedy on linked.certificate_id = by_remedy.certificate_id and by_remedy.preference = 1
left join by_period on linked.certificate_id = by_period.certificate_id and by_period.preference = 1
order by linked.certificate_id
