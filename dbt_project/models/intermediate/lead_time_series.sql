with segments as (
    select
        segment,
        row_number() over (order by segment) as segment_no
    from (select distinct segment from {{ ref('lead_time_interval') }})
),

grouped as (
    {%- for kind in ['all'] + lead_time_group_kinds().split() %}
    select distinct
        '{{ kind }}' as group_kind,
        {{ "'all'" if kind == 'all' else kind }} as group_value
    from {{ ref('lead_time_interval') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
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
