"""When a case leaves the stock: month by month, as many as the stock anchors leave room for.

Belongs here: the day of the first decision. Outflow of a month = stock before + applications - anchor at its end; who
leaves is drawn by age and speed, so lead times follow from stock and outflow. Does not belong here: the outcome.
"""

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days, day, month_index, month_start, working, working_before
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import (
    RELOCATED,
    RESETTLED,
    REUNION,
    Figures,
    clamp_year,
    day_before,
    months_between,
)
from analytics.simulation.inflow import DECIDED
from analytics.simulation.parameters import Parameters
from analytics.simulation.selection import MINIMUM_DAYS, Index, Pool, pending_shares, published_on_merits, speeds

TASKFORCE_FILED_BEFORE = 18353
"""2020-04-01"""
_IMPEDED_UNTIL = TASKFORCE_FILED_BEFORE + 640
"""2022-01-01"""
_SAFE_STOCK_MONTHS = 1.8


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
    low = np.maximum(month_start(known), cases.applied + MINIMUM_DAYS)
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
    pool = Pool(cases, speeds(cases, draws), np.full(len(cases), -1, dtype=np.int32), held.copy(), weights)
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
    pool: Pool, figures: Figures, present: Index, total: int, end: int, month: int, taskforce_target: float
) -> None:
    """Decide a month's cases: the Taskforce's first, then Dublin and safe countries, then the rest by citizenship."""
    cases = pool.cases
    floor = published_on_merits(figures, month, cases.scale)
    shares = pending_shares(figures, end)
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
