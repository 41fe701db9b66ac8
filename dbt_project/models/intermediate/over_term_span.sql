{{ over_term_span(
    ref('application'), ref('legal_clock'), ref('suspension_span'), ['as_applied', 'in_hindsight']
) }}
order by case_id, clock, from_on
