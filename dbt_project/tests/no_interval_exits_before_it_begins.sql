select
    segment,
    interval_id
from {{ ref('lead_time_stretch') }}
where exits_on < begins_on
