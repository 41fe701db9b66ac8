"""The statistics of fct_lead_time from a list of durations, by the formulas of marts.md, "Lead time".

Belongs here: quantiles, Kaplan-Meier, Aalen-Johansen. Does not belong here: which interval is in which row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

Z_95 = 1.959963984540054
TOLERANCE = 1e-12
"""Of S(t) <= 1 - q (marts.md)."""


def quantile(values: Sequence[int], share: float) -> float | None:
    """Linear interpolation between the two nearest; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def mean(values: Sequence[int]) -> float | None:
    """None of nothing."""
    return sum(values) / len(values) if values else None


@dataclass(frozen=True)
class Followed:
    """One interval followed from its begin: how long, and how it was left (`end`, `exit`, `open`)."""

    days: int
    left_by: str


@dataclass(frozen=True)
class Step:
    """The Kaplan-Meier estimate from day t on."""

    t: int
    survival: float
    low: float
    """Lower and upper limit of the 95% log-log band; both equal the survival where that is 0 or 1."""
    high: float


def kaplan_meier(followed: Sequence[Followed]) -> list[Step]:
    """S(t) at every day on which an interval ended; exits and open intervals censor, after the events of a day."""
    survival, greenwood, steps = 1.0, 0.0, []
    for t in sorted({f.days for f in followed if f.left_by == "end"}):
        at_risk = sum(f.days >= t for f in followed)
        ended = sum(f.days == t and f.left_by == "end" for f in followed)
        survival *= (at_risk - ended) / at_risk
        if at_risk > ended:
            greenwood += ended / (at_risk * (at_risk - ended))
        else:
            survival = 0.0
        steps.append(Step(t, survival, *band(survival, greenwood)))
    return steps


def band(survival: float, greenwood: float) -> tuple[float, float]:
    """S ** exp(-+ z * sqrt(greenwood) / log S)."""
    if survival in {0.0, 1.0}:
        return survival, survival
    width = Z_95 * sqrt(greenwood) / abs(log(survival))
    return survival ** exp(width), survival ** exp(-width)


def km_quantile(steps: Sequence[Step], share: float) -> int | None:
    """Smallest t with S(t) <= 1 - q + 1e-12; None = not reached."""
    return min((s.t for s in steps if s.survival <= 1 - share + TOLERANCE), default=None)


def crosses_half(steps: Sequence[Step], limit: str) -> int | None:
    """Smallest t at which a limit of the band is at or below 0.5."""
    return min((s.t for s in steps if getattr(s, limit) <= 0.5 + TOLERANCE), default=None)


def restricted_mean(followed: Sequence[Followed], horizon: int) -> float | None:
    """The area under S from 0 to the horizon; None when nobody was followed that far and S > 0 there."""
    steps = [s for s in kaplan_meier(followed) if s.t < horizon]
    survival_there = steps[-1].survival if steps else 1.0
    if not followed or (max(f.days for f in followed) < horizon and survival_there > 0):
        return None
    area, since, survival = 0.0, 0, 1.0
    for step in steps:
        area += survival * (step.t - since)
        since, survival = step.t, step.survival
    return area + survival * (horizon - since)


def incidence(followed: Sequence[Followed], horizon: int) -> float | None:
    """Share ended within the horizon, exits competing (Aalen-Johansen); None as for the restricted mean."""
    still, share = 1.0, 0.0
    for t in sorted({f.days for f in followed if f.left_by != "open" and f.days <= horizon}):
        at_risk = sum(f.days >= t for f in followed)
        ended = sum(f.days == t and f.left_by == "end" for f in followed)
        exited = sum(f.days == t and f.left_by == "exit" for f in followed)
        share += still * ended / at_risk
        still *= (at_risk - ended - exited) / at_risk
    if not followed or (max(f.days for f in followed) < horizon and still > TOLERANCE):
        return None
    return share
