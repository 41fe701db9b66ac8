"""Intervals that begin, end or exit in a period, and how long the ended ones had lasted.

Belongs here: intermediate.lead_time_period. Does not belong here: other views of fct_lead_time.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analytics.lead_time import statistics
from analytics.lead_time.intervals import COUNTS, KEYS, Grid, Intervals, Ints, Positions, grids, month, stable_order


@dataclass(frozen=True)
class Happened:
    """Intervals to which something happened, and the month of it."""

    rows: Positions
    months: Ints

    def count(self, grid: Grid) -> Ints:
        """How often in each series and period."""
        return np.bincount(grid.numbers(self.rows, self.months), minlength=grid.size)


def table(intervals: Intervals) -> pa.Table:
    """One row a series and period in which any interval begins or is left (intermediate.lead_time_period)."""
    every = np.arange(len(intervals.begins))
    exits, ends = np.flatnonzero(intervals.exited), np.flatnonzero(intervals.ended)
    days = intervals.days[ends]
    by_days = stable_order(days)
    ends, days = ends[by_days], days[by_days]
    begun = Happened(every, month(intervals.begins))
    exited = Happened(exits, month(intervals.left[exits]))
    ended = Happened(ends, month(intervals.left[ends]))
    months = np.concatenate([begun.months, exited.months, ended.months])
    return pa.concat_tables(
        [
            _schema().empty_table(),
            *(_rows(grid, begun, exited, ended, days) for grid in grids(intervals.series, months)),
        ]
    )


def _rows(grid: Grid, begun: Happened, exited: Happened, ended: Happened, days: Ints) -> pa.Table:
    """The rows of one dimension and kind of period; `days` are those of the ended, which are in order of them."""
    started, left, completed = (happened.count(grid) for happened in (begun, exited, ended))
    here = np.flatnonzero(started + left + completed)
    order = stable_order(grid.numbers(ended.rows, ended.months))
    first = np.cumsum(completed) - completed
    counts = {"started_count": started, "completed_count": completed, "exited_count": left}
    return pa.table(
        grid.keys(here)
        | {name: count[here] for name, count in counts.items()}
        | statistics.of_sorted(days[order], first[here], completed[here]),
        schema=_schema(),
    )


def _schema() -> pa.Schema:
    return pa.schema([*KEYS, *COUNTS, *((name, pa.float64()) for name in statistics.STATISTICS)])
