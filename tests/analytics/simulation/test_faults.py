"""Every fault of the registry comes to what stands beside it, all of them in one home and one intake."""

from pathlib import Path

import polars as pl
import pytest

from analytics.simulation import Parameters, simulate
from analytics.simulation.faults import REGISTRY
from tests.analytics.simulation.conftest import winter
from tests.orchestration.raw.conftest import query, states, take


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    home = tmp_path_factory.mktemp("faulty")
    simulate(winter(home, cases=200, faults=tuple(REGISTRY)))
    return home, states(take(home))


def expected() -> list[str]:
    assert len(REGISTRY) >= 10
    return sorted(REGISTRY)


@pytest.mark.parametrize("name", expected())
def test_a_fault_comes_to_its_documented_outcome(faulty: tuple[Path, dict[str, str]], name: str) -> None:
    home, found = faulty
    row = pl.read_csv(home / "truth" / "faults.csv").row(by_predicate=pl.col("fault") == name, named=True)
    assert found[f"{row['partner']}/{row['delivery']}"] == row["state"]
    counted = f"""select coalesce(sum(row_count), 0) from raw.delivery_count where partner = '{row["partner"]}'
        and reference_on = '{row["delivery"]}' and rule not in ('delivered', 'accepted', 'quarantined')"""
    assert query(home, counted)[0][0] == row["rows"]
    if row["rule"] is not None:
        assert query(home, counted + f" and rule = '{row['rule']}'")[0][0] == row["rows"]


def test_beside_the_faults_nothing_is_quarantined(faulty: tuple[Path, dict[str, str]]) -> None:
    home, found = faulty
    regular = "select count(*) from raw.delivery_count where rule = 'quarantined' and reference_on <= '2025-01-15'"
    assert query(home, regular)[0][0] == 0
    assert [name for name, state in found.items() if state != "in_force" and name[-10:] <= "2025-01-15"] == []


def test_an_unknown_fault_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown fault nonsense"):
        simulate(Parameters(out=tmp_path / "out", cases=10, faults=("nonsense",)))
    assert not (tmp_path / "out").exists()
