{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{{ over_term_span(
    of_touched(ref('application'), 'case'), ref('legal_clock'), ref('suspension_span'), ['as_applied', 'in_hindsight']
) }}
order by case_id, clock, from_on
