-- Intervals with the numbers of all series that each counts in: narrow columns, read by Python in a moment.
with segment_number as (
    select
        segment,
        segment_no * 1000 as thousands,
        group_no
    from {{ ref('lead_time_series') }}
    where group_kind = 'all'
),

group_number as (
    select distinct
        group_kind,
        group_value,
        group_no
    from {{ ref('lead_time_series') }}
)

select
    timed.interval_id,
    (segment_number.thousands + segment_number.group_no)::bigint as all_no,
    {%- for kind in lead_time_group_kinds().split() %}
    (segment_number.thousands + {{ kind }}_number.group_no)::bigint as {{ kind }}_no,
    {%- endfor %}
    timed.begins_on,
    coalesce(timed.ends_on, timed.exits_on) as left_on,
    timed.ends_on is not null as is_ended
from {{ ref('lead_time_interval') }} as timed
inner join segment_number on timed.segment = segment_number.segment
{%- for kind in lead_time_group_kinds().split() %}
inner join group_number as {{ kind }}_number
    on {{ kind }}_number.group_kind = '{{ kind }}' and timed.{{ kind }} = {{ kind }}_number.group_value
{%- endfor %}
where not timed.is_reversed
