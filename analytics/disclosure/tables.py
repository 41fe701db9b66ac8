"""An open table as it is published: counts rounded or hidden, statistics where enough cases stand behind them.

Belongs here: from true figures to the published frame. Does not belong here: files (`package`), SQL (`cells`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import floor
from typing import Any

import polars as pl

from analytics.disclosure.basis import Basis, Key, Month
from analytics.disclosure.closed_list import ALL, OpenColumn, OpenTable
from analytics.disclosure.network import Shape
from analytics.disclosure.profile import Amounts, Profile, Status
from analytics.disclosure.suppression import Published, protect

SMALL, SUPPRESSED, HELD, FEW_CASES = "small", "suppressed", "held", "few_cases"
"""The words of a status column; empty where the value is shown."""
WORDS = {Status.SHOWN: None, Status.SMALL: SMALL, Status.SUPPRESSED: SUPPRESSED}


@dataclass(frozen=True)
class Grid:
    """The months of a table and the combinations that occur, as positions of one shape."""

    months: tuple[date, ...]
    keys: tuple[Key, ...]
    shape: Shape

    def line(self, key: Key, dimension: int) -> int:
        """The position of the total that a combination belongs to along a dimension."""
        return self.keys.index((*key[:dimension], ALL, *key[dimension + 1 :]))


@dataclass(frozen=True)
class Counted:
    """A count as published in one month. `held`: it is still what the release before said."""

    counts: Sequence[int]
    statuses: Sequence[Status]
    held: bool = False


@dataclass(frozen=True)
class Built:
    """A published table and what it rests on."""

    frame: pl.DataFrame
    months: dict[str, dict[date, Month]]
    """Per definition of a count, for `Basis`."""
    figures: dict[str, int]
    """How many cells are there, and how many are hidden, for whoever watches the run."""


def build(table: OpenTable, true: pl.DataFrame, as_of: date, profile: Profile, before: Basis | None) -> Built:
    """Publish the true figures of `cells.true_cells` under a profile, with an eye on the release before."""
    grid = _grid(table, true, as_of, before)
    cells = {(row[0], row[1 : 1 + len(table.dimensions)]): row for row in true.iter_rows()}
    place = {name: number for number, name in enumerate(true.columns)}

    def values(name: str, month: date) -> list[Any]:
        rows = (cells.get((month, key)) for key in grid.keys)
        return [0 if row is None else row[place[name]] for row in rows]

    published: dict[tuple[str, date], Counted] = {}
    months: dict[str, dict[date, Month]] = {}
    for count in table.counts:
        own = months[table.definition(count)] = {}
        for month in grid.months:
            earlier = _earlier(table.definition(count), month, grid, before)
            done = published[count.name, month] = _count(grid.shape, values(count.name, month), profile, earlier)
            own[month] = {
                key: (number, status)
                for key, number, status in zip(grid.keys, done.counts, done.statuses, strict=True)
                if number
            }
    columns: dict[str, list[Any]] = {"month_start": [], **{name: [] for name in table.dimensions}}
    columns |= {name: [] for column in table.columns for name in (column.name, column.status)}
    shown = _occurring(grid, published)
    for month in grid.months:
        columns["month_start"] += [month] * len(shown)
        for number, name in enumerate(table.dimensions):
            columns[name] += [grid.keys[position][number] for position in shown]
        for column in table.columns:
            counted = published[column.rests_on or column.name, month]
            if column.kind == "count":
                told = [_told_count(counted, position, profile) for position in range(len(grid.keys))]
            elif column.kind == "share":
                told = _shares(grid, counted, table.dimensions.index(column.measure), profile)
            else:
                told = _statistics(grid.shape, column, values(column.name, month), counted, profile)
            columns[column.name] += [told[position][0] for position in shown]
            columns[column.status] += [told[position][1] for position in shown]
    frame = pl.DataFrame(columns, schema=schema(table)).sort("month_start", *table.dimensions)
    return Built(frame, months, _figures(table, frame))


def schema(table: OpenTable) -> dict[str, type[pl.DataType]]:
    """Columns and types of the published frame."""
    found: dict[str, type[pl.DataType]] = {"month_start": pl.Date, **dict.fromkeys(table.dimensions, pl.String)}
    for column in table.columns:
        found |= {column.name: pl.Float64 if column.kind == "share" else pl.Int64, column.status: pl.String}
    return found


def _grid(table: OpenTable, true: pl.DataFrame, as_of: date, before: Basis | None) -> Grid:
    keys = set(true.select(table.dimensions).iter_rows())
    starts = set(true["month_start"]) | {as_of.replace(day=1)}
    if before is not None:
        for count in table.counts:
            for month, cells in before.months.get(table.definition(count), {}).items():
                keys |= set(cells)
                starts |= {month} if month <= as_of else set()
    axes = [[*sorted({key[n] for key in keys} - {ALL}), ALL] for n in range(len(table.dimensions))]
    shape = Shape(len(axes[0]) - 1, len(axes[1]) - 1 if len(axes) > 1 else 0)
    first, last = min(starts), max(starts)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return Grid(tuple(date(n // 12, n % 12 + 1, 1) for n in numbers), tuple(product(*axes)), shape)


def _earlier(definition: str, month: date, grid: Grid, before: Basis | None) -> Published | None:
    """What the release before said of a month; None where it did not speak of it."""
    cells = before.months.get(definition, {}).get(month) if before is not None else None
    if before is None or cells is None:
        return None
    known = [cells.get(key, (0, Status.SHOWN)) for key in grid.keys]
    return Published([count for count, _ in known], [status for _, status in known], before.profile)


def _count(shape: Shape, counts: list[int], profile: Profile, earlier: Published | None) -> Counted:
    """One count in one month: as before where nothing changed, else protected, else held back."""
    if earlier is not None and earlier.profile == profile and list(earlier.counts) == counts:
        return Counted(counts, earlier.statuses)
    first = [profile.first_status(count) for count in counts]
    statuses = protect(shape, counts, first, profile, before=earlier)
    if statuses is None and earlier is not None and earlier.profile == profile:
        return Counted(earlier.counts, earlier.statuses, held=True)
    if statuses is None:
        # A new profile is a new beginning: it must not keep what the old one said.
        statuses = protect(shape, counts, first, profile)
    assert statuses is not None, "hiding everything protects every count of one release"
    return Counted(counts, statuses)


def _occurring(grid: Grid, published: Mapping[tuple[str, date], Counted]) -> list[int]:
    """Combinations that are ever above 0; the others are no rows."""
    found = {position for one in published.values() for position, count in enumerate(one.counts) if count}
    return sorted(found | {len(grid.keys) - 1})


Told = tuple[Any, str | None]
"""Published value and status."""


def _told_count(counted: Counted, position: int, profile: Profile) -> Told:
    if counted.statuses[position] != Status.SHOWN:
        return None, WORDS[counted.statuses[position]]
    return profile.rounded(counted.counts[position]), HELD if counted.held else None


def _why_hidden(counted: Counted, position: int, profile: Profile) -> str | None:
    """Why a statistic on these cases cannot be shown, told from the published count alone; None where it can."""
    if counted.statuses[position] == Status.SUPPRESSED:
        return SUPPRESSED
    enough = counted.statuses[position] == Status.SHOWN and profile.tells_enough_cases(counted.counts[position])
    return None if enough else FEW_CASES


def _shares(grid: Grid, counted: Counted, dimension: int, profile: Profile) -> list[Told]:
    """Of published counts only, so that a share tells nothing that they do not."""
    told: list[Told] = []
    for position, key in enumerate(grid.keys):
        total = grid.line(key, dimension)
        why = _why_hidden(counted, total, profile)
        if why is None and counted.statuses[position] != Status.SHOWN:
            why = SUPPRESSED
        if why is None:
            share = profile.rounded(counted.counts[position]) / profile.rounded(counted.counts[total])
            told.append((round(share, 2), None))
        else:
            told.append((None, why))
    return told


def _statistics(
    shape: Shape, column: OpenColumn, values: Sequence[float | None], counted: Counted, profile: Profile
) -> list[Told]:
    """Means, quantiles and sums, rounded; of sums a second one of a line is hidden where the first would be known."""
    why = [_why_hidden(counted, position, profile) for position in range(len(values))]
    units = [floor((value or 0) / column.round_to + 0.5) for value in values]
    if column.kind == "sum":
        nothing = frozenset(position for position, count in enumerate(counted.counts) if not count)
        hidden = [Status.SHOWN if one is None or p in nothing else Status.SUPPRESSED for p, one in enumerate(why)]
        statuses = protect(shape, units, hidden, Amounts(), structural=nothing) or [Status.SUPPRESSED] * len(units)
        why = [
            one or (None if status == Status.SHOWN else SUPPRESSED) for one, status in zip(why, statuses, strict=True)
        ]
    return [
        (None, one or FEW_CASES) if one or value is None else (int(unit * column.round_to), None)
        for one, unit, value in zip(why, units, values, strict=True)
    ]


def _figures(table: OpenTable, frame: pl.DataFrame) -> dict[str, int]:
    words = pl.concat([frame[count.status] for count in table.counts])
    cells = pl.concat([frame[count.name] for count in table.counts])
    return {
        "rows": frame.height,
        "counts_above_0": int((cells.fill_null(1) > 0).sum()),
        **{word: int((words == word).sum()) for word in (SMALL, SUPPRESSED, HELD)},
    }
