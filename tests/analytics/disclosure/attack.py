"""What a reader can work out of open data with a linear programme over everything published at once.

Belongs here: the attacker. It reads frames as they are published and knows what docs/open-data.md says; it shares no
code with the choice of hidden cells, so the two can only be wrong together by chance.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import ceil, floor
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import linprog

from analytics.disclosure.closed_list import ALL, OpenTable

Cell = tuple[object, ...]
"""Population, month, and the dimensions that are not `all`: the same cases, whichever table counts them."""
TOLERANCE = 1e-6


class Told(NamedTuple):
    """A table as somebody downloads it, with the profile that its descriptor names."""

    table: OpenTable
    frame: pl.DataFrame
    threshold: int
    rounding: int


class Found(NamedTuple):
    """A hidden count that keeps too few values: where, the lowest and the highest that it can be."""

    release: int
    cell: Cell
    low: float
    high: float


def attack(
    *releases: Sequence[Told], unchanged: Callable[[Cell], bool] = lambda cell: False, values: int = 3
) -> Iterator[Found]:
    """Every hidden count of the releases that keeps fewer than `values` possible values.

    `unchanged` is what the attacker knows of consecutive releases: the cells that count the same in all of them.
    """
    blocks: dict[Cell, list[tuple[int, Told, str]]] = defaultdict(list)
    for number, release in enumerate(releases):
        for told in release:
            for count in told.table.counts:
                for month in told.frame["month_start"].unique():
                    blocks[told.table.population(count), month].append((number, told, count.name))
    for (population, month), members in blocks.items():
        yield from _block(population, month, members, unchanged, values)


def _block(
    population: object,
    month: object,
    members: list[tuple[int, Told, str]],
    unchanged: Callable[[Cell], bool],
    values: int,
) -> Iterator[Found]:
    """One population and month: all that bears on it, as one programme."""
    bounds: dict[tuple[int, Cell], tuple[float, float]] = {}
    hidden: set[tuple[int, Cell]] = set()
    sums: list[dict[tuple[int, Cell], int]] = []
    for number, told, name in members:
        dimensions = told.table.dimensions
        axes = [sorted({*told.frame[dimension], ALL}) for dimension in dimensions]
        rows = {
            key: (value, status)
            for *key_list, value, status in told.frame.filter(pl.col("month_start") == month)
            .select(*dimensions, name, f"{name}_status")
            .iter_rows()
            for key in [tuple(key_list)]
        }

        def variable(
            key: tuple[str, ...], number: int = number, dimensions: tuple[str, ...] = dimensions
        ) -> tuple[int, Cell]:
            named = sorted((d, v) for d, v in zip(dimensions, key, strict=True) if v != ALL)
            return number, (population, month, *named)

        for key in product(*axes):
            # A combination without a row does not occur.
            value, status = rows.get(key, (0, None))
            low, high = _interval(value, status, told)
            one = variable(key)
            known = bounds.get(one, (0, float("inf")))
            bounds[one] = (max(known[0], low), min(known[1], high))
            hidden |= {one} if value is None else set()
        for axis, names in enumerate(axes):
            for key in product(*axes[:axis], [ALL], *axes[axis + 1 :]):
                parts = [(*key[:axis], name, *key[axis + 1 :]) for name in names if name != ALL]
                sums.append({variable(key): -1} | {variable(part): 1 for part in parts})
    for number, cell in list(bounds):
        if number > 0 and (number - 1, cell) in bounds and unchanged(cell):
            sums.append({(number, cell): 1, (number - 1, cell): -1})
    yield from _solve(bounds, hidden, sums, values)


def _interval(value: int | None, status: str | None, told: Told) -> tuple[float, float]:
    if status == "small":
        return 1, told.threshold - 1
    if value is None:
        return 1, float("inf")
    if value == 0:
        return 0, 0
    below = told.rounding // 2
    return max(value - below, told.threshold), value + told.rounding - 1 - below


def _solve(
    bounds: dict[tuple[int, Cell], tuple[float, float]],
    hidden: set[tuple[int, Cell]],
    sums: list[dict[tuple[int, Cell], int]],
    values: int,
) -> Iterator[Found]:
    place = {variable: number for number, variable in enumerate(bounds)}
    equal = np.zeros((len(sums), len(place)))
    for number, terms in enumerate(sums):
        for variable, factor in terms.items():
            equal[number, place[variable]] = factor
    for variable in sorted(hidden, key=str):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(place))
            aim[place[variable]] = sign
            answer = linprog(aim, A_eq=equal, b_eq=np.zeros(len(sums)), bounds=list(bounds.values()))
            assert answer.status in (0, 3), f"what is published contradicts itself: {answer.message}"
            ends.append(float("inf") if answer.status == 3 else sign * answer.fun)
        low, high = ceil(ends[0] - TOLERANCE), ends[1] if ends[1] == float("inf") else floor(ends[1] + TOLERANCE)
        if high - low + 1 < values:
            yield Found(*variable, low, high)
