"""Means and quantiles of whole days, as marts.md rounds them.

Belongs here: arithmetic on days that are sorted already. Does not belong here: whose days.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.lead_time.intervals import Ints

Floats = npt.NDArray[np.float64]
QUANTILES = {"median_days": 50, "p80_days": 80, "p90_days": 90, "p95_days": 95}
STATISTICS = ("mean_days", *QUANTILES)
DIGITS = 6


def rounded(values: Floats, digits: int = DIGITS) -> Floats:
    """Rounded half away from zero, as DuckDB does; values are not negative."""
    scaled = values * 10.0**digits
    whole = np.floor(scaled)
    return (whole + (scaled - whole >= 0.5)) / 10.0**digits


def of_sorted(days: Ints, first: Ints, count: Ints) -> dict[str, pa.Array]:
    """Mean and quantiles of stretches of `days`, each sorted, from `first` and `count` long; null where that is 0.

    A quantile lies at rank q (n - 1), between two neighbours on a straight line. Integers until the last division.
    """
    none = count == 0
    if not len(days):
        return {name: pa.nulls(len(first), pa.float64()) for name in STATISTICS}
    total = np.concatenate([[0], np.cumsum(days, dtype=np.int64)])
    mean = (total[first + count] - total[first]) / np.maximum(count, 1)
    found = {"mean_days": pa.array(rounded(mean), mask=none)}
    for name, percent in QUANTILES.items():
        rank = np.where(none, 0, percent * (count - 1))
        at = np.where(none, 0, first)
        low, high = days[at + rank // 100], days[at + (rank + 99) // 100]
        found[name] = pa.array(rounded(low + rank % 100 / 100 * (high - low)), mask=none)
    return found
