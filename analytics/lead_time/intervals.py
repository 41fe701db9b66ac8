"""Intervals as arrays, and how they are put into the order of a series and period.

Belongs here: days, months, sorting. Does not belong here: any statistic.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.signedinteger[Any]]
Positions = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
OPEN = -1_000_000
"""In place of the day on which an open interval is left."""
KINDS = {"month": 1, "quarter": 3, "year": 12}
"""Kinds of period, with their months; counted from January 1970, each begins in a month that its length divides."""


@dataclass(frozen=True)
class Intervals:
    """Intervals that are not reversed, as arrays of equal length; days and months count from 1970-01-01."""

    series: tuple[Ints, ...]
    """Per dimension, the series that each interval counts in (intermediate.lead_time_series)."""
    begins: Ints
    left: Ints
    """The day of its end or exit; OPEN while it is open."""
    ended: Flags
    as_of: int

    @classmethod
    def read(cls, stretches: duckdb.DuckDBPyRelation, as_of: date) -> "Intervals":
        """From intermediate.lead_time_stretch, as of A."""
        names = [name for name in stretches.columns if name.endswith("_no")]
        days = f"begins_on - date '{EPOCH}' as begins, coalesce(left_on - date '{EPOCH}', {OPEN}) as left_day"
        found = stretches.project(f"{', '.join(names)}, {days}, is_ended").fetchnumpy()
        return cls(
            tuple(np.asarray(found[name]) for name in names),
            np.asarray(found["begins"], dtype=np.int32),
            np.asarray(found["left_day"], dtype=np.int32),
            np.asarray(found["is_ended"], dtype=np.bool_),
            (as_of - EPOCH).days,
        )

    @property
    def is_left(self) -> Flags:
        """Whether each is over."""
        return self.left != OPEN

    @property
    def exited(self) -> Flags:
        """Whether each was left otherwise than by its end."""
        return self.is_left & ~self.ended

    @property
    def days(self) -> Ints:
        """How long each has lasted, until it was left or A."""
        return np.where(self.is_left, self.left, self.as_of) - self.begins


def month(day: Ints) -> Ints:
    """The number of the month of a day; not of OPEN."""
    return np.asarray(day, dtype="datetime64[D]").astype("datetime64[M]").astype(np.int32)


def first_day(month_no: Ints) -> Ints:
    """The first day of a month."""
    return np.asarray(month_no, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)


KEYS = (("series_no", pa.int64()), ("period_kind", pa.string()), ("period_start", pa.date32()))
"""Columns that name a series and period."""
COUNTS = tuple((name, pa.int64()) for name in ("started_count", "completed_count", "exited_count"))
"""Columns that count its intervals."""


@dataclass(frozen=True)
class Moments:
    """What happens to intervals in months: which of them, by row, and the month of each."""

    rows: Positions
    months: Ints


@dataclass(frozen=True)
class Grid:
    """Numbers for each series of one dimension in each period of one kind, whether any interval lies there or not."""

    kind: str
    series: Ints
    """The series that occur, in order."""
    base: int
    """The first month; January."""
    width: int
    """Periods of a series."""
    numbers: tuple[Ints, ...]
    """Where moments lie, in order of series and period, for each group of them that was asked for."""

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.series) * self.width

    def keys(self, numbers: Positions) -> dict[str, pa.Array]:
        """The key columns that numbers stand for."""
        return {
            "series_no": pa.array(self.series[numbers // self.width]),
            "period_kind": pa.array([self.kind] * len(numbers), type=pa.string()),
            "period_start": dates(numbers % self.width * KINDS[self.kind] + self.base),
        }


def grids(dimensions: Sequence[Ints], *groups: Moments) -> Iterator[Grid]:
    """The grids of every dimension and kind that hold these moments; none without any."""
    months = [group.months for group in groups if len(group.months)]
    if not months:
        return
    base = min(int(of_group.min()) for of_group in months) // 12 * 12
    span = max(int(of_group.max()) for of_group in months) - base + 1
    offsets = {kind: [(group.months - base) // length for group in groups] for kind, length in KINDS.items()}
    for series in dimensions:
        occurring = np.flatnonzero(np.bincount(series))
        position = np.zeros(occurring[-1] + 1, dtype=np.int32)
        position[occurring] = np.arange(len(occurring))
        positions = [position[series[group.rows]] for group in groups]
        for kind, length in KINDS.items():
            width = -(-span // length)
            numbers = (at * width + offset for at, offset in zip(positions, offsets[kind], strict=True))
            yield Grid(kind, occurring, base, width, tuple(numbers))


def by_cell(numbers: Ints, size: int) -> tuple[Positions, Ints, Positions]:
    """The numbers below `size` that occur, how often each does, and the stable order of rows by them."""
    counts = np.bincount(numbers, minlength=size)
    occurring = np.flatnonzero(counts)
    rank = np.zeros(size, dtype=np.int32)
    rank[occurring] = np.arange(len(occurring))
    return occurring, counts[occurring], stable_order(rank[numbers])


def stable_order(key: Ints) -> Positions:
    """The order of numbers, equal ones as they were: by 16 bits at a time, which numpy sorts by counting."""
    if key.min(initial=0) < 0:
        key = key - key.min()
    order = np.argsort((key & 0xFFFF).astype(np.uint16), kind="stable")
    shift = 16
    while int(key.max(initial=0)) >> shift:
        high = (key >> shift & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
        shift += 16
    return order


def boundaries(key: npt.NDArray[np.generic], also: Positions | None = None) -> Positions:
    """Where a row differs from the one before it, the first row, and `also`."""
    differs = np.zeros(len(key), dtype=np.bool_)
    differs[:1] = True
    differs[1:] = key[1:] != key[:-1]
    if also is not None:
        differs[also] = True
    return np.flatnonzero(differs)


def dates(months: Ints) -> pa.Array:
    """The first days of months as dates."""
    return pa.array(first_day(months), type=pa.date32())
