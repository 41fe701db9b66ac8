{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{{ decision_term(of_touched(ref('application'), 'case'), ['as_applied', 'in_hindsight', 'from_loopbrief']) }}
order by case_id, clock
