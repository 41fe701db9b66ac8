{%- if not execute or var('only_touched', false) -%}
select certificate.certificate_id
from {{ last_built('certificate') }} as certificate
inner join {{ ref('touched_person') }} as touched on certificate.v_number_id = touched.person_id
union
select certificate.certificate_id
from {{ last_built('certificate') }} as certificate
inner join {{ ref('touched_case') }} as touched on certificate.named_case_id = touched.case_id
union
-- also one that is new, or was withdrawn
select pseudonym as certificate_id
from {{ ref('changed_number') }}
where kind = 'toevoegingsnummer'
order by certificate_id
{%- else -%}
select null::uuid as certificate_id
where false
{%- endif %}
