"""The story of the evaluation: the Taskforce of 2020, in cases (figures/anchors.csv names the sources)."""

from datetime import date

import numpy as np
import pytest

from analytics.simulation.calendar import day, year_of
from analytics.simulation.cases import VERY_COMPLEX
from analytics.simulation.steps import CLEARED, OBSTACLE
from tests.analytics.simulation.conftest import dutch_chain

pytestmark = pytest.mark.xdist_group("dutch_chain")  # each is made once, not once a worker

SEEDS = (1, 2, 3)
STARTED = day(date(2020, 4, 1))


def remaining(seed: int, on: date) -> np.ndarray:
    """The project's cases undecided at the end of a day."""
    chain = dutch_chain(seed)
    cases = chain.cases
    return cases.asylum & (cases.applied < STARTED) & (chain.decided > day(on))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("on", "published", "tolerance"),
    [
        (date(2020, 3, 31), 15350, 0.02),
        (date(2020, 12, 31), 6880, 0.05),
        (date(2021, 5, 31), 3070, 0.10),
        (date(2021, 12, 31), 300, 0.20),
    ],
)
def test_the_taskforce_holds_as_many_cases_as_were_published(
    seed: int, on: date, published: int, tolerance: float
) -> None:
    assert remaining(seed, on).sum() == pytest.approx(published, rel=tolerance)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_at_the_end_of_2021_is_impeded(seed: int) -> None:
    left = remaining(seed, date(2021, 12, 31))
    course = dutch_chain(seed).course
    last = day(date(2021, 12, 31))
    assert ((course.on(OBSTACLE) <= last) & (course.on(CLEARED) > last))[left].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_nearly_half_of_the_new_cases_of_2020_are_decided_that_year(seed: int) -> None:
    chain = dutch_chain(seed)
    applied = chain.cases.applied
    new = chain.cases.asylum & (applied >= STARTED) & (year_of(applied) == 2020)
    assert (chain.decided[new] <= day(date(2020, 12, 31))).mean() == pytest.approx(0.45, abs=0.03)


def test_a_quarter_of_the_taskforce_is_very_complex() -> None:
    there = remaining(1, date(2020, 3, 31))
    assert (dutch_chain(1).cases.complexity[there] == VERY_COMPLEX).mean() == pytest.approx(0.25, abs=0.04)
