"""When a case leaves the stock: month by month, as many as the stock anchors leave room for.

Belongs here: the day of the first decision. Outflow of a month = stock before + applications - anchor at its end; who
leaves is drawn by age and speed, so lead times follow from stock and outflow. Does not belong here: the outcome.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days, day, month_index, month_start, working, working_before
from analytics.simulation.cases import COMPLEX, VERY_COMPLEX, Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import (
    OUTCOME_COLUMNS,
    RELOCATED,
    REPEAT,
    RESETTLED,
    REUNION,
    Figures,
    clamp_year,
    day_before,
    months_between,
)
from analytics.simulation.inflow import DECIDED
from analytics.simulation.parameters import Parameters

TASKFORCE_FILED_BEFORE = 18353
"""2020-04-01"""
_IMPEDED_UNTIL = TASKFORCE_FILED_BEFORE + 640
"""2022-01-01"""
_MINIMUM_DAYS = 12
_SAFE_STOCK_MONTHS = 1.8
Index = npt.NDArray[np.int64]


def target_path(
    figures: Figures, group: str, months: range, inflow: npt.NDArray[np.float64], scale: float, opening: float
) -> npt.NDArray[np.float64]:
    """Stock at each month's end: anchors are met, and between two anchors every month has the same outflow."""
    ends = month_start(np.array(months) + 1) - 1
    days, values = figures.anchors(group)
    last = values[-1] * scale
    path = np.empty(len(months))
    stock, at = opening, 0
    pinned = [(int(np.searchsorted(ends, d)), v * scale) for d, v in zip(days, values, strict=True) if d >= ends[0]]
    pinned = [(i, v) for i, v in pinned if i < len(months)]
    if not pinned or pinned[-1][0] < len(months) - 1:
        pinned.append((len(months) - 1, float(np.interp(ends[-1], days, values)) * scale if len(pinned) else last))
    for index, value in pinned:
        if index < at:
            continue
        flow = inflow[at : index + 1]
        outflow = (stock + flow.sum() - value) / len(flow)
        path[at : index + 1] = stock + np.cumsum(flow - outflow)
        stock, at = value, index + 1
    return np.maximum(path, 0.0)


@dataclass
class _Pool:
    """Cases that are undecided at the start of a month."""

    cases: Cases
    speed: npt.NDArray[np.float64]
    decided_month: npt.NDArray[np.int32]
    held: npt.NDArray[np.bool_]
    age_weight: dict[int, float]
    """how much age counts in a year: 0 = any case, large = oldest first"""

    def take(self, candidates: Index, count: int, month_end: int, month: int) -> int:
        """Decide the `count` candidates with the highest age^weight x speed; those who file together stay together."""
        eligible = candidates[(self.cases.applied[candidates] + _MINIMUM_DAYS <= month_end) & ~self.held[candidates]]
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
        early = self.cases.applied[candidates] + _MINIMUM_DAYS <= month_end
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


def _speeds(cases: Cases, draws: Draws) -> npt.NDArray[np.float64]:
    speed = np.exp(draws.stream("speed").normal(0.0, 0.9, int(cases.unit[-1]) + 1))[cases.unit]
    speed *= np.where(cases.complexity == VERY_COMPLEX, 0.5, np.where(cases.complexity == COMPLEX, 0.85, 1.0))
    speed *= np.where(cases.kind == REPEAT, 1.5, 1.0)
    return np.asarray(speed)


def impeded_for_long(cases: Cases, draws: Draws, parameters: Parameters) -> npt.NDArray[np.bool_]:
    """Cases of the Taskforce that an impediment keeps from a decision until after 2021: 300 in the published chain."""
    old = cases.asylum & (cases.applied < TASKFORCE_FILED_BEFORE - 90) & (cases.applied > TASKFORCE_FILED_BEFORE - 500)
    old &= (cases.opening != DECIDED) & (cases.track == 4) & (cases.size == 1) & (cases.kind != REUNION)
    wanted = round(300 * cases.scale)
    chosen = np.zeros(len(cases), dtype=bool)
    candidates = np.flatnonzero(old)
    order = np.argsort(draws.uniform("impeded for long", len(candidates)), kind="stable")
    chosen[candidates[order[:wanted]]] = True
    return chosen


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


def _published_on_merits(figures: Figures, month: int, scale: float) -> npt.NDArray[np.float64]:
    """A twelfth of the grants and refusals of the year, by citizenship group."""
    year = int(clamp_year(1970 + month // 12)) - 2018
    by_citizenship = np.sum([figures.annual(column)[year] for column in OUTCOME_COLUMNS[:3]], axis=0)
    names = figures.nationalities
    return np.bincount(names.group, weights=by_citizenship, minlength=len(names.group_names)) / 12 * scale


def _pending_shares(figures: Figures, month_end: int) -> npt.NDArray[np.float64]:
    """Published mix of the stock by citizenship group, linear between year ends."""
    pending = figures.annual("pending_year_end")
    group = figures.nationalities.group
    table = np.stack(
        [np.bincount(group, weights=row, minlength=len(figures.nationalities.group_names)) for row in pending]
    )
    table = table / table.sum(axis=1, keepdims=True)
    year_ends = np.array([day(date(y, 12, 31)) for y in range(2018, 2026)])
    return np.array([np.interp(month_end, year_ends, table[:, g]) for g in range(table.shape[1])])


def first_decisions(cases: Cases, figures: Figures, parameters: Parameters) -> tuple[Days, npt.NDArray[np.bool_]]:
    """Day of the first decision of every case (a latent one after the end), and who is impeded for long."""
    draws = Draws(parameters.seed)
    months = months_between(parameters.start, parameters.end)
    held = impeded_for_long(cases, draws, parameters)
    decided = np.full(len(cases), NEVER, dtype=np.int32)
    for reunion in (False, True):
        decided_month = _run(cases, figures, parameters, draws, months, held, reunion)
        hit = decided_month >= 0
        decided[hit] = _days_in_month(cases, decided_month, draws, parameters)[hit]
    direct = np.isin(cases.kind, [RESETTLED, RELOCATED])
    decided = np.where(direct, working(cases.applied + draws.between("resettled", 0, 20, len(cases))), decided)
    earlier = cases.opening == DECIDED
    before = working_before(day_before(parameters.start) - draws.between("decided before", 1, 120, len(cases)))
    decided = np.where(earlier, np.maximum(before, cases.applied + 1), decided)
    latent = working(day(parameters.end) + 1 + draws.days("latent", 260, 0.8, len(cases)))
    return np.where(decided == NEVER, latent, decided).astype(np.int32), held


def _days_in_month(cases: Cases, month: npt.NDArray[np.int32], draws: Draws, parameters: Parameters) -> Days:
    """A working day of the chosen month, at least the minimum after application, equal within a unit."""
    known = np.maximum(month, 0)
    low = np.maximum(month_start(known), cases.applied + _MINIMUM_DAYS)
    high = np.minimum(month_start(known + 1) - 1, day(parameters.end))
    u = draws.uniform("decision day", int(cases.unit[-1]) + 1)[cases.unit]
    chosen = low + np.floor(u * (high - low + 1)).astype(np.int32)
    later = working(chosen)
    return np.where(later <= high, later, np.maximum(working_before(chosen), low)).astype(np.int32)


def _run(
    cases: Cases,
    figures: Figures,
    parameters: Parameters,
    draws: Draws,
    months: range,
    held: npt.NDArray[np.bool_],
    reunion: bool,
) -> npt.NDArray[np.int32]:
    """Month of the first decision by queue, -1 when not decided by the end."""
    here = (cases.kind == REUNION) if reunion else cases.asylum
    queued = here & (cases.opening != DECIDED) & ~np.isin(cases.kind, [RESETTLED, RELOCATED])
    members = np.flatnonzero(queued)
    arrival = np.where(cases.opening[members] == -1, month_index(cases.applied[members]), months[0] - 1)
    by_month = np.bincount(arrival - (months[0] - 1), minlength=len(months) + 1)
    inflow = by_month[1:].astype(np.float64)
    group = "family_reunification" if reunion else "asylum"
    path = target_path(figures, group, months, inflow, cases.scale, float(by_month[0]))
    weights = {year: row["age_weight"] for year, row in figures.yearly.items()}
    pool = _Pool(cases, _speeds(cases, draws), np.full(len(cases), -1, dtype=np.int32), held.copy(), weights)
    taskforce = (
        target_path(figures, "taskforce", months, np.zeros(len(months)), cases.scale, 0.0) if not reunion else None
    )
    for index, month in enumerate(months):
        end = min(int(month_start(month + 1)) - 1, day(parameters.end))
        present = members[(arrival <= month) & (pool.decided_month[members] < 0)]
        total = max(len(present) - round(path[index]), 0)
        if taskforce is None:
            pool.take(present, total, end, month)
        else:
            _asylum_month(pool, figures, present, total, end, month, float(taskforce[index]))
    return pool.decided_month


def _asylum_month(
    pool: _Pool, figures: Figures, present: Index, total: int, end: int, month: int, taskforce_target: float
) -> None:
    """Decide a month's cases: the Taskforce's first, then Dublin and safe countries, then the rest by citizenship."""
    cases = pool.cases
    floor = _published_on_merits(figures, month, cases.scale)
    shares = _pending_shares(figures, end)
    whole = max(total, 1)
    if end >= TASKFORCE_FILED_BEFORE:
        old = cases.applied[present] < TASKFORCE_FILED_BEFORE
        if end >= _IMPEDED_UNTIL:
            pool.held[present[old]] = False
        goal = max(int(old.sum()) - round(taskforce_target), 0)
        total -= pool.take_by_group(present[old], goal, floor * min(goal / whole, 1.0), None, end, month)
        present = present[~old]
    dublin = figures.yearly[int(clamp_year(1970 + month // 12))]["dublin_stock_months"]
    for track, months_of_stock in ((1, dublin), (2, _SAFE_STOCK_MONTHS)):
        inside = present[cases.track[present] == track]
        total -= pool.take(inside, min(round(len(inside) / months_of_stock), max(total, 0)), end, month)
    rest = present[(cases.track[present] != 1) & (cases.track[present] != 2)]
    total = max(total, 0)
    pool.take_by_group(rest, total, floor * min(total / whole * 1.2, 1.0), shares, end, month)
