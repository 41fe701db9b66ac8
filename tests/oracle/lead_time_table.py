"""fct_lead_time from intervals. Belongs here: which intervals a row counts. Not: the statistics (`survival`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.lead_time import Interval
from tests.oracle.survival import (
    Followed,
    crosses_half,
    incidence,
    kaplan_meier,
    km_quantile,
    mean,
    quantile,
    restricted_mean,
)
from tests.oracle.workdays import DAY, add_months

MONTHS = {"month": 1, "quarter": 3, "year": 12}
QUANTILES = {"median_days": 0.5, "p80_days": 0.8, "p90_days": 0.9, "p95_days": 0.95}


@dataclass(frozen=True)
class Period:
    """A month, quarter or year, to A at most."""

    kind: str
    first: date
    as_of: date

    @property
    def last(self) -> date:
        """Its last day, A for the last period."""
        return min(add_months(self.first, MONTHS[self.kind]) - DAY, self.as_of)

    def holds(self, day: date | None) -> bool:
        """Does the day lie in it?"""
        return day is not None and self.first <= day <= self.last

    def is_over(self, day: date | None) -> bool:
        """Does the day lie on or before its last day?"""
        return day is not None and day <= self.last


def periods(kind: str, first: date, as_of: date) -> Iterator[Period]:
    """Every period from the one with `first` to the one with A."""
    months = MONTHS[kind]
    start = date(first.year, (first.month - 1) // months * months + 1, 1)
    while start <= as_of:
        yield Period(kind, start, as_of)
        start = add_months(start, months)


def row(intervals: Iterable[Interval], view: str, period: Period) -> Mapping[str, Any]:
    """The cells of one row of a segment and group."""
    known = list(intervals)
    begun = [i for i in known if period.holds(i.begin)]
    if view == "cohort":
        return cohort(begun, period.as_of)
    open_at_end = [
        i for i in known if period.is_over(i.begin) and not period.is_over(i.end) and not period.is_over(i.exit)
    ]
    ended = [i for i in known if period.holds(i.end)]
    counts = {
        "started_count": len(begun),
        "completed_count": len(ended),
        "exited_count": sum(period.holds(i.exit) for i in known),
        "open_count": len(open_at_end),
    }
    ages = [(period.last - i.begin).days for i in open_at_end]
    return counts | spread([duration(i, i.end) for i in ended] if view == "period" else ages)


def duration(interval: Interval, until: date | None) -> int:
    """End minus begin in days."""
    assert until is not None
    return (until - interval.begin).days


def spread(days: list[int]) -> dict[str, float | None]:
    """Mean and quantiles."""
    return {"mean_days": mean(days)} | {name: quantile(days, share) for name, share in QUANTILES.items()}


def cohort(begun: list[Interval], as_of: date) -> dict[str, Any]:
    """Intervals begun in the period, followed to A."""
    followed = [follow(i, as_of) for i in begun]
    completed = [f.days for f in followed if f.left_by == "end"]
    steps = kaplan_meier(followed)
    counts = {
        "started_count": len(begun),
        "completed_count": len(completed),
        "exited_count": sum(f.left_by == "exit" for f in followed),
        "open_count": sum(f.left_by == "open" for f in followed),
    }
    return (
        counts
        | spread(completed)
        | {
            "km_median_days": km_quantile(steps, 0.5),
            "km_p80_days": km_quantile(steps, 0.8),
            "km_p90_days": km_quantile(steps, 0.9),
            "km_median_low": crosses_half(steps, "low"),
            "km_median_high": crosses_half(steps, "high"),
            "km_mean_to_730_days": restricted_mean(followed, 730),
            "incidence_365_share": incidence(followed, 365),
        }
    )


def follow(interval: Interval, as_of: date) -> Followed:
    """How long, and how it was left."""
    for left_by, day in (("end", interval.end), ("exit", interval.exit)):
        if day is not None:
            return Followed(duration(interval, day), left_by)
    return Followed(duration(interval, as_of), "open")
