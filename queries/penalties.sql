-- What have penalties for late decisions cost so far, and what is at stake in 90 days?
--
-- Every run up to the as-of date. Added in 90 days: what the runs that run now or are yet to start cost more
-- if nothing is decided; notices yet to come are not in it, and ketenzicht status counts the running ones
-- only. Payments on a case that has no run here are in fct_penalty_monthly only.
--
-- columns: kind, runs, cases, running, yet_to_start, accrued_eur, paid_eur, outstanding_eur,
--     added_in_90_days_eur, accrued_of_running_eur, maximum_of_running_eur
-- marts: fct_penalty_run, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
),

run as (
    select
        penalty.*,
        penalty.starts_on > as_of.as_of_on as is_yet_to_start
    from marts.fct_penalty_run as penalty
    cross join as_of
)

select
    coalesce(kind, 'all') as kind,
    count(*) as runs,
    count(distinct case_id) as cases,
    count(*) filter (where is_running) as running,
    count(*) filter (where is_yet_to_start) as yet_to_start,
    coalesce(sum(amount_accrued_eur), 0) as accrued_eur,
    coalesce(sum(paid_eur), 0) as paid_eur,
    coalesce(sum(outstanding_eur), 0) as outstanding_eur,
    coalesce(sum(amount_if_undecided_90d_eur - amount_accrued_eur), 0) as added_in_90_days_eur,
    coalesce(sum(amount_accrued_eur) filter (where is_running), 0) as accrued_of_running_eur,
    coalesce(sum(amount_maximum_eur) filter (where is_running), 0) as maximum_of_running_eur
from run
group by rollup(kind)
order by grouping(kind) desc, kind asc
