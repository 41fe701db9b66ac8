select
    segment,
    case_id,
    begins_on
from {{ ref('lead_time_stretch') }}
where exits_on < begins_on
