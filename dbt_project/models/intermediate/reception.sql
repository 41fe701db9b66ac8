{{ config(materialized='kept', touched_by={'resident_id': 'resident'}) }}
select
    bewoner.resident_id,
    coalesce(person.person_id, bewoner.resident_id) as person_id,
    bewoner.v_number_id,
    bewoner.arrived_on as from_on,
    bewoner.left_on as until_on,
    bewoner.exit_reason,
    case when person.person_id is null then 'unlinked' else 'v_number' end as link_method
from {{ of_touched(ref('coa__bewoner'), 'resident') }} as bewoner
left join {{ ref('v_number_person') }} as person on bewoner.v_number_id = person.v_number_id
order by bewoner.resident_id
