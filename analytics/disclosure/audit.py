"""A second look at a published table, from nothing but what is published: is a rule broken, can a count be worked out?

Belongs here: the check that stops a release. It knows neither true counts nor how cells were chosen, so it cannot
repeat a fault of theirs. It reckons with totals one line at a time, to the end, in a fraction of a second; the linear
programme over everything at once is in the tests.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.disclosure.closed_list import ALL, OpenColumn, OpenTable
from analytics.disclosure.profile import PLENTY, Profile
from analytics.disclosure.suppression import POSSIBLE_VALUES
from analytics.disclosure.tables import FEW_CASES, HELD, SMALL, SUPPRESSED

Bounds = npt.NDArray[np.int64]
"""Months x values of each dimension, totals last."""


def violations(table: OpenTable, frame: pl.DataFrame, profile: Profile) -> dict[str, int]:
    """How many cells break which rule; empty for a table that may be published."""
    found: dict[str, int] = {}
    for column in table.columns:
        value, status = frame[column.name], frame[column.status]
        words = [SMALL, SUPPRESSED, HELD] if column.kind == "count" else [SUPPRESSED, FEW_CASES]
        is_shown = status.is_null() | (status == HELD).fill_null(False)
        found[f"{column.name} has an unknown status"] = int((~status.drop_nulls().is_in(words)).sum())
        found[f"{column.name} and its status disagree"] = int((is_shown != value.is_not_null()).sum())
        if column.kind == "count":
            found[f"{column.name} is not rounded"] = int((value.drop_nulls() % profile.rounding != 0).sum())
            found[f"{column.name} can be worked out"] = _worked_out(table, column, frame, profile)
    return {rule: count for rule, count in found.items() if count}


def _worked_out(table: OpenTable, column: OpenColumn, frame: pl.DataFrame, profile: Profile) -> int:
    """Hidden counts that keep fewer than three possible values when every line is held against its total."""
    axes = [frame["month_start"].unique().sort().to_list()]
    axes += [[*sorted(set(frame[name]) - {ALL}), ALL] for name in table.dimensions]
    place = [{value: number for number, value in enumerate(axis)} for axis in axes]
    low = np.zeros([len(axis) for axis in axes], dtype=np.int64)
    high, hidden = low.copy(), low.astype(bool)
    for *keys, value, status in frame.select("month_start", *table.dimensions, column.name, column.status).iter_rows():
        cell = tuple(numbers[key] for numbers, key in zip(place, keys, strict=True))
        hidden[cell] = value is None
        if value is None:
            low[cell], high[cell] = 1, profile.threshold - 1 if status == SMALL else PLENTY
        else:
            low[cell], high[cell] = profile.interval(value)
    _tighten(low, high)
    return int((hidden & (high - low + 1 < POSSIBLE_VALUES)).sum())


def _tighten(low: Bounds, high: Bounds) -> None:
    """Narrow the bounds in place by every line, until none says anything new."""
    told = -1
    while told != (told := int(low.sum() - high.sum())):
        for axis in range(1, low.ndim):
            below, above = np.moveaxis(low, axis, -1), np.moveaxis(high, axis, -1)
            least, most = below[..., :-1].sum(axis=-1), above[..., :-1].sum(axis=-1)
            np.maximum(below[..., -1], least, out=below[..., -1])
            np.minimum(above[..., -1], most, out=above[..., -1])
            others_least = least[..., None] - below[..., :-1]
            others_most = most[..., None] - above[..., :-1]
            np.maximum(below[..., :-1], below[..., -1:] - others_most, out=below[..., :-1])
            np.minimum(above[..., :-1], above[..., -1:] - others_least, out=above[..., :-1])
