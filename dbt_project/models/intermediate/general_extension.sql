{{ general_extension(ref('decision_term')) }}
order by term.case_id, term.clock, rule.rule_id
