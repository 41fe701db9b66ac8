"""The experiment inside the chain: who is offered a written hearing, and what that truly does.

Belongs here: offers, the landmark, the shift of the decision. Does not belong here: the steps themselves.
"""

import csv
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, SEEDS, Days, day, month_index
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import FIRST, Figures
from analytics.simulation.parameters import Parameters

LANDMARK_DAYS = 14
_COMPLEXITIES = ("standard", "complex", "very_complex")
_COHORTS = (range(50 * 12 + 3, 51 * 12), range(52 * 12 + 9, 53 * 12 + 9))
"""Months of application whose cases were offered: April to December 2020, October 2022 to September 2023."""
_LONGEST_WAIT = 360
_EASY = ("Syrian", "Yemeni")
"""Groups whose cases wait least after preparation, offered or not."""


@dataclass(frozen=True)
class Hearings:
    """Per case: day of preparation (NEVER = free) and of the offer (NEVER = none), acceptance, decision days."""

    eligible: npt.NDArray[np.bool_]
    prepared: Days
    offered: Days
    accepted: npt.NDArray[np.bool_]
    decided_if_offered: Days
    decided_if_not: Days
    decided: Days


def _suitable(cases: Cases, figures: Figures) -> npt.NDArray[np.bool_]:
    """Cases of the groups that rules/written_suitability.csv names, first matching row."""
    with (SEEDS / "written_suitability.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = figures.nationalities.group_names
    result = np.zeros(len(cases), dtype=bool)
    for row in reversed(rows):
        match = np.ones(len(cases), dtype=bool)
        if row["application_kind"] != "*":
            match &= cases.kind == FIRST
        if row["nationality_group"] != "*":
            match &= cases.group == names.index(row["nationality_group"])
        if row["complexity"] != "*":
            match &= cases.complexity == _COMPLEXITIES.index(row["complexity"])
        result[match] = row["suitability"] == "suitable"
    return result


def offer(cases: Cases, drawn: Days, figures: Figures, parameters: Parameters) -> Hearings:
    """Potential decision days with and without the offer, and which of them happened.

    Within a group the offer is drawn independently of everything else. `drawn` is what the stock leaves room for: those
    not offered are decided somewhat later, those offered earlier, so that the stock stays where it is. Preparation is
    placed so that every wait from the landmark lies within a year, offered or not: the gain is exact in every case.
    """
    draws = Draws(parameters.seed)
    n, gain = len(cases), parameters.hearing_gain_days
    month = month_index(cases.applied)
    cohort = np.zeros(n, dtype=bool)
    for months in _COHORTS:
        cohort |= (month >= months[0]) & (month <= months[-1])
    considered = _suitable(cases, figures) & cohort & (cases.track == 4)
    fast = np.isin(figures.nationalities.group_names, _EASY)[cases.group]
    share = np.where(fast, 0.75, 0.12) if parameters.easy_offers else np.full(n, 0.4)
    family = draws.uniform("offer", int(cases.unit[-1]) + 1)[cases.unit]
    without = drawn + np.round(gain * share).astype(np.int32)
    latest = without - LANDMARK_DAYS - gain - 4
    earliest = np.maximum(cases.applied + 8, without - LANDMARK_DAYS - _LONGEST_WAIT)
    eligible = considered & (latest >= earliest) & (without - gain > cases.applied)
    spot = draws.uniform("preparation", int(cases.unit[-1]) + 1)[cases.unit]
    part = np.where(fast, 0.6, 0.05) + 0.35 * spot
    prepared = earliest + np.floor(part * (latest - earliest)).astype(np.int32)
    is_offered = eligible & (family < share)
    with_offer = without - gain
    decided = np.where(is_offered, with_offer, np.where(eligible, without, drawn))
    opening = day(parameters.end)
    offered = prepared + draws.between("offer day", 0, LANDMARK_DAYS, n)
    return Hearings(
        eligible=eligible,
        prepared=np.where(eligible, prepared, NEVER).astype(np.int32),
        offered=np.where(is_offered & (offered <= opening), offered, NEVER).astype(np.int32),
        accepted=draws.chance("acceptance", 0.75, int(cases.unit[-1]) + 1)[cases.unit],
        decided_if_offered=np.where(eligible, with_offer, NEVER).astype(np.int32),
        decided_if_not=np.where(eligible, without, NEVER).astype(np.int32),
        decided=decided.astype(np.int32),
    )
