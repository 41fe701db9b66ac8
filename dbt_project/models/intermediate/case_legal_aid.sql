{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
-- A certificate serves a family: it counts for every case of the same family and kind of application.
with of_case as (
    select
        application.family_id,
        application.application_kind,
        certificate.case_id,
        certificate.requested_on,
        case when certificate.decision = 'VERLEEND' then certificate.decided_on end as granted_on
    from {{ ref('certificate') }} as certificate
    inner join {{ ref('application') }} as application on certificate.case_id = application.case_id
    where certificate.kind in ('AANMELDFASE', 'AA', 'VA', 'DUBLIN')
),

own as (
    select
        case_id,
        requested_on,
        granted_on
    from {{ of_touched('of_case', 'case') }}
    union all
    select
        relative.case_id,
        of_case.requested_on,
        of_case.granted_on
    from of_case
    inner join {{ of_touched(ref('application'), 'case') }} as relative
        on of_case.family_id = relative.family_id and of_case.application_kind = relative.application_kind
)

select
    case_id,
    min(requested_on) as legal_aid_requested_on,
    min(granted_on) as legal_aid_granted_on
from own
group by case_id
order by case_id
