"""What follows a refusal: appeals, rulings, higher appeals, new decisions.

Belongs here: days and verdicts by case. Does not belong here: rows (`remedy_rows.py`), appeals against being late.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.outcomes import GRANT_A, GRANT_B, NOT_TAKEN, UNFOUNDED, Codes, is_refused


@dataclass(frozen=True)
class Remedies:
    """Remedies against the first decision, by case: days (NEVER = none) and rulings (-1 = none)."""

    notified: Days
    appealed: Days
    ruled: Days
    ruling: Codes
    higher: Days
    higher_by_ind: npt.NDArray[np.bool_]
    higher_ruled: Days
    higher_ruling: Codes
    redecided: Days
    redecision: Codes
    ended: Days
    """day the refusal became final for reception: after the window or the last ruling; NEVER when granted"""


def make_remedies(cases: Cases, decided: Days, outcome: Codes, seed: int) -> Remedies:
    """Three of four refusals are appealed; one in seven is overturned; IND appeals against some of those."""
    draws = Draws(seed)
    n = len(cases)
    refused = is_refused(outcome)
    short = (outcome == NOT_TAKEN) | (cases.track == 2)
    notified = np.where(cases.asylum, decided + draws.pick("notified", [0.7, 0.2, 0.05, 0.05], n), decided)
    appeals = refused & draws.chance("appeal", np.where(cases.asylum, 0.72, 0.35), n)
    appealed = working(
        notified
        + draws.between("appeal days", 1, np.where(short, 7, 28), n)
        + np.where(draws.chance("appeal late", 0.02, n), 20, 0)
    )
    median = np.where(short, 45, np.where(year_of(decided) >= 2022, 230, 140))
    ruled = working(appealed + np.maximum(draws.days("ruling", median, 0.6, n), 7))
    ruling = draws.pick("verdict", [0.14, 0.66, 0.09, 0.11], n)
    by_ind = ruling == 0
    again = appeals & draws.chance("higher", np.where(by_ind, 0.2, np.where(ruling == 1, 0.4, 0.0)), n)
    higher = working(ruled + draws.between("higher days", 3, 27, n))
    higher_ruled = working(higher + np.maximum(draws.days("higher ruling", 150, 0.7, n), 14))
    higher_ruling = draws.pick("higher verdict", [0.15, 0.7, 0.05, 0.1], n)
    upheld = by_ind & again & (higher_ruling == 0)
    overturned = appeals & ((by_ind & ~upheld) | (again & ~by_ind & (higher_ruling == 0)))
    last = np.where(again, higher_ruled, ruled)
    redecided = working(last + np.maximum(draws.days("redecision", 130, 0.6, n), 20))
    redecision = np.where(
        draws.chance("granted after all", 0.5, n), np.where(outcome == NOT_TAKEN, GRANT_B, GRANT_A), UNFOUNDED
    )

    def only(mask: npt.NDArray[np.bool_], value: npt.NDArray[np.int32]) -> Days:
        return np.where(mask, value, NEVER).astype(np.int32)

    final = np.where(overturned, redecided, np.where(appeals, last, notified + np.where(short, 8, 30)))
    return Remedies(
        notified=notified.astype(np.int32),
        appealed=only(appeals, appealed),
        ruled=only(appeals, ruled),
        ruling=np.where(appeals, ruling, -1).astype(np.int8),
        higher=only(again, higher),
        higher_by_ind=by_ind,
        higher_ruled=only(again, higher_ruled),
        higher_ruling=np.where(again, higher_ruling, -1).astype(np.int8),
        redecided=only(overturned, redecided),
        redecision=redecision.astype(np.int8),
        ended=only(refused, final),
    )
