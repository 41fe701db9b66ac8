"""Intervals that are open at the end of a month, with their ages.

Belongs here: intermediate.lead_time_stock. Does not belong here: other views of fct_lead_time.

Per series a matrix of months by days of beginning: what begins adds one, what is left takes it away, and the running
sum over months is what is open. The work grows with the days on which anything begins, not with cases x months.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analytics.lead_time.intervals import Intervals, Ints, boundaries, dates, first_day, month, stable_order
from analytics.lead_time.statistics import QUANTILES, STATISTICS, Floats, rounded


def table(intervals: Intervals) -> pa.Table:
    """One row a series and month at whose end any interval is open (intermediate.lead_time_stock)."""
    last_month = int(month(np.array([intervals.as_of]))[0])
    begun = month(intervals.begins)
    left = np.where(intervals.is_left, month(np.maximum(intervals.left, intervals.begins)), last_month + 1)
    # what is left in the month of its beginning is open at no month's end
    stays = np.flatnonzero(left > begun)
    stays = stays[stable_order(intervals.begins[stays])]
    begins, left = intervals.begins[stays], np.minimum(left[stays], last_month + 1)
    parts = [
        {"series_no": np.full(len(columns["month_start"]), dimension.series[code])} | columns
        for dimension in intervals.dimensions
        for code, begun, until in _by_series(dimension.codes[stays], begins, left)
        for columns in [_of_series(begun, until, intervals.as_of)]
    ]
    if not parts:
        return schema().empty_table()
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return pa.table(columns | {"month_start": dates(columns["month_start"])}, schema=schema())


def _by_series(codes: Ints, begins: Ints, left: Ints) -> Iterator[tuple[int, Ints, Ints]]:
    """Begins and months of leaving of each series, in order of their begin as all are."""
    order = stable_order(codes)
    codes, begins, left = codes[order], begins[order], left[order]
    first = boundaries(codes)
    for one, other in zip(first, np.append(first[1:], len(order)), strict=False):
        yield int(codes[one]), begins[one:other], left[one:other]


def _of_series(begins: Ints, left: Ints, as_of: int) -> dict[str, Ints | Floats]:
    """Columns of one series, whose intervals are in order of their begin. `left` is the month after A's while open."""
    start = boundaries(begins)
    day, count = begins[start], np.diff(np.append(start, len(begins)))
    begun = month(day)
    base = int(begun[0])
    months = np.arange(base, int(left.max()))
    shape = (len(months) + 1, len(day))
    at = (left - base) * len(day) + np.repeat(np.arange(len(day)), count)
    change = -np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape)
    change[begun - base, np.arange(len(day))] += count
    opened = np.cumsum(change[:-1], axis=0)
    count = opened.sum(axis=1)
    standing = np.flatnonzero(count)
    ends_on = np.minimum(first_day(months[standing] + 1) - 1, as_of)
    # the youngest first
    younger = np.cumsum(opened[standing, ::-1], axis=1)
    count = count[standing]
    mean = (ends_on * count - opened[standing] @ day.astype(np.int64)) / count
    return {
        "month_start": months[standing],
        "open_count": count,
        "mean_days": rounded(mean),
        **_quantiles(younger, ends_on, day[::-1]),
    }


def schema() -> pa.Schema:
    """The columns of the table, also of one without rows."""
    keys = [("series_no", pa.int64()), ("month_start", pa.date32()), ("open_count", pa.int64())]
    return pa.schema([*keys, *((name, pa.float64()) for name in STATISTICS)])


def _quantiles(younger: Ints, ends_on: Ints, day: Ints) -> dict[str, Floats]:
    """Quantiles of the ages: `younger` counts, by month, those begun on a day or a later one."""
    ranks = np.multiply.outer(younger[:, -1] - 1, list(QUANTILES.values()))
    asked = np.concatenate([ranks // 100, (ranks + 99) // 100], axis=1)
    # one search for all months: each row is lifted above the one before it
    lift = np.arange(len(younger))[:, None] * (younger[:, -1].max(initial=0) + 1)
    at = np.searchsorted((younger + lift).ravel(), asked + lift, side="right") % younger.shape[1]
    low, high = np.split(ends_on[:, None] - day[at], 2, axis=1)
    found = rounded(low + ranks % 100 / 100 * (high - low))
    return dict(zip(QUANTILES, found.T, strict=True))
