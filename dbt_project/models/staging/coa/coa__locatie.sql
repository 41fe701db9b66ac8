select
    delivered.locatiecode as location_code,
    delivered.geldig_vanaf as valid_from,
    delivered.geldig_tot as valid_to,
    delivered.naam as name,
    delivered.gemeentecode as municipality_code,
    delivered.soort::varchar as location_type,
    delivered.capaciteit::bigint as capacity
from {{ source('raw', 'coa__locatie') }} as delivered
where {{ in_force('delivered') }}
