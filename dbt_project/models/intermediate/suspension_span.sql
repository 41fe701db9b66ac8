{{ suspension_span(ref('ind__termijnmutatie')) }}
order by case_id, from_on
