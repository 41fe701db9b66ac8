"""Intervals that begin, end or exit in a period, and how long the ended ones had lasted.

Belongs here: intermediate.lead_time_period. Does not belong here: other views of fct_lead_time.
"""

import numpy as np
import pyarrow as pa

from analytics.lead_time import statistics
from analytics.lead_time.cells import Cells
from analytics.lead_time.intervals import COUNTS, KEYS, KINDS, Calendar, Intervals, Ints, Positions, month, stable_order


def table(intervals: Intervals) -> pa.Table:
    """One row a series and period in which any interval begins or is left (intermediate.lead_time_period)."""
    exits, ends = np.flatnonzero(intervals.exited), np.flatnonzero(intervals.ended)
    days = intervals.days[ends]
    by_days = stable_order(days)
    ends, days = ends[by_days], days[by_days]
    begun, exited, ended = month(intervals.begins), month(intervals.left[exits]), month(intervals.left[ends])
    calendar = Calendar.of(begun, exited, ended)
    found = [schema().empty_table()]
    for dimension in intervals.dimensions if len(begun) else ():
        size = len(dimension.series) * calendar.width
        started, left = (
            np.bincount(calendar.numbers(codes, months), minlength=size)
            for codes, months in ((dimension.codes, begun), (dimension.codes[exits], exited))
        )
        completed = Cells.of(calendar.numbers(dimension.codes[ends], ended), days)
        for kind, cells in completed.by_kind():
            flow = [counted.reshape(-1, KINDS[kind]).sum(axis=1) for counted in (started, left)]
            here, columns = _columns(cells, *flow)
            found.append(pa.table(calendar.keys(dimension, kind, here) | columns, schema=schema()))
    return pa.concat_tables(found)


def _columns(completed: Cells, started: Ints, exited: Ints) -> tuple[Positions, dict[str, pa.Array]]:
    """The numbers of periods in which anything happens, and their columns."""
    ended = np.bincount(completed.period, completed.counts[0], minlength=len(started)).astype(np.int64)
    here = np.flatnonzero(started + exited + ended)
    first = np.searchsorted(completed.period, here)
    counts = {"started_count": started[here], "completed_count": ended[here], "exited_count": exited[here]}
    return here, counts | statistics.of_counted(completed.days, completed.counts[0], first)


def schema() -> pa.Schema:
    """The columns of the table, also of one without rows."""
    return pa.schema([*KEYS, *COUNTS, *((name, pa.float64()) for name in statistics.STATISTICS)])
