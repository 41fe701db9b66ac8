{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{{ general_extension(of_touched(ref('decision_term'), 'case')) }}
order by term.case_id, term.clock, rule.rule_id
