{{ legal_clock(
    ref('application'), ref('decision_term'), ref('general_extension'), ref('ind__termijnmutatie')
) }}
order by application.case_id
