{{ decision_term(ref('application'), ['as_applied', 'in_hindsight', 'from_loopbrief']) }}
order by case_id, clock
