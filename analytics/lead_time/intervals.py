"""Intervals as arrays, and the calendar that their periods are counted in.

Belongs here: reading, days, months, sorting. Does not belong here: any statistic.
"""

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
    """Intervals that are not reversed, as arrays of equal length; days and months count from 1970-01-01."""

    dimensions: tuple[Dimension, ...]
    begins: Ints
    left: Ints
    """The day of its end or exit; OPEN while it is open."""
    ended: Flags
    as_of: int

    @classmethod
    def read(cls, intervals: duckdb.DuckDBPyRelation, series: duckdb.DuckDBPyRelation, as_of: date) -> "Intervals":
        """From intermediate.lead_time_interval and lead_time_series, as of A."""
        named = series.order("series_no").project("series_no, segment, group_kind, group_value").fetchall()
        segments = list(dict.fromkeys(segment for _, segment, _, _ in named))
        numbers: dict[str, list[int]] = {}
        values: dict[str, dict[str, None]] = {}
        for series_no, _, kind, value in named:
            numbers.setdefault(kind, []).append(series_no)
            values.setdefault(kind, {})[value] = None
        groups = {kind: list(of_kind) for kind, of_kind in values.items() if kind != "all"}
        found = intervals.filter("not is_reversed").select(
            _position("segment", segments),
            *(_position(kind, of_kind) for kind, of_kind in groups.items()),
            _days("begins_on"),
            _days(f"coalesce(ends_on, exits_on, date '{EPOCH}' + {OPEN})", "left_on"),
            duckdb.SQLExpression("ends_on is not null").alias("is_ended"),
        )
        arrays = {name: np.asarray(array) for name, array in found.fetchnumpy().items()}
        codes = {"all": arrays["segment"]} | {
            kind: arrays["segment"] * np.uint16(len(of_kind)) + arrays[kind] for kind, of_kind in groups.items()
        }
        return cls(
            tuple(Dimension(codes[kind], np.array(of_kind)) for kind, of_kind in numbers.items()),
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
