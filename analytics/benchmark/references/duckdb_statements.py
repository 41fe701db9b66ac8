"""The figures as DuckDB computes them best, from tables as `duckdb_engine.load` orders and types them.

Belongs here: the statements. Does not belong here: loading and connecting.

Rows stand in order of case and time, so that `lag` and `lead` over all rows, which DuckDB streams in the order of a
table, find the row before and the next of a case without a sort. Texts are compared as the ENUM of their column: a
bare literal would turn each row's into text.
"""

from datetime import date

from analytics.benchmark.references.inputs import DIMENSIONS, GROUPS, SEGMENTS, STEPS, STOCK_DIMENSIONS

FIRST_MONTH, MONTHS = date(1900, 1, 1), 4000
"""Segment and month in one number, which groups are told apart by sooner than by two."""

FIRST_DECISION = """first_decision as materialized (
        select case_no, decided_on, pool
        from (select case_no, decided_on, pool, lag(case_no) over () as previous from decision)
        where previous is distinct from case_no
    )"""


def lead_time() -> str:
    """Days that ended in each month, per segment and group: how many, mean, median and p90.

    All quantiles are taken from the days themselves: counting equal days first leaves as many cells as days.
    """
    counted_steps = " or ".join(f"step = '{step}'::step_enum" for step in STEPS.values())
    steps = ", ".join(
        f"min(case when step = '{step}'::step_enum then realised_on end) as {column}" for column, step in STEPS.items()
    )
    bounded = ", ".join(
        f"case when {column} <= coalesce(decided_on, {column}) then {column} end as {column}" for column in STEPS
    )
    names = ", ".join(f"'{segment}'" for segment in SEGMENTS)
    stretches = " union all ".join(
        f"select ({MONTHS * no} + datediff('month', date '{FIRST_MONTH}', {end}))::smallint as series, "
        f"({end} - {begin})::smallint as days, {', '.join(GROUPS)} from case_day where {end} >= {begin}"
        for no, (begin, end) in enumerate(SEGMENTS.values())
    )
    sets = ", ".join(f"(series, {group})" for group in GROUPS)
    kind = " ".join(f"when {group} is not null then '{group}'" for group in GROUPS)
    return f"""
    with {FIRST_DECISION},
    done as materialized (
        select case_no, step, realised_on, mode from step
        where status = 'GEREALISEERD'::status_enum and ({counted_steps})
    ),
    hearing as (
        select case_no, mode
        from (
            select case_no, mode, lag(case_no) over () as previous from done where step = 'NADER_GEHOOR'::step_enum
        )
        where previous is distinct from case_no
    ),
    step_day as (
        select case_no, {steps} from done group by case_no
    ),
    case_day as materialized (
        select registered_on, applied_on, decided_on, {bounded}, {", ".join(DIMENSIONS)},
            coalesce(mode, 'unknown'::mode_enum) as hearing_mode, coalesce(pool, 'unknown'::pool_enum) as pool
        from application
        left join (from step_day left join hearing using (case_no)) using (case_no)
        left join first_decision using (case_no)
    ),
    ended as ({stretches}),
    grouped as (
        select series, {", ".join(GROUPS)},
            count(*) as completed_count, sum(days) / count(*) as mean_days,
            quantile_cont(days, [0.5, 0.9]) as quantiles
        from ended
        group by grouping sets ((series), {sets})
    )
    select [{names}][series // {MONTHS} + 1] as segment,
        (date '{FIRST_MONTH}' + to_months(series % {MONTHS}))::date as month_start,
        case {kind} else 'all' end as group_kind,
        coalesce({", ".join(f"{group}::varchar" for group in GROUPS)}, 'all') as group_value,
        completed_count, mean_days, quantiles[1] as median_days, quantiles[2] as p90_days
    from grouped
    """


def stock(as_of_on: date) -> str:
    """Undecided cases, applications and first decisions a day and combination of dimensions."""
    dimensions = ", ".join(STOCK_DIMENSIONS)
    return f"""
    with {FIRST_DECISION},
    flow as (
        select {dimensions}, applied_on as day, count(*) as applications, 0 as first_decisions
        from application group by all
        union all
        select {dimensions}, decided_on, 0, count(*)
        from application inner join first_decision using (case_no) group by all
    ),
    changed as (
        select {dimensions}, day, sum(applications)::bigint as applications,
            sum(first_decisions)::bigint as first_decisions
        from flow group by {dimensions}, day
    ),
    level as (
        select *, sum(applications - first_decisions) over of_combination as stock,
            coalesce(lead(day) over of_combination, date '{as_of_on}' + 1) as next_day
        from changed
        window of_combination as (partition by {dimensions} order by day)
    ),
    standing as (
        select *, unnest(range(case when stock = 0 then 1 else next_day - day end))::integer as days_later from level
    )
    select day + days_later as day, {dimensions}, stock::bigint as stock,
        case when days_later = 0 then applications else 0 end as applications,
        case when days_later = 0 then first_decisions else 0 end as first_decisions
    from standing
    """


def throughput() -> str:
    """Seconds from the first to the last event of each case."""
    return "select case_no, epoch(max(happened_at)) - epoch(min(happened_at)) as seconds from event group by case_no"


def graph() -> str:
    """How often one activity directly follows another, and the mean seconds between them."""
    return """
    with followed as (
        select activity, case_no, epoch_us(happened_at) as happened_us,
            lead(case_no) over () as next_case_no, lead(activity) over () as next_activity,
            epoch_us(lead(happened_at) over ()) as next_us
        from event
    )
    select activity, next_activity, count(*) as edge_count,
        sum(next_us - happened_us) / count(*) / 1000000 as mean_seconds
    from followed where next_case_no = case_no
    group by activity, next_activity
    """
