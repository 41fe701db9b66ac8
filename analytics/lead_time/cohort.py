"""Intervals begun in a period: Kaplan-Meier, where exits censor, and Aalen-Johansen, where they compete.

Belongs here: intermediate.lead_time_cohort. Does not belong here: other views of fct_lead_time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analytics.lead_time import statistics
from analytics.lead_time.intervals import (
    COUNTS,
    KEYS,
    Flags,
    Grid,
    Intervals,
    Ints,
    Moments,
    Positions,
    boundaries,
    by_cell,
    grids,
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
    return of_followed(intervals.series, month(intervals.begins), followed)


def of_followed(dimensions: Sequence[Ints], months: Ints, followed: Followed) -> pa.Table:
    """The same of intervals by the month of their begin and what became of them."""
    by_days = stable_order(followed.days)
    # one number a row, since taking rows in another order costs more than taking numbers apart
    fate = (followed.days.astype(np.int32) << 2 | followed.ended << 1 | followed.exited)[by_days]
    found = [_rows(grid, fate) for grid in grids(dimensions, Moments(by_days, months[by_days]))]
    return pa.concat_tables([_schema().empty_table(), *found])


def _rows(grid: Grid, fate: Ints) -> pa.Table:
    """The rows of one dimension and kind of period; `fate` is in order of days: four times them, 2 ended, 1 exited."""
    (numbers,) = grid.numbers
    here, started, order = by_cell(numbers, grid.size)
    fate = fate[order]
    days, ended, exited = fate >> 2, (fate & 2).astype(np.bool_), (fate & 1).astype(np.bool_)
    end = np.cumsum(started)
    first = end - started
    ends_before = np.concatenate([[0], np.cumsum(ended)])
    completed = ends_before[end] - ends_before[first]
    counts = {
        "started_count": started,
        "completed_count": completed,
        "exited_count": np.add.reduceat(exited, first, dtype=np.int64),
    }
    start = boundaries(days, first)
    return pa.table(
        grid.keys(here)
        | counts
        | statistics.of_sorted(days[ended], ends_before[first], completed)
        | _survival(days, ended, exited, start, np.searchsorted(start, first)),
        schema=_schema(),
    )


def _schema() -> pa.Schema:
    crossings = [(name, pa.int64()) for name in (*SURVIVAL_QUANTILES, "km_median_low", "km_median_high")]
    shares = [(name, pa.float64()) for name in (*statistics.STATISTICS, "km_mean_to_730_days", "incidence_365_share")]
    return pa.schema([*KEYS, *COUNTS, *shares[:-2], *crossings, *shares[-2:]])


def _survival(days: Ints, ended: Flags, exited: Flags, start: Positions, first: Positions) -> dict[str, pa.Array]:
    """What follows from who was left and still followed on each day.

    A cell is a day of a cohort on which anything ends, exits or stops being followed; on one day ends and exits come
    before open intervals are censored. Rows are in order of cohort and days: `start` has the first row of each cell,
    `first` the first cell of each cohort.
    """
    end = np.append(first[1:], len(start))
    day = days[start]
    last_row = np.append(start[first[1:]], len(days))
    at_risk = np.repeat(last_row, end - first) - start
    ends = np.add.reduceat(ended, start, dtype=np.int64)
    exits = np.add.reduceat(exited, start, dtype=np.int64)
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
