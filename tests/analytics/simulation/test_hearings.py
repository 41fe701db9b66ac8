"""The experiment with a known answer: what an offer of a written hearing truly brings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analytics.simulation import Parameters
from analytics.simulation.calendar import NEVER, day
from analytics.simulation.chain import Chain, make_chain
from analytics.simulation.hearings import LANDMARK_DAYS
from analytics.simulation.steps import HEARING, PREPARED
from analytics.simulation.truth import effects

BASE = Parameters(out=Path("unused"), seed=11, cases=150_000)


def waits(chain: Chain) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days from the landmark to the decision, whether offered, and the group: of those followed for a year."""
    landmark = chain.course.on(PREPARED) + LANDMARK_DAYS
    found = chain.hearings.eligible & (landmark < NEVER) & (chain.course.on(HEARING) > landmark)
    found &= (chain.decided > landmark) & (landmark + 365 <= day(chain.parameters.end))
    return (chain.decided - landmark)[found], (chain.hearings.offered <= landmark)[found], chain.cases.group[found]


def within_groups(chain: Chain) -> float:
    """Difference of mean waits within groups, weighted by those offered."""
    days, offered, group = waits(chain)
    gains = [days[(group == g) & ~offered].mean() - days[(group == g) & offered].mean() for g in np.unique(group)]
    weights = [((group == g) & offered).sum() for g in np.unique(group)]
    return float(np.average(gains, weights=weights))


@pytest.mark.parametrize("gain", [0, 60])
@pytest.mark.parametrize("easy", [False, True])
def test_within_a_group_the_offer_brings_the_true_gain(gain: int, easy: bool) -> None:
    chain = make_chain(replace(BASE, hearing_gain_days=gain, easy_offers=easy))
    assert within_groups(chain) == pytest.approx(gain, abs=8)
    assert effects(chain).row(0, named=True)["true_gain_within_365"] == gain


def test_the_offer_changes_the_decision_day_of_every_single_case_by_the_gain() -> None:
    hearings = make_chain(replace(BASE, cases=20_000)).hearings
    gained = hearings.decided_if_not - hearings.decided_if_offered
    assert set(gained[hearings.eligible]) == {60}
    happened = np.where(hearings.offered < NEVER, hearings.decided_if_offered, hearings.decided_if_not)
    shown = hearings.eligible & (hearings.offered < NEVER)
    assert (hearings.decided[shown] == happened[shown]).all()


def test_offering_to_the_easy_groups_misleads_who_compares_without_groups() -> None:
    chain = make_chain(replace(BASE, hearing_gain_days=0, easy_offers=True))
    days, offered, _ = waits(chain)
    naive = days[~offered].mean() - days[offered].mean()
    assert naive > 30
    assert abs(within_groups(chain)) < 8


def test_some_of_those_offered_are_heard_orally_after_all() -> None:
    chain = make_chain(BASE)
    offered = (chain.hearings.offered < NEVER) & (chain.course.on(HEARING) < NEVER)
    assert 0.15 < 1 - chain.course.written[offered].mean() < 0.35
