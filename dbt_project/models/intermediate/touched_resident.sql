{%- if not execute or var('only_touched', false) -%}
select bewoner.resident_id
from {{ ref('coa__bewoner') }} as bewoner
left join {{ ref('v_number_person') }} as person on bewoner.v_number_id = person.v_number_id
inner join {{ ref('touched_person') }} as touched
    on coalesce(person.person_id, bewoner.resident_id) = touched.person_id
union
-- also when it was withdrawn
select pseudonym as resident_id
from {{ ref('changed_number') }}
where kind = 'coa_nummer'
order by resident_id
{%- else -%}
select null::varchar as resident_id
where false
{%- endif %}
