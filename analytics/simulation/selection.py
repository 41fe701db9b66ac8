"""Who leaves the stock in a month, given how many: by citizenship group, age and speed.

Belongs here: choosing among waiting cases. Does not belong here: how many leave (`outflow.py`).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import day
from analytics.simulation.cases import COMPLEX, VERY_COMPLEX, Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import OUTCOME_COLUMNS, REPEAT, Figures, clamp_year

MINIMUM_DAYS = 12
"""no case is decided sooner after its application"""
Index = npt.NDArray[np.int64]


@dataclass
class Pool:
    """Cases that are undecided at the start of a month."""

    cases: Cases
    speed: npt.NDArray[np.float64]
    decided_month: npt.NDArray[np.int32]
    held: npt.NDArray[np.bool_]
    age_weight: dict[int, float]
    """how much age counts in a year: 0 = any case, large = oldest first"""

    def take(self, candidates: Index, count: int, month_end: int, month: int) -> int:
        """Decide the `count` candidates with the highest age^weight x speed; those who file together stay together."""
        eligible = candidates[(self.cases.applied[candidates] + MINIMUM_DAYS <= month_end) & ~self.held[candidates]]
        count = min(count, len(eligible))
        if count <= 0:
            return 0
        weight = self.age_weight[int(clamp_year(1970 + month // 12))]
        score = (month_end - self.cases.applied[eligible] + 20.0) ** weight * self.speed[eligible]
        chosen = eligible[np.argsort(-score, kind="stable")[:count]]
        self.decided_month[chosen] = month
        return count

    def take_by_group(
        self,
        candidates: Index,
        total: int,
        floor: npt.NDArray[np.float64],
        share: npt.NDArray[np.float64] | None,
        month_end: int,
        month: int,
    ) -> int:
        """Decide `total` candidates, by citizenship group as `_group_quotas` says; without `share` the mix is kept."""
        early = self.cases.applied[candidates] + MINIMUM_DAYS <= month_end
        ready = candidates[early & ~self.held[candidates]]
        total = min(total, len(ready))
        group = self.cases.group[ready]
        by_group = np.bincount(group, minlength=len(floor)).astype(np.float64)
        mix = by_group / max(by_group.sum(), 1.0) if share is None else share
        taken = 0
        for code, quota in enumerate(_group_quotas(by_group, floor, mix, total)):
            taken += self.take(ready[group == code], int(quota), month_end, month)
        left = ready[self.decided_month[ready] < 0]
        return taken + self.take(left, total - taken, month_end, month)


def speeds(cases: Cases, draws: Draws) -> npt.NDArray[np.float64]:
    speed = np.exp(draws.stream("speed").normal(0.0, 0.9, int(cases.unit[-1]) + 1))[cases.unit]
    speed *= np.where(cases.complexity == VERY_COMPLEX, 0.5, np.where(cases.complexity == COMPLEX, 0.85, 1.0))
    speed *= np.where(cases.kind == REPEAT, 1.5, 1.0)
    return np.asarray(speed)


def _group_quotas(
    open_by_group: npt.NDArray[np.float64], floor: npt.NDArray[np.float64], share: npt.NDArray[np.float64], total: int
) -> npt.NDArray[np.int64]:
    """Outflow by citizenship group, adding up to the total.

    First what was published as decided on the merits (`floor`), then what moves the stock towards its published mix.
    """
    certain = np.minimum(floor, open_by_group)
    certain *= min(total / max(certain.sum(), 1e-9), 1.0)
    left = max(open_by_group.sum() - total, 0.0)
    wish = np.maximum(open_by_group - share * left - certain, 0.0) + 1e-9
    quota = np.minimum(certain + wish / wish.sum() * (total - certain.sum()), open_by_group)
    room = open_by_group - quota
    quota += room / max(room.sum(), 1e-9) * (total - quota.sum())
    whole = np.round(np.cumsum(quota)).astype(np.int64)
    return whole - np.concatenate([[0], whole[:-1]])


def published_on_merits(figures: Figures, month: int, scale: float) -> npt.NDArray[np.float64]:
    """A twelfth of the grants and refusals of the year, by citizenship group."""
    year = int(clamp_year(1970 + month // 12)) - 2018
    by_citizenship = np.sum([figures.annual(column)[year] for column in OUTCOME_COLUMNS[:3]], axis=0)
    names = figures.nationalities
    return np.bincount(names.group, weights=by_citizenship, minlength=len(names.group_names)) / 12 * scale


def pending_shares(figures: Figures, month_end: int) -> npt.NDArray[np.float64]:
    """Published mix of the stock by citizenship group, linear between year ends."""
    pending = figures.annual("pending_year_end")
    group = figures.nationalities.group
    table = np.stack(
        [np.bincount(group, weights=row, minlength=len(figures.nationalities.group_names)) for row in pending]
    )
    table = table / table.sum(axis=1, keepdims=True)
    year_ends = np.array([day(date(y, 12, 31)) for y in range(2018, 2026)])
    return np.array([np.interp(month_end, year_ends, table[:, g]) for g in range(table.shape[1])])
