-- A later period of a location ends an earlier one that was left open.
select
    location_code,
    location_type,
    municipality_code,
    capacity,
    valid_from as from_on,
    least(
        coalesce(valid_to + 1, date '9999-12-31'),
        coalesce(lead(valid_from) over (partition by location_code order by valid_from), date '9999-12-31')
    ) as until_on
from {{ ref('coa__locatie') }}
order by location_code, from_on
