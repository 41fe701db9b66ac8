{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
with ranked as (
    select
        *,
        row_number() over (partition by case_id order by decided_on, decision_no) as rank_from_first,
        row_number() over (partition by case_id order by decided_on desc, decision_no desc) as rank_from_last
    from {{ of_touched(ref('ind__beslissing'), 'case') }}
)

select
    case_id,
    max(case when rank_from_first = 1 then decided_on end) as decided_on,
    max(case when rank_from_first = 1 then notified_on end) as notified_on,
    max(case when rank_from_first = 1 then outcome end) as outcome,
    max(case when rank_from_first = 1 then outcome_group end) as outcome_group,
    max(case when rank_from_first = 1 then pool end) as pool,
    max(case when rank_from_last = 1 then decided_on end) as last_decided_on,
    max(case when rank_from_last = 1 then outcome end) as last_outcome,
    count(*) as decision_count,
    min(case when outcome_group = 'granted' then decided_on end) as granted_on,
    sum(hours) as decision_hours
from ranked
group by case_id
order by case_id
