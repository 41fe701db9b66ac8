{{ config(materialized='view') }}
{#-
    A view: of a case the intervals are its days, read in pairs, and written out they were the largest table of all, with
    the groups of a case seven times over. Of an appeal or a certificate the groups are left to lead_time_interval.
-#}
{%- set groups = lead_time_group_kinds().split() -%}
with stretch as (
    {%- for segment, (begins_on, ends_on, exits_on) in lead_time_case_segments().items() %}
    select
        '{{ segment }}' as segment,
        case_id,
        {{ begins_on }} as begins_on,
        {{ ends_on }} as ends_on,
        {{ exits_on }} as exits_on,
        {{ groups | join(',\n        ') }}
    from {{ ref('lead_time_case') }}
    where {{ begins_on }} is not null
    union all
    {%- endfor %}
    select
        'appeal_to_ruling' as segment,
        remedy.case_id,
        remedy.lodged_on as begins_on,
        remedy.ruled_on as ends_on,
        null::date as exits_on,
        null as {{ groups | join(',\n        null as ') }}
    from {{ ref('ind__rechtsmiddel') }} as remedy
    where remedy.kind in ('BEROEP', 'HOGER_BEROEP')
    union all
    select
        'legal_aid_request_to_grant' as segment,
        certificate.case_id,
        certificate.requested_on as begins_on,
        case when certificate.decision = 'VERLEEND' then certificate.decided_on end as ends_on,
        case when certificate.decision <> 'VERLEEND' then certificate.decided_on end as exits_on,
        null as {{ groups | join(',\n        null as ') }}
    from {{ ref('certificate') }} as certificate
)

select
    segment,
    case_id,
    begins_on,
    -- what comes first holds; on one day the end does
    case when ends_on <= coalesce(exits_on, ends_on) then ends_on end as ends_on,
    case when exits_on < coalesce(ends_on, date '9999-12-31') then exits_on end as exits_on,
    {{ groups | join(',\n    ') }},
    coalesce(ends_on < begins_on, false) as is_reversed
from stretch
