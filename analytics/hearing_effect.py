"""What offering a written hearing gains, stratum by stratum and pooled, with a bootstrap interval.

Belongs here: the mathematics of fct_hearing_mode over cases followed from their landmark. Does not belong here: which
cases those are (intermediate.hearing_landmark), reading and writing tables.

The comparison goes by what was offered, not by how the hearing was held: who falls back to an oral hearing stays in the
offered arm. It cannot rule out reasons for offering that the strata do not hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

HORIZON = 365
"""Days from the landmark to which means are restricted; every case is followed so long (marts.md)."""
RESAMPLES = 500
INTERVAL = (2.5, 97.5)
"""Percentiles of the resamples: a 95% interval."""
OVERLAP = 10
"""Cases in both arms from which on an effect is shown."""
SEED = 20200401

STRATUM = ("application_kind", "nationality_group", "complexity", "quarter_start")
SCHEMA: dict[str, type[pl.DataType]] = {
    "stratum": pl.String,
    "application_kind": pl.String,
    "nationality_group": pl.String,
    "complexity": pl.String,
    "quarter_start": pl.Date,
    "offered_count": pl.Int64,
    "not_offered_count": pl.Int64,
    "fallback_share": pl.Float64,
    "offered_mean_days": pl.Float64,
    "not_offered_mean_days": pl.Float64,
    "gain_days": pl.Float64,
    "gain_low": pl.Float64,
    "gain_high": pl.Float64,
    "hearing_gain_days": pl.Float64,
    "ind_hours_gain": pl.Float64,
    "legal_aid_points_difference": pl.Float64,
    "offered_overturned_share": pl.Float64,
    "not_offered_overturned_share": pl.Float64,
    "overlap": pl.Boolean,
}

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Arm:
    """The cases of one stratum that were, or were not, offered a written hearing."""

    days: Integers
    """Days from the landmark to the first decision, at most the horizon; sorted."""
    fallback_share: float
    hearing_mean_days: float
    hours: float
    points: float
    """nan where no case has settled certificates."""
    overturned_share: float

    @property
    def count(self) -> int:
        return len(self.days)

    @property
    def mean_days(self) -> float:
        """The mean restricted to the horizon; nobody is censored before it, so Kaplan-Meier is the plain mean."""
        return float(self.days.sum()) / self.count if self.count else np.nan

    def resampled_means(self, seeds: tuple[int, ...]) -> Floats:
        """Means of resamples with replacement, shape (RESAMPLES,), in days. Sums are of integers: exact."""
        drawn = np.random.default_rng(seeds).integers(self.count, size=(RESAMPLES, self.count), dtype=np.int32)
        return self.days[drawn].sum(axis=1) / self.count


@dataclass(frozen=True)
class Cell:
    """One stratum with its two arms."""

    key: tuple[object, ...]
    offered: Arm
    not_offered: Arm

    @property
    def overlap(self) -> bool:
        return min(self.offered.count, self.not_offered.count) >= OVERLAP

    @cached_property
    def resampled_gains(self) -> Floats:
        """Gains of resamples within the arms, shape (RESAMPLES,); a stratum's draws depend on nothing outside it."""
        seed = (SEED, crc32(repr(self.key).encode()))
        return self.not_offered.resampled_means((*seed, 0)) - self.offered.resampled_means((*seed, 1))


def effects(cases: pl.DataFrame) -> pl.DataFrame:
    """The rows of fct_hearing_mode from those of intermediate.hearing_landmark, in any order.

    One row a stratum, and the pooled row last: the strata with overlap, weighted by their offered cases.
    """
    cells = list(strata(cases))
    rows = [*(cell_row(cell) for cell in cells), pooled_row([cell for cell in cells if cell.overlap])]
    return pl.DataFrame([published(row) for row in rows], schema=SCHEMA, orient="row")


def strata(cases: pl.DataFrame) -> Iterator[Cell]:
    """The strata in order of their key. Rows are sorted first, so that their order cannot matter."""
    ordered = cases.sort(*STRATUM, "is_offered", "days_to_decision", "hearing_followed_days", "days_to_hearing")
    measured = {name: column.to_numpy() for name, column in ordered.select(**MEASURES).to_dict().items()}
    sizes = ordered.group_by(STRATUM, maintain_order=True).agg(pl.len(), (~pl.col("is_offered")).sum().alias("others"))
    start = 0
    for *key, count, others in sizes.iter_rows():
        middle, end = start + others, start + count
        yield Cell(tuple(key), arm(measured, slice(middle, end)), arm(measured, slice(start, middle)))
        start = end


MEASURES = {
    "days": pl.col("days_to_decision").fill_null(HORIZON).clip(upper_bound=HORIZON).cast(pl.Int64),
    "is_fallback": pl.col("is_fallback"),
    "hearing_days": pl.col("hearing_followed_days").cast(pl.Int64),
    "is_heard": pl.col("days_to_hearing").is_not_null(),
    "hours": (pl.col("ind_hours") * 100).cast(pl.Int64),
    "points": (pl.col("legal_aid_points") * 100).cast(pl.Int64).fill_null(0),
    "has_points": pl.col("legal_aid_points").is_not_null(),
    "is_overturned": pl.col("is_overturned"),
}
"""What is measured of a case; hours and points in hundredths, so that sums are of integers and exact."""


def arm(measured: Mapping[str, npt.NDArray[Any]], of_arm: slice) -> Arm:
    """One arm, from the rows of all cases that are its."""
    own = {name: column[of_arm] for name, column in measured.items()}
    count = len(own["days"])
    return Arm(
        days=np.sort(own["days"]),
        fallback_share=ratio(own["is_fallback"].sum(), count),
        hearing_mean_days=restricted_mean(own["hearing_days"], own["is_heard"]),
        hours=ratio(own["hours"].sum(), 100 * count),
        points=ratio(own["points"].sum(), 100 * own["has_points"].sum()),
        overturned_share=ratio(own["is_overturned"].sum(), count),
    )


def ratio(numerator: int, denominator: int) -> float:
    """nan of nothing."""
    return float(numerator / denominator) if denominator else np.nan


def restricted_mean(days: Integers, happened: npt.NDArray[np.bool_]) -> float:
    """Area under the Kaplan-Meier curve to the horizon; events of a day come before its censorings. nan of nothing.

    Every case is followed to the horizon: one decided unheard is censored on its decision, and where the last of an arm
    is, the curve stays at its height. Leaving such arms out would pool the few strata with a long tail only.
    """
    if not len(days):
        return np.nan
    times, at = np.unique(days, return_inverse=True)
    at_risk = len(days) - np.concatenate([[0], np.cumsum(np.bincount(at))[:-1]])
    survival = np.cumprod(1 - np.bincount(at, weights=happened) / at_risk)
    steps = np.clip(np.concatenate([[0], times, [max(HORIZON, times[-1])]]), 0, HORIZON)
    return float((np.diff(steps) * np.concatenate([[1.0], survival])).sum())


def cell_row(cell: Cell) -> dict[str, object]:
    """The row of one stratum; without overlap it shows no effect."""
    row = {"stratum": "cell", **dict(zip(STRATUM, cell.key, strict=True))} | compared([cell])
    return row | (interval(cell.resampled_gains) if cell.overlap else dict.fromkeys(EFFECTS))


def pooled_row(cells: list[Cell]) -> dict[str, object]:
    """The row of all strata with overlap."""
    row = {"stratum": "pooled", **dict.fromkeys(STRATUM[:-1], "all"), STRATUM[-1]: None} | compared(cells)
    if not cells:
        return row
    gains = [cell.resampled_gains for cell in cells]
    return row | interval(np.average(gains, axis=0, weights=[cell.offered.count for cell in cells]))


EFFECTS = (
    "gain_days",
    "gain_low",
    "gain_high",
    "hearing_gain_days",
    "ind_hours_gain",
    "legal_aid_points_difference",
)


def compared(cells: list[Cell]) -> dict[str, object]:
    """Counts, and what differs between the arms, every stratum weighing as many as its offered cases."""
    offered = [cell.offered for cell in cells]
    others = [cell.not_offered for cell in cells]
    weights = [one.count for one in offered]
    return {
        "offered_count": sum(weights),
        "not_offered_count": sum(other.count for other in others),
        "fallback_share": weighted((one.fallback_share for one in offered), weights),
        "offered_mean_days": weighted((one.mean_days for one in offered), weights),
        "not_offered_mean_days": weighted((other.mean_days for other in others), counted(weights, others)),
        "gain_days": weighted(differences(others, offered, "mean_days"), weights),
        "hearing_gain_days": weighted(differences(others, offered, "hearing_mean_days"), weights),
        "ind_hours_gain": weighted(differences(others, offered, "hours"), weights),
        "legal_aid_points_difference": weighted(differences(offered, others, "points"), weights),
        "offered_overturned_share": weighted((one.overturned_share for one in offered), weights),
        "not_offered_overturned_share": weighted((one.overturned_share for one in others), counted(weights, others)),
        "overlap": bool(cells) and all(cell.overlap for cell in cells),
    }


def counted(weights: list[int], others: list[Arm]) -> list[int]:
    """A single stratum shows its arm without offers also when nobody was offered anything."""
    return weights if len(weights) != 1 else [others[0].count]


def differences(minuends: list[Arm], subtrahends: list[Arm], attribute: str) -> Iterator[float]:
    for one, other in zip(minuends, subtrahends, strict=True):
        yield getattr(one, attribute) - getattr(other, attribute)


def weighted(values: Iterable[float], weights: list[int]) -> float:
    """The weighted mean of the values that there are; nan of nothing."""
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight and not np.isnan(value)]
    return sum(v * w for v, w in pairs) / sum(w for _, w in pairs) if pairs else np.nan


def interval(gains: Floats) -> dict[str, object]:
    """The percentile interval of resampled gains."""
    low, high = np.percentile(gains, INTERVAL)
    return {"gain_low": float(low), "gain_high": float(high)}


def published(row: dict[str, object]) -> tuple[object, ...]:
    """The cells in the order of the mart: rounded once, nan as null."""
    return tuple(rounded(row.get(name)) for name in SCHEMA)


def rounded(cell: object) -> object:
    if not isinstance(cell, float):
        return cell
    # a gain of minus nothing is a gain of nothing
    return None if np.isnan(cell) else round(cell, 6) + 0.0
