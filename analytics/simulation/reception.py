"""Who is in reception from when until when: intake, departures, and housing as far as occupancy leaves room.

Belongs here: periods of reception. Does not belong here: locations, stays and files (`reception_rows.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days, day, month_start, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import RELOCATED, RESETTLED, REUNION, Figures, clamp_year, months_between
from analytics.simulation.inflow import DECIDED
from analytics.simulation.outcomes import NOT_TAKEN, Codes, is_granted
from analytics.simulation.parameters import Parameters
from analytics.simulation.remedies import Remedies

REASONS = ("HUISVESTING", "ZELFSTANDIG_VERTREK", "GEDWONGEN_VERTREK", "MOB", "DUBLIN_OVERDRACHT", "OVERLEDEN", "OVERIG")
HOUSED, ALONE, FORCED, UNKNOWN_DESTINATION, TRANSFERRED, DIED, ELSEWHERE = range(7)
_SOONEST_HOUSING = 25


@dataclass
class Receptions:
    """One element a period of reception; `until` is NEVER or later than the end while it is open."""

    case: npt.NDArray[np.int32]
    begin: Days
    until: Days
    reason: npt.NDArray[np.int8]
    granted: Days
    """day of the grant that housing waits for; NEVER without one"""


def _departure(
    cases: Cases, decided: Days, outcome: Codes, remedies: Remedies, figures: Figures, draws: Draws
) -> tuple[Days, npt.NDArray[np.int8]]:
    """Day and reason of leaving without housing, by case."""
    n = len(cases)
    median = np.array([figures.yearly[y]["departure_days"] for y in range(2018, 2026)])[
        clamp_year(year_of(decided)) - 2018
    ]
    wait = draws.days("departure", np.where(outcome == NOT_TAKEN, median / 2, median), 0.9, n)
    until = np.where(remedies.ended < NEVER, remedies.ended + wait, NEVER)
    reason = draws.pick("departure reason", [0, 0.25, 0.17, 0.55, 0, 0.002, 0.028], n)
    transferred = (outcome == NOT_TAKEN) & draws.chance("transferred", 0.4, n)
    reason = np.where(transferred, TRANSFERRED, reason)
    ended = (outcome > NOT_TAKEN) & (remedies.ended >= NEVER) & ~is_granted(outcome)
    until = np.where(ended, decided + draws.between("ended", -25, 25, n), until)
    reason = np.where(ended, np.where(draws.chance("ended reason", 0.7, n), UNKNOWN_DESTINATION, ALONE), reason)
    early = cases.asylum & draws.chance("left early", 0.035, n) & (decided - cases.applied > 60)
    on = cases.applied + ((decided - cases.applied) * draws.uniform("left early on", n)).astype(np.int32)
    until = np.where(early, on, until)
    reason = np.where(early, np.where(draws.chance("early reason", 0.75, n), UNKNOWN_DESTINATION, ELSEWHERE), reason)
    return until.astype(np.int32), reason.astype(np.int8)


def make_receptions(
    cases: Cases,
    person: npt.NDArray[np.int32],
    decided: Days,
    outcome: Codes,
    remedies: Remedies,
    figures: Figures,
    parameters: Parameters,
) -> Receptions:
    """Periods of reception: nearly every applicant, a share of family members after their grant.

    Those granted leave when a month's occupancy has room to fall to the published one, longest waiting first with a
    spread; others leave after their refusal. An occupancy that housing alone cannot reach stays above the figure.
    """
    draws = Draws(parameters.seed)
    n = len(cases)
    begin = np.where(cases.registered < NEVER, cases.registered, cases.applied) + draws.between("intake", 0, 2, n)
    granted = np.where(is_granted(outcome), decided, NEVER)
    granted = np.where((remedies.redecided < NEVER) & is_granted(remedies.redecision), remedies.redecided, granted)
    until, reason = _departure(cases, decided, outcome, remedies, figures, draws)
    share = np.where(cases.asylum, 0.93, 0.35)
    share = np.where(np.isin(cases.kind, [RESETTLED, RELOCATED]), 0.5, share)
    stays = (draws.uniform("reception", int(cases.unit[-1]) + 1)[cases.unit] < share) | (cases.opening == DECIDED)
    reunion = cases.kind == REUNION
    begin = np.where(reunion, decided + draws.between("arrival", 40, 200, n), begin)
    until = np.where(reunion, begin + draws.days("reunion stay", 45, 0.6, n), until)
    reason = np.where(reunion, HOUSED, reason)
    stays &= ~reunion | is_granted(outcome)
    stays &= begin <= day(parameters.end)
    own = np.flatnonzero(stays & (person == np.arange(n)))
    first = _housed(_period(own, begin, until, reason, granted), cases, figures, parameters, draws)
    left = np.full(n, -1, dtype=np.int32)
    left[first.case] = first.until
    again = np.flatnonzero(stays & (person != np.arange(n)) & (left[person] < begin))
    again = again[np.r_[True, person[again][1:] != person[again][:-1]]] if len(again) else again
    later = _period(again, begin, until, reason, granted)
    wait = _SOONEST_HOUSING + draws.days("housing again", 120, 0.5, len(again))
    open_ = (later.granted < NEVER) & (later.until >= later.granted)
    later.until = np.where(open_, later.granted + wait, later.until).astype(np.int32)
    later.reason = np.where(open_, HOUSED, later.reason).astype(np.int8)
    joined = [
        np.concatenate([getattr(first, f), getattr(later, f)]) for f in ("case", "begin", "until", "reason", "granted")
    ]
    order = np.lexsort((joined[0], joined[1]))
    return Receptions(*(column[order] for column in joined))


def _period(
    case: npt.NDArray[np.int64], begin: Days, until: Days, reason: npt.NDArray[np.int8], granted: Days
) -> Receptions:
    leaving = np.where(until[case] < NEVER, np.maximum(until[case], begin[case] + 1), NEVER)
    return Receptions(
        case.astype(np.int32),
        begin[case].astype(np.int32),
        leaving.astype(np.int32),
        reason[case].astype(np.int8),
        granted[case].astype(np.int32),
    )


def _housed(periods: Receptions, cases: Cases, figures: Figures, parameters: Parameters, draws: Draws) -> Receptions:
    """Give those granted the month in which they are housed, by the published occupancy."""
    months = months_between(parameters.start, parameters.end)
    waiting = (periods.granted < NEVER) & (periods.until > periods.granted) & (periods.reason != HOUSED)
    waiting |= (periods.granted < NEVER) & (periods.until >= NEVER)
    speed = np.exp(draws.stream("housing speed").normal(0, 0.45, int(cases.unit[-1]) + 1))[cases.unit[periods.case]]
    periods.until[waiting] = NEVER
    share = np.array([figures.yearly[y]["quick_housing_share"] for y in range(2018, 2026)])
    share = share[clamp_year(year_of(np.minimum(periods.granted, 30_000))) - 2018]
    quick = waiting & (draws.uniform("quick", int(cases.unit[-1]) + 1)[cases.unit[periods.case]] < share)
    soon = periods.granted + draws.between("quick days", _SOONEST_HOUSING, 97, len(quick))
    periods.until[quick] = np.maximum(working(soon), periods.begin + 1)[quick]
    periods.reason[quick] = HOUSED
    offset = draws.uniform("housing day", int(cases.unit[-1]) + 1)[cases.unit[periods.case]]
    for month in months:
        first = int(month_start(month))
        last = min(int(month_start(month + 1)) - 1, day(parameters.end))
        target = float(figures.anchor_on("residents", last)) * cases.scale
        present = int(((periods.begin <= last) & (periods.until > last)).sum())
        ready = np.flatnonzero(
            waiting & (periods.until >= NEVER) & (periods.granted + _SOONEST_HOUSING <= last) & (periods.begin < first)
        )
        score = (last - periods.granted[ready]) * speed[ready]
        chosen = ready[np.argsort(-score, kind="stable")[: max(present - round(target), 0)]]
        low = np.maximum(np.maximum(first, periods.granted[chosen] + _SOONEST_HOUSING), periods.begin[chosen] + 1)
        when = low + np.floor(offset[chosen] * (last - low + 1)).astype(np.int32)
        periods.until[chosen] = np.minimum(working(when), last)
        periods.reason[chosen] = HOUSED
    never = waiting & (periods.until >= NEVER)
    periods.until[never] = day(parameters.end) + 30 + draws.days("housed later", 120, 0.6, int(never.sum()))
    periods.reason[never] = HOUSED
    return periods
