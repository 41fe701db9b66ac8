-- How many cases wait, for whom, and how long?
--
-- The open cases at the end of the as-of date, by the stage they are in and the party that holds it. Over
-- norm: longer in the stage than its chain norm. Days are days in this stage, not since the application. An
-- impeded case waits for something that its holder cannot give.
--
-- columns: holder, stage, cases, of_which_family_reunification, over_norm, over_norm_share, impeded,
--     median_days, p90_days, longest_days
-- marts: fct_stage_visit, dim_case
with open_visit as (
    select
        visit.holder,
        visit.stage,
        visit.days,
        visit.is_over_norm,
        visit.application_kind = 'family_reunification' as is_family_reunification,
        applicant.is_impeded
    from marts.fct_stage_visit as visit
    inner join marts.dim_case as applicant on visit.case_id = applicant.case_id
    where visit.left_on is null
)

select
    holder,
    stage,
    count(*) as cases,
    count(*) filter (where is_family_reunification) as of_which_family_reunification,
    count(*) filter (where is_over_norm) as over_norm,
    round(count(*) filter (where is_over_norm) / count(is_over_norm), 3) as over_norm_share,
    count(*) filter (where is_impeded) as impeded,
    round(quantile_cont(days, 0.5), 1) as median_days,
    round(quantile_cont(days, 0.9), 1) as p90_days,
    max(days) as longest_days
from open_visit
group by holder, stage
order by cases desc, holder asc, stage asc
