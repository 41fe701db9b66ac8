{%- if not execute or var('only_touched', false) -%}
select aanvraag.case_id
from {{ ref('ind__aanvraag') }} as aanvraag
inner join {{ ref('v_number_person') }} as person on aanvraag.v_number_id = person.v_number_id
inner join {{ ref('touched_person') }} as touched on person.person_id = touched.person_id
union
-- also when it was withdrawn
select pseudonym as case_id
from {{ ref('changed_number') }}
where kind = 'zaaknummer'
order by case_id
{%- else -%}
select null::varchar as case_id
where false
{%- endif %}
