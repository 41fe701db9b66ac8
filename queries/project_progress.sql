-- How far did the clearing projects get, and are they on their line?
--
-- Every project of the rule table, TASKFORCE_2020 among them: its first day, the ends of quarters, and the
-- as-of date. The target line falls evenly from the initial stock to the target; a gap above 0 is behind. The
-- projected day goes on at the pace of the last 13 weeks. An impeded case remains, whoever works on it.
--
-- columns: project_id, day, initial_count, remaining, done, done_share, done_granted, done_refused,
--     done_other, impeded, target_line, gap_to_target, pace_13w, projected_done_on
-- marts: fct_project_progress
with progress as (
    select
        *,
        min(day) over (partition by project_id) as first_day,
        max(day) over (partition by project_id) as last_day
    from marts.fct_project_progress
)

select
    project_id,
    day,
    initial_count,
    remaining,
    done,
    round(done_share, 3) as done_share,
    done_granted,
    done_refused,
    done_other,
    impeded,
    round(target_line) as target_line,
    round(gap_to_target) as gap_to_target,
    round(pace_13w, 1) as pace_13w,
    projected_done_on
from progress
where
    day in (first_day, last_day)
    or (day = last_day(day) and month(day) in (3, 6, 9, 12))
order by project_id, day
