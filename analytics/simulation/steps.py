"""The procedural steps of a case between application and first decision, planned and done.

Belongs here: processtap. Does not belong here: why the case ends when it ends.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import RELOCATED, RESETTLED, Figures, clamp_year
from analytics.simulation.hearings import LANDMARK_DAYS, Hearings
from analytics.simulation.outcomes import DISCONTINUED, WITHDRAWN, Codes, is_refused

STEPS = (
    "AANMELDGEHOOR",
    "RVT_START",
    "RVT_EINDE",
    "MEDISCH_ADVIES",
    "DOSSIER_GEREED",
    "NADER_GEHOOR",
    "AANVULLEND_GEHOOR",
    "CORRECTIES_AANVULLINGEN",
    "VOORNEMEN",
    "ZIENSWIJZE",
    "BELEMMERING_START",
    "BELEMMERING_EINDE",
)
INTERVIEW, REST, PREPARED, MEDICAL, FILE, HEARING, EXTRA, CORRECTIONS, INTENTION, VIEW, OBSTACLE, CLEARED = range(12)
HEARINGS = (INTERVIEW, HEARING, EXTRA)
ORAL, WRITTEN, VIDEO = range(3)


@dataclass
class Course:
    """Day of every step of every case, NEVER when it does not take place; columns as STEPS."""

    done: npt.NDArray[np.int32]
    written: npt.NDArray[np.bool_]
    """hearing held in writing"""

    def on(self, step: int) -> Days:
        """Day of one step, by case."""
        return self.done[:, step]


def _at(begin: Days, end: Days, fraction: npt.NDArray[np.float64]) -> Days:
    return working(begin + np.floor((end - begin) * fraction).astype(np.int32))


def make_course(
    cases: Cases,
    decided: Days,
    outcome: Codes,
    hearings: Hearings,
    held: npt.NDArray[np.bool_],
    figures: Figures,
    seed: int,
) -> Course:
    """Steps placed between application and first decision, in order, each before the next.

    Dublin cases have no main hearing; those withdrawn or discontinued stop somewhere on the way; resettled and
    relocated cases, and family reunification, have none.
    """
    draws = Draws(seed)
    n = len(cases)
    done = np.full((n, len(STEPS)), NEVER, dtype=np.int32)
    fraction = np.array([figures.yearly[y]["interview_fraction"] for y in range(2018, 2026)])
    part = fraction[clamp_year(year_of(cases.applied)) - 2018] * (0.55 + 0.9 * draws.uniform("interview", n))
    applied, fixed = cases.applied, hearings.eligible
    limit = np.where(fixed, hearings.prepared - 2, decided - 2)
    interview = np.minimum(_at(applied + 1, np.maximum(limit, applied + 1), np.where(fixed, 0.9, part)), limit)
    rest = np.minimum(interview + draws.between("rest", 1, 4, n), limit)
    room = np.maximum(decided - interview, 0)
    normal = interview + np.minimum(draws.between("preparation days", 7, 26, n), (room * 0.35).astype(np.int32))
    prepared = np.where(fixed, hearings.prepared, np.maximum(normal, rest))
    earliest = np.where(fixed, prepared + LANDMARK_DAYS + 1, prepared + 1)
    heard = _at(earliest, np.maximum(decided - 1, earliest), 0.62 + 0.36 * draws.uniform("hearing", n))
    heard = np.where((heard >= decided) | (heard < earliest), np.minimum(earliest, decided), heard)
    file = np.minimum(heard - 1, prepared + ((heard - prepared) * draws.uniform("file", n)).astype(np.int32))
    corrections = np.minimum(heard + draws.between("corrections", 1, 9, n), decided)
    refused = is_refused(outcome)
    begin = np.where(cases.track == 1, interview, corrections)
    intention = _at(begin, decided, 0.3 + 0.3 * draws.uniform("intention", n))
    intention = np.minimum(intention, decided)
    view = np.minimum(
        intention + np.where(cases.track == 1, 14, 28), intention + ((decided - intention) * 0.8).astype(np.int32)
    )
    steps = (
        interview,
        rest,
        prepared,
        prepared + 3,
        file,
        heard,
        heard + (decided - heard) // 3,
        corrections,
        intention,
        view,
    )
    for step, value in enumerate(steps):
        done[:, step] = value
    missing = _missing(cases, draws, n) | _missing_by_kind(cases, refused, draws)
    stop = np.isin(outcome, [WITHDRAWN, DISCONTINUED]) & ~fixed
    cut = applied + ((decided - applied) * draws.uniform("stop", n)).astype(np.int32)
    for step in range(len(steps)):
        gone = missing[:, step] | (stop & (done[:, step] > cut)) | (done[:, step] > decided) | (done[:, step] < applied)
        done[gone, step] = NEVER
    _obstacles(cases, decided, held, draws, done)
    swapped = draws.chance("recorded late", 0.005, n) & (done[:, HEARING] < decided - 6) & ~fixed
    done[swapped, INTERVIEW] = done[swapped, HEARING] + 4
    written = hearings.accepted & (hearings.offered < NEVER) & (done[:, HEARING] < NEVER)
    return Course(done, written)


def _missing(cases: Cases, draws: Draws, n: int) -> npt.NDArray[np.bool_]:
    """Steps that leave no record, and those that most cases do not need."""
    share = np.array([0.02, 0.08, 0.02, 0.35, 0.10, 0.01, 0.80, 0.10, 0.02, 0.06, 1.0, 1.0])
    result = np.asarray(draws.stream("missing").random((n, len(STEPS))) < share)
    result[cases.minor_alone, MEDICAL] = False
    return result


def _missing_by_kind(cases: Cases, refused: npt.NDArray[np.bool_], draws: Draws) -> npt.NDArray[np.bool_]:
    result = np.zeros((len(cases), len(STEPS)), dtype=bool)
    none = ~cases.asylum | np.isin(cases.kind, [RESETTLED, RELOCATED])
    result[none] = True
    dublin = cases.track == 1
    for step in (REST, MEDICAL, FILE, HEARING, EXTRA, CORRECTIONS):
        result[:, step] |= dublin
    child = (cases.applied - cases.born < 15 * 365) & ~cases.minor_alone
    for step in (INTERVIEW, HEARING, EXTRA, CORRECTIONS, MEDICAL):
        result[:, step] |= child & draws.chance(f"child {step}", 0.8, len(cases))
    for step in (INTENTION, VIEW):
        result[:, step] |= ~refused
    result[:, VIEW] |= result[:, INTENTION]
    return result


def _obstacles(
    cases: Cases, decided: Days, held: npt.NDArray[np.bool_], draws: Draws, done: npt.NDArray[np.int32]
) -> None:
    """Impediments: the Taskforce's long ones begin before the project and end with the case; others last months."""
    n = len(cases)
    chance = cases.asylum & (decided - cases.applied > 120) & draws.chance("obstacle", 0.025, n)
    start = working(
        cases.applied
        + 20
        + ((decided - cases.applied - 40) * 0.5 * draws.uniform("obstacle start", n)).astype(np.int32)
    )
    end = working(start + draws.days("obstacle days", 90, 0.6, n))
    start = np.where(held, np.minimum(working(cases.applied + 25), decided - 8), start)
    end = np.where(held, decided - 1, end)
    some = held | chance
    done[some, OBSTACLE] = start[some]
    ended = some & (end < decided)
    done[ended, CLEARED] = end[ended]


def plan_lead(draws: Draws, size: int) -> npt.NDArray[np.int32]:
    """Days ahead that a hearing is put on the calendar."""
    return draws.between("plan lead", 8, 42, size)


def first_of(course: Course, step: int) -> pl.Series:
    """Day of a step as a nullable column."""
    return pl.Series(STEPS[step], course.on(step))
