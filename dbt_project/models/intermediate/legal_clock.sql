{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{{ legal_clock(
    of_touched(ref('application'), 'case'),
    of_touched(ref('decision_term'), 'case'),
    of_touched(ref('general_extension'), 'case'),
    of_touched(ref('ind__termijnmutatie'), 'case')
) }}
order by application.case_id
