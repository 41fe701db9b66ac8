{%- if not execute or var('only_touched', false) -%}
select application.case_id
from {{ last_built('application') }} as application
inner join {{ ref('touched_person') }} as touched on application.v_number_id = touched.person_id
union
-- also one that is new, or was withdrawn
select pseudonym as case_id
from {{ ref('changed_number') }}
where kind = 'zaaknummer'
order by case_id
{%- else -%}
select null::uuid as case_id
where false
{%- endif %}
