{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
select
    case_id,
    min(case when step = 'AANMELDGEHOOR' then realised_on end) as first_interview_on,
    min(case when step = 'RVT_EINDE' then realised_on end) as prepared_on,
    min(case when step = 'DOSSIER_GEREED' then realised_on end) as file_ready_on,
    min(case when step = 'NADER_GEHOOR' then realised_on end) as heard_on,
    min_by(mode, row(realised_on, step_no)) filter (where step = 'NADER_GEHOOR') as hearing_mode,
    min(case when step = 'VOORNEMEN' then realised_on end) as intended_on,
    min(case when step = 'ZIENSWIJZE' then realised_on end) as viewed_on,
    sum(hours) as step_hours
from {{ of_touched(ref('ind__processtap'), 'case') }}
where status = 'GEREALISEERD'
group by case_id
order by case_id
