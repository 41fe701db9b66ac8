-- Two norms of one day would count a visit twice.
select
    one.stage,
    one.valid_from,
    other.valid_from as other_valid_from
from {{ ref('stage_norms') }} as one
inner join {{ ref('stage_norms') }} as other
    on
        one.stage = other.stage
        and one.valid_from < other.valid_from
        and coalesce(one.valid_to, date '9999-12-31') >= other.valid_from
