"""Means and quantiles of whole days, as marts.md rounds them.

Belongs here: arithmetic on days that are sorted and counted already. Does not belong here: whose days.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.lead_time.intervals import Ints, Positions

Floats = npt.NDArray[np.float64]
QUANTILES = {"median_days": 50, "p80_days": 80, "p90_days": 90, "p95_days": 95}
STATISTICS = ("mean_days", *QUANTILES)
DIGITS = 6


def rounded(values: Floats, digits: int = DIGITS) -> Floats:
    """Rounded half away from zero, as DuckDB does; values are not negative."""
    scaled = values * 10.0**digits
    whole = np.floor(scaled)
    return (whole + (scaled - whole >= 0.5)) / 10.0**digits


def of_counted(days: Ints, counts: Ints, first: Positions) -> dict[str, pa.Array]:
    """Mean and quantiles of stretches of sorted `days`, each day as often as it counts; null where nothing counts.

    `first` has the begin of each stretch. A quantile lies at rank q (n - 1), between two neighbours on a straight line.
    Integers until the last division.
    """
    if not len(days):
        return {name: pa.nulls(len(first), pa.float64()) for name in STATISTICS}
    edge = np.append(first, len(days))
    before = np.concatenate([[0], np.cumsum(counts)])
    count = np.diff(before[edge])
    none = count == 0
    total = np.diff(np.concatenate([[0], np.cumsum(days * counts)])[edge])
    found = {"mean_days": pa.array(rounded(total / np.maximum(count, 1)), mask=none)}

    def at(rank: Ints) -> Ints:
        place = np.searchsorted(before[1:], before[first] + rank, side="right")
        return days[np.minimum(place, len(days) - 1)]

    for name, percent in QUANTILES.items():
        rank = percent * np.maximum(count - 1, 0)
        low, high = at(rank // 100), at((rank + 99) // 100)
        found[name] = pa.array(rounded(low + rank % 100 / 100 * (high - low)), mask=none)
    return found
