"""What every engine loads, from a home that was refreshed; and the figures as the platform published them.

Belongs here: the files. Does not belong here: computing a figure.

| file | one row |
| --- | --- |
| `application` | a case: `case_no`, its days of registration and application, and the dimensions |
| `step` | a procedural step, planned or done |
| `decision` | a decision |
| `event` | an event of a case for process mining: `case_no`, `activity`, `happened_at`; never two at one moment |
"""

from pathlib import Path

import duckdb

DIMENSIONS = ("application_kind", "nationality_group", "track", "procedure", "complexity", "project")
GROUPS = (*DIMENSIONS, "hearing_mode", "pool")
STOCK_DIMENSIONS = ("application_kind", "nationality_group", "track", "project")
SEGMENTS = {
    "registration_to_application": ("registered_on", "applied_on"),
    "application_to_first_interview": ("applied_on", "first_interview_on"),
    "first_interview_to_hearing": ("first_interview_on", "heard_on"),
    "hearing_to_decision": ("heard_on", "decided_on"),
    "application_to_decision": ("applied_on", "decided_on"),
    "intention_to_view": ("intended_on", "viewed_on"),
}
"""Segments that follow from a case's own steps and decisions; steps later than the first decision count in none."""
STEPS = {
    "first_interview_on": "AANMELDGEHOOR",
    "heard_on": "NADER_GEHOOR",
    "intended_on": "VOORNEMEN",
    "viewed_on": "ZIENSWIJZE",
}

_TABLES = {
    "application": f"""
        select numbered.case_no, registered_on, applied_on, {", ".join(DIMENSIONS)}
        from intermediate.application inner join numbered using (case_id)""",
    "step": """
        select numbered.case_no, step_no, step, status, realised_on, mode
        from staging.ind__processtap inner join numbered using (case_id)""",
    "decision": """
        select numbered.case_no, decision_no, decided_on, coalesce(pool, 'unknown') as pool
        from staging.ind__beslissing inner join numbered using (case_id)""",
    # a second apart in the order of a day, so that no engine has to guess it
    "event": """
        select case_no, activity,
            happened_on::timestamp + to_seconds(
                row_number() over (partition by case_no, happened_on order by rank, step_no)
            ) as happened_at
        from (
            select case_no, 'APPLIED' as activity, applied_on as happened_on, 0 as rank, 0 as step_no from application
            union all
            select case_no, step || ' ' || status, coalesce(realised_on, planned_on), 1, step_no
            from staging.ind__processtap inner join numbered using (case_id)
            where coalesce(realised_on, planned_on) is not null
            union all
            select case_no, 'DECIDED', decided_on, 2, decision_no from decision
        )""",
}

PUBLISHED = {
    "lead_time": f"""
        select segment, period_start as month_start, group_kind, group_value, completed_count, mean_days, median_days,
            p90_days
        from chain.marts.fct_lead_time
        where view = 'period' and period_kind = 'month' and completed_count > 0
            and segment in ({", ".join(f"'{name}'" for name in SEGMENTS)})""",
    "stock": f"""
        select day, {", ".join(STOCK_DIMENSIONS)}, stock, applications, first_decisions
        from chain.marts.fct_ind_stock_daily""",
}
"""The figures and their columns; keys first, in `KEYS`."""
KEYS = {"lead_time": 4, "stock": 1 + len(STOCK_DIMENSIONS)}


def write(home: Path, folder: Path) -> dict[str, int]:
    """Write the files into a folder; returns the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    with duckdb.connect(str(home / "work" / "ketenzicht.duckdb"), read_only=True, config={"threads": 2}) as connection:
        connection.execute(f"attach '{home / 'published' / 'chain.duckdb'}' as chain (read_only)")
        connection.execute(
            "create temp table numbered as "
            "select case_id, row_number() over (order by case_id)::integer as case_no from intermediate.application"
        )
        for name, rows in _TABLES.items():
            connection.execute(f"create temp table {name} as {rows} order by all")
            connection.execute(f"copy {name} to '{folder / f'{name}.parquet'}'")
            counted = connection.execute(f"select count(*) from {name}").fetchone()
            counts[name] = int(counted[0]) if counted else 0
        for name, rows in PUBLISHED.items():
            connection.execute(f"copy ({rows}) to '{folder / f'published_{name}.parquet'}'")
        known = connection.execute("select as_of_on from raw.as_of").fetchone()
    (folder / "as_of_on").write_text(str(known[0]) if known else "")
    return counts
