"""Intervals that are open at the end of a month, with their ages.

Belongs here: intermediate.lead_time_stock. Does not belong here: other views of fct_lead_time.

Per series a matrix of months by days of beginning: what begins adds one, what is left takes it away, and the running
sum over months is what is open. The work grows with the days on which anything begins, not with cases x months.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analytics.lead_time.intervals import Intervals, Ints, Positions, boundaries, dates, first_day, month, stable_order
from analytics.lead_time.statistics import QUANTILES, STATISTICS, Floats, rounded


def table(intervals: Intervals) -> pa.Table:
    """One row a series and month at whose end any interval is open (intermediate.lead_time_stock)."""
    last_month = int(month(np.array([intervals.as_of]))[0])
    begun = month(intervals.begins)
    left = np.where(intervals.is_left, month(np.maximum(intervals.left, intervals.begins)), last_month + 1)
    # what is left in the month of its beginning is open at no month's end
    stays = np.flatnonzero(left > begun)
    stays = stays[stable_order(intervals.begins[stays])]
    parts = [
        _rows(series_no, intervals.begins[rows], begun[rows], np.minimum(left[rows], last_month + 1), intervals.as_of)
        for series in intervals.series
        for series_no, rows in _by_series(series, stays)
    ]
    return pa.concat_tables([_schema().empty_table(), *parts])


def _by_series(series: Ints, stays: Positions) -> Iterator[tuple[int, Positions]]:
    """The rows of each series, in order of their begin."""
    order = stays[stable_order(series[stays])]
    first = boundaries(series[order])
    for one, other in zip(first, np.append(first[1:], len(order)), strict=False):
        yield int(series[order[one]]), order[one:other]


def _rows(series_no: int, begins: Ints, begun: Ints, left: Ints, as_of: int) -> pa.Table:
    """The rows of one series, whose intervals are in order of their begin. `left` is the month after A's while open."""
    day, column = np.unique(begins, return_inverse=True)
    base = int(begun[0])
    months = np.arange(base, int(left.max()))
    shape = (len(months) + 1, len(day))
    change = np.bincount((begun - base) * len(day) + column, minlength=shape[0] * shape[1])
    change -= np.bincount((left - base) * len(day) + column, minlength=shape[0] * shape[1])
    opened = np.cumsum(change.reshape(shape)[:-1], axis=0)
    count = opened.sum(axis=1)
    standing = np.flatnonzero(count)
    ends_on = np.minimum(first_day(months[standing] + 1) - 1, as_of)
    # the youngest first
    younger = np.cumsum(opened[standing, ::-1], axis=1)
    count = count[standing]
    mean = (ends_on * count - opened[standing] @ day.astype(np.int64)) / count
    return pa.table(
        {
            "series_no": np.full(len(standing), series_no),
            "month_start": dates(months[standing]),
            "open_count": count,
            "mean_days": rounded(mean),
            **_quantiles(younger, ends_on, day[::-1]),
        },
        schema=_schema(),
    )


def _schema() -> pa.Schema:
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
