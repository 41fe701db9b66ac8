{{ config(materialized='view') }}
{%- set groups = lead_time_group_kinds().split() -%}
select
    segment,
    case_id,
    begins_on,
    ends_on,
    exits_on,
    {{ groups | join(',\n    ') }},
    is_reversed
from {{ ref('lead_time_stretch') }}
where segment not in ('appeal_to_ruling', 'legal_aid_request_to_grant')
union all
select
    stretch.segment,
    stretch.case_id,
    stretch.begins_on,
    stretch.ends_on,
    stretch.exits_on,
    {% for group in groups -%}
    coalesce(of_case.{{ group }}, 'unknown') as {{ group }},
    {% endfor -%}
    stretch.is_reversed
from {{ ref('lead_time_stretch') }} as stretch
left join {{ ref('lead_time_case') }} as of_case on stretch.case_id = of_case.case_id
where stretch.segment in ('appeal_to_ruling', 'legal_aid_request_to_grant')
