"""The published fct_lead_time against the oracle's intervals and statistics, row by row.

Belongs here: the groups of an interval, and which rows there must be. Not: the statistics (`survival`).
"""

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.case import Case
from tests.oracle.compare import Published
from tests.oracle.lead_time import Interval
from tests.oracle.lead_time_table import MONTHS, Period, periods, row
from tests.oracle.reading import Reading
from tests.oracle.timeline import realised

VIEWS = ["cohort", "period", "stock"]
COUNTS = ["started_count", "completed_count", "exited_count", "open_count"]
HEARING_MODES = {"MONDELING": "oral", "SCHRIFTELIJK": "written", "VIDEO": "video"}
COMPLEXITIES = {"STANDAARD": "standard", "COMPLEX": "complex", "ZEER_COMPLEX": "very_complex"}
ROUNDING = 1.5e-6
"""Published to 6 decimals; the last may fall either way."""

Group = tuple[str, str, str]
"""segment, group_kind, group_value."""
Key = tuple[str, str, str, date, str, str]
"""segment, view, period_kind, period_start, group_kind, group_value."""


def groups_of(interval: Interval, reading: Reading) -> dict[str, str]:
    """The value of every group kind; unknown where the case does not say, or there is no case."""
    read = reading.cases.get(interval.zaaknummer or "")
    names = ["application_kind", "nationality_group", "track", "project"]
    values = dict(zip(names, read.dimensions, strict=True)) if read else dict.fromkeys(names, "unknown")
    values |= {"all": "all", **(attributes(read.case) if read else {})}
    return values | {
        name: values.get(name) or "unknown" for name in ("procedure", "hearing_mode", "pool", "complexity")
    }


def attributes(case: Case) -> dict[str, str]:
    """Groups that only fct_lead_time has: of the first hearing and of the first decision."""
    hearings = realised(case, "NADER_GEHOOR")
    decision = case.decisions[0] if case.decisions else None
    return {
        "procedure": case.procedure or "",
        "hearing_mode": HEARING_MODES[hearings[0].vorm] if hearings else "",
        "pool": (decision.pool or "") if decision else "",
        "complexity": COMPLEXITIES.get(case.aanvraag.complexiteit or "", ""),
    }


def lead_time_differences(published: Published, reading: Reading) -> list[str]:
    """Every row of every segment, view, period and group; a row that counts nothing may be there or not."""
    by_group: dict[Group, list[Interval]] = defaultdict(list)
    for interval in reading.intervals(lambda zaaknummer: published.pseudonym("zaaknummer", zaaknummer)):
        for kind, value in groups_of(interval, reading).items():
            by_group[interval.segment, kind, value].append(interval)
    names = ["segment", "view", "period_kind", "period_start", "group_kind", "group_value"]
    theirs: dict[Key, dict[str, Any]] = {
        tuple(line[name] for name in names): line for line in published.rows("fct_lead_time")
    }  # type: ignore[misc]
    found = []
    for (segment, group_kind, group_value), intervals in by_group.items():
        first = min(i.begin for i in intervals)
        for period in (p for kind in MONTHS for p in periods(kind, first, reading.as_of)):
            for view in VIEWS:
                key = (segment, view, period.kind, period.first, group_kind, group_value)
                found += row_differences(key, theirs.pop(key, None), intervals, period)
    return found + [f"fct_lead_time {key}: published, not in the oracle" for key in theirs]


def row_differences(key: Key, line: dict[str, Any] | None, intervals: list[Interval], period: Period) -> list[str]:
    """One row, cell by cell."""
    ours = row(intervals, key[1], period)
    if line is None:
        counts_something = any(ours[name] for name in COUNTS)
        return [f"fct_lead_time {key}: in the oracle, not published: {ours}"] if counts_something else []
    return [
        f"fct_lead_time {key} {name}: published {line[name]}, oracle {value}"
        for name, value in ours.items()
        if not same(line[name], value)
    ]


def same(theirs: float | None, ours: float | None) -> bool:
    """Equal, to the rounding of what is published."""
    if theirs is None or ours is None:
        return theirs is ours
    return abs(float(theirs) - float(ours)) <= ROUNDING
