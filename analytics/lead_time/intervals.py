"""Intervals as arrays, and the calendar that their periods are counted in.

Belongs here: reading, days, months, sorting. Does not belong here: any statistic.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.integer[Any]]
Positions = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
OPEN = -1_000_000
"""In place of the day on which an open interval is left."""
KINDS = {"month": 1, "quarter": 3, "year": 12}
"""Kinds of period, with their months; counted from January 1970, each begins in a month that its length divides."""


@dataclass(frozen=True)
class Dimension:
    """The series of one dimension that each interval counts in."""

    codes: Ints
    """Per interval, the place of its series in `series`."""
    series: Ints
    """Numbers of series (intermediate.lead_time_series), in order."""


@dataclass(frozen=True)
class Intervals:
    """Intervals of a segment that are not reversed: arrays of equal length; days and months count from 1970-01-01."""

    dimensions: tuple[Dimension, ...]
    begins: Ints
    left: Ints
    """The day of its end or exit; OPEN while it is open."""
    ended: Flags
    as_of: int

    @classmethod
    def by_segment(
        cls, intervals: duckdb.DuckDBPyRelation, series: duckdb.DuckDBPyRelation, as_of: date
    ) -> Iterator["Intervals"]:
        """From intermediate.lead_time_interval and lead_time_series, as of A: those of one segment after the other.

        No series has intervals of two segments, and memory need hold only those of one.
        """
        named: dict[str, dict[str, dict[str, int]]] = {}
        for series_no, segment, kind, value in (
            series.order("series_no").project("series_no, segment, group_kind, group_value").fetchall()
        ):
            named.setdefault(segment, {}).setdefault(kind, {})[value] = series_no
        for segment, kinds in named.items():
            yield cls._of_segment(intervals.filter(f"segment = '{segment}' and not is_reversed"), kinds, as_of)

    @classmethod
    def _of_segment(
        cls, intervals: duckdb.DuckDBPyRelation, kinds: Mapping[str, Mapping[str, int]], as_of: date
    ) -> "Intervals":
        """`kinds` gives of each kind of group the numbers of its series by value, in order."""
        found = intervals.select(
            *(_position(kind, list(numbers)) for kind, numbers in kinds.items() if kind != "all"),
            _days("begins_on"),
            _days(f"coalesce(ends_on, exits_on, date '{EPOCH}' + {OPEN})", "left_on"),
            duckdb.SQLExpression("ends_on is not null").alias("is_ended"),
        )
        arrays = {name: np.asarray(array) for name, array in found.fetchnumpy().items()}
        arrays["all"] = np.zeros(len(arrays["begins_on"]), dtype=np.uint16)
        return cls(
            tuple(Dimension(arrays[kind], np.array(list(numbers.values()))) for kind, numbers in kinds.items()),
            arrays["begins_on"],
            arrays["left_on"],
            arrays["is_ended"],
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


def _position(column: str, values: list[str]) -> duckdb.Expression:
    """The place of a text among the values, from 0. DuckDB looks up each text once: the column is stored by number."""
    known = duckdb.ConstantExpression(values)
    found = duckdb.FunctionExpression("list_position", known, duckdb.ColumnExpression(column))
    return (found - 1).cast(duckdb.sqltypes.USMALLINT).alias(column)


def _days(day: str, name: str | None = None) -> duckdb.Expression:
    return duckdb.SQLExpression(f"({day} - date '{EPOCH}')::integer").alias(name or day)


def month(day: Ints) -> Ints:
    """The number of the month of a day; not of OPEN."""
    return np.asarray(day, dtype="datetime64[D]").astype("datetime64[M]").astype(np.int32)


def first_day(month_no: Ints) -> Ints:
    """The first day of a month."""
    return np.asarray(month_no, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)


def dates(months: Ints) -> pa.Array:
    """The first days of months as dates."""
    return pa.array(first_day(months), type=pa.date32())


KEYS = (("series_no", pa.int64()), ("period_kind", pa.string()), ("period_start", pa.date32()))
"""Columns that name a series and period."""
COUNTS = tuple((name, pa.int64()) for name in ("started_count", "completed_count", "exited_count"))
"""Columns that count its intervals."""


@dataclass(frozen=True)
class Calendar:
    """Numbers for each series of a dimension in each month; divided by three or twelve, in each quarter or year."""

    base: int
    """The first month; January."""
    width: int
    """Months of a series; whole years."""

    @classmethod
    def of(cls, *months: Ints) -> "Calendar":
        """The years that hold these months, at least one."""
        held = [(int(some.min()), int(some.max())) for some in months if len(some)] or [(0, 0)]
        base = min(first for first, _ in held) // 12 * 12
        return cls(base, (max(last for _, last in held) - base) // 12 * 12 + 12)

    def numbers(self, codes: Ints, months: Ints) -> Ints:
        """The number of each series and month."""
        return codes.astype(np.int32) * np.int32(self.width) + (months - np.int32(self.base))

    def keys(self, dimension: Dimension, kind: str, numbers: Ints) -> dict[str, pa.Array]:
        """The key columns that numbers of periods of that kind stand for."""
        length = KINDS[kind]
        code, period = np.divmod(numbers, self.width // length)
        return {
            "series_no": pa.array(dimension.series[code], type=pa.int64()),
            "period_kind": pa.array([kind] * len(numbers), type=pa.string()),
            "period_start": dates(period * length + self.base),
        }


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
