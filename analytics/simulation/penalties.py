"""Being late: notices of default, appeals against it, court terms.

Belongs here: who sends a notice and what a court says. Does not belong here: rows (`penalty_rows.py`), nor what the law
makes of them (the marts say that).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days, day, month_start, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.deadlines import expected_deadlines
from analytics.simulation.draws import Draws
from analytics.simulation.figures import Figures, clamp_year
from analytics.simulation.parameters import Parameters
from analytics.simulation.remedy_rows import Lodged

COURT_TERMS = (14, 56, 112)


@dataclass(frozen=True)
class Late:
    """Notices and appeals against being late, one element a notice."""

    case: npt.NDArray[np.int32]
    received: Days
    withdrawn: Days
    lodged: Days
    ruled: Days
    ruling: npt.NDArray[np.int8]
    term: npt.NDArray[np.int32]
    per_day: npt.NDArray[np.int32]
    maximum: npt.NDArray[np.int32]


def responsible_since(cases: Cases, decided: Days, seed: int) -> Days:
    """Day the Netherlands became responsible for a Dublin case; for most it never does."""
    draws = Draws(seed)
    n = len(cases)
    chosen = (cases.track == 1) & draws.chance("responsible", 0.12, n)
    when = cases.applied + draws.between("responsible days", 60, 200, n)
    return np.where(chosen & (when < decided), when, NEVER).astype(np.int32)


def make_late(cases: Cases, decided: Days, responsible: Days, figures: Figures, parameters: Parameters) -> Late:
    """Notices: as many a year as yearly.csv says, drawn from the cases that are late in that year."""
    draws = Draws(parameters.seed)
    deadline = expected_deadlines(cases, responsible, decided)
    noticed = np.zeros(len(cases), dtype=bool)
    chosen: list[npt.NDArray[np.int64]] = []
    days: list[npt.NDArray[np.int32]] = []
    for year in range(parameters.start.year, parameters.end.year + 1):
        first = max(int(month_start((year - 1970) * 12)), day(parameters.start))
        last = min(int(month_start((year - 1969) * 12)) - 1, day(parameters.end))
        begin = np.maximum(deadline + 1, first)
        finish = np.minimum(decided - 1, last)
        late = np.flatnonzero((begin <= finish) & ~noticed & (cases.place == 0))
        wanted = round(figures.yearly[int(clamp_year(year))]["notices"] * cases.scale * (last - first + 1) / 365)
        picked = late[np.argsort(draws.uniform(f"notice {year}", len(late)), kind="stable")[:wanted]]
        noticed[picked] = True
        chosen.append(picked)
        days.append(draws.between(f"notice day {year}", begin[picked], finish[picked], len(picked)))
    case = np.concatenate(chosen).astype(np.int32)
    received = np.concatenate(days)
    order = np.lexsort((received, case))
    return _appeals(cases, decided, case[order], received[order], figures, draws)


def _appeals(
    cases: Cases, decided: Days, case: npt.NDArray[np.int32], received: Days, figures: Figures, draws: Draws
) -> Late:
    n = len(case)
    end = decided[case]
    withdrawn = np.where(
        draws.chance("notice withdrawn", 0.03, n), received + draws.between("withdrawn days", 3, 60, n), NEVER
    )
    lodged = working(received + 16 + draws.days("late appeal", 25, 0.8, n))
    share = np.array([figures.yearly[y]["late_appeal_share"] for y in range(2018, 2026)])[
        clamp_year(year_of(received)) - 2018
    ]
    appeals = draws.chance("late appeals", share, n) & (lodged < end)
    ruled = working(lodged + np.maximum(draws.days("late ruling", 70, 0.5, n), 14))
    in_time = end <= ruled
    ruling = np.where(
        in_time,
        draws.pick("late settled", [0.0, 0.05, 0.35, 0.6], n),
        draws.pick("late verdict", [0.9, 0.04, 0.03, 0.03], n),
    )
    recent = year_of(received) >= 2023
    return Late(
        case=case,
        received=received.astype(np.int32),
        withdrawn=withdrawn.astype(np.int32),
        lodged=np.where(appeals, lodged, NEVER).astype(np.int32),
        ruled=np.where(appeals, ruled, NEVER).astype(np.int32),
        ruling=np.where(appeals, ruling, -1).astype(np.int8),
        term=np.array(COURT_TERMS, dtype=np.int32)[draws.pick("court term", [0.25, 0.55, 0.2], n)],
        per_day=np.full(n, 100, dtype=np.int32),
        maximum=np.where(recent & draws.chance("higher maximum", 0.3, n), 15000, 7500).astype(np.int32),
    )


def as_remedies(late: Late) -> Lodged:
    """The appeals against being late as rows of rechtsmiddel."""
    kept = late.lodged < NEVER
    size = int(kept.sum())
    return Lodged(
        late.case[kept],
        np.ones(size, dtype=np.int32),
        3,
        np.zeros(size, dtype=bool),
        late.lodged[kept],
        late.ruled[kept],
        late.ruling[kept],
        late.term[kept],
        late.per_day[kept],
        late.maximum[kept],
    )
