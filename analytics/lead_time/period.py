"""Intervals that begin, end or exit in a period, and how long the ended ones had lasted.

Belongs here: intermediate.lead_time_period. Does not belong here: other views of fct_lead_time.
"""

import numpy as np
import pyarrow as pa

from analytics.lead_time import statistics
from analytics.lead_time.intervals import (
    COUNTS,
    KEYS,
    Grid,
    Intervals,
    Ints,
    Moments,
    by_cell,
    grids,
    month,
    stable_order,
)


def table(intervals: Intervals) -> pa.Table:
    """One row a series and period in which any interval begins or is left (intermediate.lead_time_period)."""
    every = np.arange(len(intervals.begins))
    exits, ends = np.flatnonzero(intervals.exited), np.flatnonzero(intervals.ended)
    days = intervals.days[ends]
    by_days = stable_order(days)
    ends, days = ends[by_days], days[by_days]
    begun = Moments(every, month(intervals.begins))
    exited = Moments(exits, month(intervals.left[exits]))
    ended = Moments(ends, month(intervals.left[ends]))
    found = [_rows(grid, days) for grid in grids(intervals.series, begun, exited, ended)]
    return pa.concat_tables([_schema().empty_table(), *found])


def _rows(grid: Grid, days: Ints) -> pa.Table:
    """The rows of one dimension and kind of period; `days` are those of the ended, which are in order of them."""
    *_, ended = grid.numbers
    started, left, completed = (np.bincount(numbers, minlength=grid.size) for numbers in grid.numbers)
    here = np.flatnonzero(started + left + completed)
    first = np.cumsum(completed) - completed
    counts = {"started_count": started, "completed_count": completed, "exited_count": left}
    return pa.table(
        grid.keys(here)
        | {name: count[here] for name, count in counts.items()}
        | statistics.of_sorted(days[by_cell(ended, grid.size)[2]], first[here], completed[here]),
        schema=_schema(),
    )


def _schema() -> pa.Schema:
    return pa.schema([*KEYS, *COUNTS, *((name, pa.float64()) for name in statistics.STATISTICS)])
