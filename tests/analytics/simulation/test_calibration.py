"""The chain against the published figures: stock, inflow, decisions, occupancy, lead time, people."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from analytics.simulation.calendar import day, month_index, year_of
from analytics.simulation.chain import Chain
from analytics.simulation.figures import FIGURES, FIRST, REPEAT, REUNION, Figures
from analytics.simulation.outcomes import GRANT_A, GRANT_B
from analytics.simulation.reception import HOUSED
from tests.analytics.simulation.conftest import dutch_chain

pytestmark = pytest.mark.xdist_group("dutch_chain")  # each is made once, not once a worker


@pytest.fixture(scope="module")
def chain() -> Chain:
    return dutch_chain(1)


def stock(chain: Chain, of: np.ndarray, on: int) -> int:
    return int((of & (chain.cases.applied <= on) & (chain.decided > on)).sum())


@pytest.mark.parametrize(("group", "tolerance"), [("asylum", 0.01), ("family_reunification", 0.01)])
def test_the_stock_meets_every_anchor(chain: Chain, group: str, tolerance: float) -> None:
    members = chain.cases.asylum if group == "asylum" else chain.cases.kind == REUNION
    days, values = Figures().anchors(group)
    found = [stock(chain, members, int(on)) for on in days]
    assert found == pytest.approx(values, rel=tolerance)


def test_first_applications_of_every_month_and_citizenship_are_those_published(chain: Chain) -> None:
    published = pl.read_csv(FIGURES / "applications_monthly.csv").filter(pl.col("citizenship") != "OTHER")
    cases, names = chain.cases, Figures().nationalities.iso3
    inside = (cases.kind == FIRST) & (cases.opening == -1)
    month = month_index(cases.applied)
    for row in published.iter_rows(named=True):
        year, number = map(int, row["month"].split("-"))
        members = inside & (month == (year - 1970) * 12 + number - 1)
        if row["citizenship"] != "TOTAL":
            members &= cases.nationality == names.index(row["citizenship"])
        assert abs(int(members.sum()) - row["first_applications"]) <= 2, row


def test_repeat_applications_of_a_year_are_those_of_unhcr(chain: Chain) -> None:
    published = Figures().annual("repeat_applications").sum(axis=1)
    inside = (chain.cases.kind == REPEAT) & (chain.cases.opening == -1)
    found = np.bincount(year_of(chain.cases.applied[inside]) - 2018, minlength=8)
    assert found == pytest.approx(published, rel=0.02)


def test_family_reunification_decides_as_many_a_month_as_published(chain: Chain) -> None:
    decided = (chain.cases.kind == REUNION) & (month_index(chain.decided) == 55 * 12 + 4)
    assert decided.sum() == pytest.approx(1960, rel=0.15)


@pytest.mark.parametrize("year", range(2018, 2026))
def test_grants_reach_the_published_number_as_far_as_the_stock_lets_cases_out(chain: Chain, year: int) -> None:
    figures = Figures()
    published = sum(figures.annual(c)[year - 2018].sum() for c in ("decided_recognised", "decided_other_positive"))
    merits = chain.cases.asylum & (chain.cases.kind <= REPEAT) & (chain.cases.opening != 1)
    granted = np.isin(chain.outcome, (GRANT_A, GRANT_B)) & merits & (year_of(chain.decided) == year)
    granted &= chain.decided <= day(date(2025, 12, 31))
    assert 0.8 * published <= granted.sum() <= 1.03 * published


@pytest.mark.parametrize(("year", "weeks"), [(2022, 31), (2023, 43), (2024, 53)])
def test_the_mean_lead_time_of_decided_cases_follows_the_published_one(chain: Chain, year: int, weeks: int) -> None:
    members = (chain.cases.track == 4) & (year_of(chain.decided) == year)
    mean = (chain.decided - chain.cases.applied)[members].mean() / 7
    assert mean == pytest.approx(weeks, abs=3)


def test_occupancy_follows_the_published_residents(chain: Chain) -> None:
    days, values = Figures().anchors("residents")
    periods = chain.receptions
    found = [int(((periods.begin <= on) & (periods.until > on)).sum()) for on in days[1:]]
    assert found == pytest.approx(values[1:], rel=0.06)


def test_most_status_holders_wait_longer_than_fourteen_weeks(chain: Chain) -> None:
    periods = chain.receptions
    housed = (periods.reason == HOUSED) & (periods.granted <= periods.until) & chain.cases.asylum[periods.case]
    early_2025 = housed & (periods.until >= day(date(2025, 1, 1))) & (periods.until < day(date(2025, 7, 1)))
    assert 0.6 < (periods.until - periods.granted > 98)[early_2025].mean() < 0.85


def test_three_quarters_are_male_and_a_quarter_is_under_18(chain: Chain) -> None:
    cases = chain.cases
    first = cases.kind == FIRST
    assert 1 - cases.female[first].mean() == pytest.approx(0.75, abs=0.03)
    assert ((cases.applied - cases.born)[first] < 18 * 365.25).mean() == pytest.approx(0.25, abs=0.04)


def test_the_demo_has_the_size_that_the_figures_imply(chain: Chain) -> None:
    assert chain.cases.scale == 1.0
    assert int(chain.cases.asylum.sum()) == pytest.approx(240_000, rel=0.08)
