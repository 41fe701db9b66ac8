"""The figures as PostgreSQL computes them. Belongs here: the statements. Does not belong here: connecting."""

from datetime import date
from pathlib import Path

from analytics.benchmark.references.inputs import GROUPS, SEGMENTS, STEPS, STOCK_DIMENSIONS

TABLES = {
    "application": "case_no integer, registered_on date, applied_on date, application_kind text, "
    "nationality_group text, track text, procedure text, complexity text, project text",
    "step": "case_no integer, step_no bigint, step text, status text, realised_on date, mode text",
    "decision": "case_no integer, decision_no bigint, decided_on date, pool text",
}


def lead_time() -> str:
    """Days that ended in each month, per segment and group: how many, mean, median and p90."""
    steps = ", ".join(
        f"min(case when step = '{step}' then realised_on end) as {column}" for column, step in STEPS.items()
    )
    bounded = ", ".join(
        f"case when {column} <= coalesce(decided_on, {column}) then {column} end as {column}" for column in STEPS
    )
    stretches = " union all ".join(
        f"select '{segment}' as segment, {begin} as begins_on, {end} as ends_on, {', '.join(GROUPS)} from case_day"
        for segment, (begin, end) in SEGMENTS.items()
    )
    sets = ", ".join(f"(segment, month_start, {group})" for group in GROUPS)
    kind = " ".join(f"when {group} is not null then '{group}'" for group in GROUPS)
    return f"""
    with step_day as (
        select case_no, {steps} from step where status = 'GEREALISEERD' group by case_no
    ),
    hearing as (
        select distinct on (case_no) case_no, mode
        from step where step = 'NADER_GEHOOR' and status = 'GEREALISEERD' order by case_no, realised_on, step_no
    ),
    first_decision as (
        select distinct on (case_no) case_no, decided_on, pool from decision order by case_no, decided_on, decision_no
    ),
    case_day as (
        select registered_on, applied_on, decided_on, {bounded},
            application_kind, nationality_group, track, procedure, complexity, project,
            coalesce(hearing.mode, 'unknown') as hearing_mode, coalesce(first_decision.pool, 'unknown') as pool
        from application
        left join step_day on application.case_no = step_day.case_no
        left join hearing on application.case_no = hearing.case_no
        left join first_decision on application.case_no = first_decision.case_no
    ),
    stretch as ({stretches}),
    ended as (
        select *, cast(date_trunc('month', ends_on) as date) as month_start, ends_on - begins_on as days
        from stretch where ends_on >= begins_on
    ),
    grouped as (
        select segment, month_start, case {kind} else 'all' end as group_kind,
            coalesce({", ".join(GROUPS)}, 'all') as group_value,
            count(*) as completed_count,
            cast(sum(days) as double precision) / count(*) as mean_days,
            percentile_cont(array[0.5, 0.9]) within group (order by days) as quantiles
        from ended
        group by grouping sets ((segment, month_start), {sets})
    )
    select segment, month_start, group_kind, group_value, completed_count, mean_days,
        quantiles[1] as median_days, quantiles[2] as p90_days
    from grouped
    """


def stock(as_of_on: date) -> str:
    """Undecided cases, applications and first decisions a day and combination of dimensions."""
    dimensions = ", ".join(STOCK_DIMENSIONS)
    return f"""
    with first_decision as (
        select case_no, min(decided_on) as decided_on from decision group by case_no
    ),
    change as (
        select {dimensions}, applied_on as day, 1 as applications, 0 as first_decisions from application
        union all
        select {dimensions}, decided_on, 0, 1
        from application inner join first_decision on application.case_no = first_decision.case_no
    ),
    changed as (
        select {dimensions}, day, sum(applications) as applications, sum(first_decisions) as first_decisions
        from change group by {dimensions}, day
    ),
    level as (
        select *, sum(applications - first_decisions) over of_combination as stock,
            coalesce(lead(day) over of_combination, date '{as_of_on}' + 1) as next_day
        from changed
        window of_combination as (partition by {dimensions} order by day)
    ),
    standing as (
        select *, cast(
            generate_series(day, case when stock = 0 then day else next_day - 1 end, interval '1 day') as date
        ) as stands_on
        from level
    )
    select stands_on as day, {dimensions}, cast(stock as bigint) as stock,
        cast(case when stands_on = day then applications else 0 end as bigint) as applications,
        cast(case when stands_on = day then first_decisions else 0 end as bigint) as first_decisions
    from standing
    """


def sources(folder: Path) -> dict[str, Path]:
    """The Parquet file of each table."""
    return {name: folder / f"{name}.parquet" for name in TABLES}
