with segments as (
    select
        segment,
        row_number() over (order by segment) as segment_no
    from
        unnest([
            {%- for segment in lead_time_case_segments() %}
            '{{ segment }}',
            {%- endfor %}
            'appeal_to_ruling',
            'legal_aid_request_to_grant'
        ]) as named (segment)
),

combination as (
    select distinct {{ lead_time_group_kinds().split() | join(', ') }}
    from {{ ref('lead_time_case') }}
),

-- `unknown` of every kind: a certificate may belong to no case.
grouped as (
    select
        'all' as group_kind,
        'all' as group_value
    {%- for kind in lead_time_group_kinds().split() %}
    union
    select
        '{{ kind }}' as group_kind,
        {{ kind }} as group_value
    from combination
    union
    select
        '{{ kind }}' as group_kind,
        'unknown' as group_value
    {%- endfor %}
),

groups as (
    select
        *,
        row_number() over (order by group_kind, group_value) as group_no
    from grouped
)

select
    segments.segment_no * 1000 + groups.group_no as series_no,
    segments.segment_no,
    groups.group_no,
    segments.segment,
    groups.group_kind,
    groups.group_value
from segments
cross join groups
order by series_no
