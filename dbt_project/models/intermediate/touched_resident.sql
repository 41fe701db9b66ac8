{%- if not execute or var('only_touched', false) -%}
select reception.resident_id
from {{ last_built('reception') }} as reception
inner join {{ ref('touched_person') }} as touched on reception.v_number_id = touched.person_id
union
-- also one that is new, or was withdrawn
select pseudonym as resident_id
from {{ ref('changed_number') }}
where kind = 'coa_nummer'
order by resident_id
{%- else -%}
select null::uuid as resident_id
where false
{%- endif %}
