with realised as (
    select
        *,
        row_number() over (partition by case_id, step order by realised_on, step_no) as rank_within_step
    from {{ ref('ind__processtap') }}
    where status = 'GEREALISEERD'
)

select
    case_id,
    min(case when step = 'AANMELDGEHOOR' then realised_on end) as first_interview_on,
    min(case when step = 'RVT_EINDE' then realised_on end) as prepared_on,
    min(case when step = 'DOSSIER_GEREED' then realised_on end) as file_ready_on,
    min(case when step = 'NADER_GEHOOR' then realised_on end) as heard_on,
    max(case when step = 'NADER_GEHOOR' and rank_within_step = 1 then mode end) as hearing_mode,
    min(case when step = 'VOORNEMEN' then realised_on end) as intended_on,
    min(case when step = 'ZIENSWIJZE' then realised_on end) as viewed_on,
    sum(hours) as step_hours
from realised
group by case_id
order by case_id
