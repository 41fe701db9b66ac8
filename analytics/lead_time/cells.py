"""Intervals counted by period and days: far fewer rows than intervals, and a quarter's are the sum of its months'.

Belongs here: counting and adding up. Does not belong here: any statistic.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.lead_time.intervals import KINDS, Ints, Positions, boundaries, stable_order


@dataclass(frozen=True)
class Cells:
    """How many intervals of a period lasted how long, in the order of both; no cell without any."""

    period: Ints
    """The number of a series and period (`Calendar`)."""
    days: Ints
    counts: tuple[Ints, ...]
    """Intervals of each cell; then those of them that have the first flag, the second, and so on."""

    @classmethod
    def of(cls, numbers: Ints, days: Ints, flags: int = 0) -> "Cells":
        """Of intervals in order of days. `days` are shifted left by as many bits as there are `flags`, one a flag."""
        counted = np.bincount(numbers)
        occurring = np.flatnonzero(counted)
        rank = np.zeros(len(counted), dtype=np.int32)
        rank[occurring] = np.arange(len(occurring))
        # one number a row, since taking rows in another order costs more than taking numbers apart
        packed = days[stable_order(rank[numbers])]
        days = packed >> flags
        first = np.cumsum(counted[occurring]) - counted[occurring]
        start = boundaries(days, first)
        edge = np.append(start, len(days))
        counts = (np.diff(edge), *(np.diff(_flagged_before(packed >> bit, edge)) for bit in range(flags)))
        cells = np.diff(np.append(np.searchsorted(start, first), len(start)))
        return cls(np.repeat(occurring, cells), days[start], counts)

    def by_kind(self) -> Iterator[tuple[str, "Cells"]]:
        """Of months those of each kind of period."""
        cells, before = self, 1
        for kind, length in KINDS.items():
            cells, before = cells.coarser(length // before), length
            yield kind, cells

    def coarser(self, times: int) -> "Cells":
        """The same of periods so many times as long."""
        if times == 1 or not len(self.days):
            return self
        period = self.period // times
        key = period * (int(self.days.max(initial=0)) + 1) + self.days
        # made of sorted stretches, which this kind of sorting merges
        order = np.argsort(key, kind="stable")
        start = boundaries(key[order])
        at = order[start]
        return Cells(period[at], self.days[at], tuple(np.add.reduceat(count[order], start) for count in self.counts))

    @property
    def first(self) -> Positions:
        """The first cell of each period."""
        return boundaries(self.period)


def _flagged_before(packed: Ints, places: Positions) -> Positions:
    """How many rows before each place have the last bit set."""
    running = np.zeros(len(packed) + 1, dtype=np.int32)
    np.cumsum(packed & 1, out=running[1:])
    return running[places].astype(np.intp)
