"""Intervals begun in a period: Kaplan-Meier, where exits censor, and Aalen-Johansen, where they compete.

Belongs here: intermediate.lead_time_cohort. Does not belong here: other views of fct_lead_time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analytics.lead_time import statistics
from analytics.lead_time.cells import Cells
from analytics.lead_time.intervals import (
    COUNTS,
    KEYS,
    Calendar,
    Dimension,
    Flags,
    Intervals,
    Ints,
    Positions,
    month,
    stable_order,
)
from analytics.lead_time.statistics import Floats, rounded

Z = 1.959963984540054
"""Of the limits that hold 95%."""
TOLERANCE = 1e-12
"""A running product may end this much above the share that it is."""
MEAN_HORIZON, INCIDENCE_HORIZON = 730, 365
SURVIVAL_QUANTILES = {"km_median_days": 0.5, "km_p80_days": 0.2, "km_p90_days": 0.1}
NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Followed:
    """How long each interval was followed, and whether it ended, exited or is open then."""

    days: Ints
    ended: Flags
    exited: Flags


def table(intervals: Intervals) -> pa.Table:
    """One row a series and period in which any interval begins (intermediate.lead_time_cohort)."""
    followed = Followed(intervals.days, intervals.ended, intervals.exited)
    return of_followed(intervals.dimensions, month(intervals.begins), followed)


def of_followed(dimensions: Sequence[Dimension], months: Ints, followed: Followed) -> pa.Table:
    """The same of intervals by the month of their begin and what became of them."""
    by_days = stable_order(followed.days)
    fate = (followed.days.astype(np.int32) << 2 | followed.ended | followed.exited.astype(np.int32) << 1)[by_days]
    months = months[by_days]
    calendar = Calendar.of(months)
    found = [schema().empty_table()]
    for dimension in dimensions if len(months) else ():
        monthly = Cells.of(calendar.numbers(dimension.codes[by_days], months), fate, flags=2)
        for kind, cells in monthly.by_kind():
            keys = calendar.keys(dimension, kind, cells.period[cells.first])
            found.append(pa.table(keys | _columns(cells), schema=schema()))
    return pa.concat_tables(found)


def _columns(cells: Cells) -> dict[str, pa.Array]:
    """Counts and statistics of cohorts, whose intervals are counted with those of them that ended and that exited."""
    first = cells.first
    names = ("started_count", "completed_count", "exited_count")
    counts = {name: np.add.reduceat(count, first) for name, count in zip(names, cells.counts, strict=True)}
    return counts | statistics.of_counted(cells.days, cells.counts[1], first) | _survival(cells, first)


def schema() -> pa.Schema:
    """The columns of the table, also of one without rows."""
    crossings = [(name, pa.int64()) for name in (*SURVIVAL_QUANTILES, "km_median_low", "km_median_high")]
    shares = [(name, pa.float64()) for name in (*statistics.STATISTICS, "km_mean_to_730_days", "incidence_365_share")]
    return pa.schema([*KEYS, *COUNTS, *shares[:-2], *crossings, *shares[-2:]])


def _survival(cells: Cells, first: Positions) -> dict[str, pa.Array]:
    """What follows from who was left and still followed on each day; `first` is the first cell of each cohort.

    A cell is a day of a cohort on which anything ends, exits or stops being followed; on one day ends and exits come
    before open intervals are censored.
    """
    day = cells.days
    followed, ends, exits = cells.counts
    end = np.append(first[1:], len(day))
    before = np.cumsum(followed) - followed
    at_risk = np.repeat(np.append(before[first[1:]], followed.sum()), end - first) - before
    stayed = at_risk - ends

    survival = _running(np.multiply, stayed / at_risk, first, end)
    unresolved = _running(np.multiply, (stayed - exits) / at_risk, first, end)
    unresolved_before = np.concatenate([[1.0], unresolved[:-1]])
    unresolved_before[first] = 1
    greenwood = _running(np.add, np.where(stayed > 0, ends / (at_risk * np.maximum(stayed, 1.0)), 0), first, end)
    low, high = _limits(survival, greenwood)

    until = np.append(np.minimum(day[1:], MEAN_HORIZON), MEAN_HORIZON)
    until[end - 1] = MEAN_HORIZON
    area = np.add.reduceat(np.where(day < MEAN_HORIZON, survival * (until - day), 0), first)
    mean = np.minimum(day[first], MEAN_HORIZON) + area
    mean_unknown = (day[end - 1] < MEAN_HORIZON) & (survival[end - 1] > 0)
    incidence = np.add.reduceat(np.where(day <= INCIDENCE_HORIZON, unresolved_before * ends / at_risk, 0), first)
    incidence_unknown = (day[end - 1] < INCIDENCE_HORIZON) & ((stayed - exits)[end - 1] > 0)

    crossings = {name: survival <= share + TOLERANCE for name, share in SURVIVAL_QUANTILES.items()} | {
        "km_median_low": low <= 0.5 + TOLERANCE,
        "km_median_high": high <= 0.5 + TOLERANCE,
    }
    return {name: _first_day(day, crossed, first) for name, crossed in crossings.items()} | {
        # 123 of 128 lies half-way between two published values, and a sum of doubles beside it: nine digits, then six
        "km_mean_to_730_days": pa.array(rounded(rounded(mean, 9)), mask=mean_unknown),
        "incidence_365_share": pa.array(rounded(rounded(incidence, 9)), mask=incidence_unknown),
    }


def _limits(survival: Floats, greenwood: Floats) -> tuple[Floats, Floats]:
    """95% limits on the scale of ln(-ln S); without an event yet there is no width, at S = 0 nobody is left."""
    inside = (survival > 0) & (survival < 1)
    log = np.log(survival[inside])
    centre, width = np.log(-log), Z * np.sqrt(greenwood[inside]) / log
    low, high = survival.copy(), survival.copy()
    low[inside] = np.exp(-np.exp(centre - width))
    high[inside] = np.exp(-np.exp(centre + width))
    return low, high


def _running(ufunc: np.ufunc, values: Floats, first: Positions, end: Positions) -> Floats:
    """The running product or sum of each cohort, one after the other: the same bits on any machine and thread."""
    found = values.copy()
    longer = end - first > 1
    for one, other in zip(first[longer].tolist(), end[longer].tolist(), strict=True):
        ufunc.accumulate(values[one:other], out=found[one:other])
    return found


def _first_day(day: Ints, crossed: Flags, first: Positions) -> pa.Array:
    """The first day of each cohort on which it holds; null where it never does."""
    found = np.minimum.reduceat(np.where(crossed, day, NEVER), first)
    return pa.array(found.astype(np.int64), mask=found == NEVER)
