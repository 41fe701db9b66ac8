{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{{ suspension_span(of_touched(ref('ind__termijnmutatie'), 'case')) }}
order by case_id, from_on
