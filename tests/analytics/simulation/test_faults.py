"""Every fault of the registry comes to what stands beside it: all independent ones in one home and one refresh."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from analytics.simulation import Parameters, simulate
from analytics.simulation.faults import REGISTRY, SITUATIONS
from analytics.simulation.faults.catalogue import PAGE, catalogue
from orchestration.accepted import AcceptanceError
from orchestration.outcome import nothing_to_publish
from orchestration.raw.registry import VanishedDeliveryError
from orchestration.refresh import Result
from tests.analytics.simulation.conftest import winter
from tests.conftest import ReadProject, refreshed
from tests.orchestration.raw.conftest import query, take

pytestmark = pytest.mark.xdist_group("faults")  # its home is made once, not once a worker

IDENTIFIER = re.compile(r"\b(Z\d{9}|C\d{8}|\d[A-Z]{2}\d{4}|\d{10}|A1\d{3}|1990-05-17)\b")
"""Case, resident, certificate, v_number, lawyer, birth date, as the simulated chain writes them."""


@dataclass(frozen=True)
class Faulty:
    """A home with every fault in it, after one refresh."""

    home: Path
    truth: dict[str, dict[str, Any]]
    result: Result
    deliveries: dict[str, tuple[str, str]]
    """`ind/2025-01-16` -> state and reason."""

    def of(self, fault: str, sql: str) -> list[tuple[Any, ...]]:
        """A query with {delivery} for the condition that names the delivery of a fault."""
        row = self.truth[fault]
        return query(self.home, sql.format(delivery=f"partner = '{row['partner']}' and name = '{row['delivery']}'"))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory, read_project: ReadProject) -> Iterator[Faulty]:
    home = tmp_path_factory.mktemp("faulty") / "home"
    with read_project.home() as place:
        simulate(winter(place, cases=200, faults=("all",)))
        result = refreshed(place)
        place.rename(home)
    truth = {row["fault"]: row for row in pl.read_csv(home / "truth" / "faults.csv").iter_rows(named=True)}
    found = query(home, "select partner || '/' || name, state, coalesce(reason, '') from raw.delivery")
    yield Faulty(home, truth, result, {name: (state, reason) for name, state, reason in found})


def test_the_catalogue_is_no_smaller_than_promised() -> None:
    assert len(REGISTRY) >= 60


def test_the_refresh_ends_with_warnings_and_publishes_the_rest(faulty: Faulty) -> None:
    assert (faulty.result.exit_code, faulty.result.release is not None) == (3, True), faulty.result.lines
    cases = """select count(*), max(as_of_on) from raw.ind__aanvraag cross join raw.as_of
        where _valid_from <= as_of_on and as_of_on < _valid_to"""
    [(count, as_of)] = query(faulty.home, cases)
    with duckdb.connect(str((faulty.home / "published/chain.duckdb").resolve()), read_only=True) as chain:
        assert chain.execute("select count(*) from marts.dim_case").fetchone() == (count,)
    assert count > 200
    assert faulty.result.release == f"{as_of}-1"


@pytest.mark.parametrize("name", REGISTRY)
def test_a_fault_comes_to_its_documented_outcome(faulty: Faulty, name: str) -> None:
    row, outcome = faulty.truth[name], REGISTRY[name].outcome
    state, reason = faulty.deliveries[f"{row['partner']}/{row['delivery']}"]
    assert (state, row["state"]) == (outcome.state, outcome.state)
    assert outcome.says in reason
    counts = """select rule, cast(sum(row_count) as integer) from raw.delivery_count
        inner join raw.delivery using (partner, reference_on, sequence)
        where {delivery} and rule not in ('delivered', 'accepted', 'quarantined') group by rule"""
    assert dict(faulty.of(name, counts)) == {rule: rows for rule, rows in outcome.counts.items() if rows}
    assert json.loads(row["counts"]) == outcome.counts


@pytest.mark.parametrize("name", REGISTRY)
def test_a_fault_warns_with_place_and_exit_code(faulty: Faulty, name: str) -> None:
    row, outcome = faulty.truth[name], REGISTRY[name].outcome
    label = f"{row['partner']}/{row['delivery']}"
    rows = """select min(line), count(*)
        from raw.quarantine inner join raw.delivery using (partner, reference_on, sequence)
        where {delivery} and resolved_on is null and ended_on is null"""
    [(line, quarantined)] = faulty.of(name, rows)
    warned = [text for text in faulty.result.lines if text.startswith(f"{label} ")]
    assert line == outcome.line
    assert bool(warned) == (outcome.state in {"refused", "waiting"})
    assert outcome.exit_code == (3 if warned or quarantined else 0)
    if outcome.state == "refused":
        assert re.search(r"\.(csv|gz|parquet|xlsx|json): |delivery name|unknown partner", warned[0])


def test_no_message_names_a_person(faulty: Faulty) -> None:
    told = [*faulty.result.lines, *(reason for _, reason in faulty.deliveries.values())]
    assert len(told) > 100
    assert [text for text in told if IDENTIFIER.search(text)] == []
    rules = {rule for (rule,) in query(faulty.home, "select distinct rule from raw.delivery_count")}
    assert [rule for rule in rules if IDENTIFIER.search(rule)] == []


def test_partners_without_news_are_late(faulty: Faulty) -> None:
    """Most faults are IND's: its as-of date leaves the others weeks behind."""
    for partner in ("coa", "rvr"):
        assert any(f"{partner} is late: newest delivery of" in text for text in faulty.result.lines)


def test_beside_the_faults_nothing_is_quarantined(faulty: Faulty) -> None:
    regular = "select count(*) from raw.delivery_count where rule = 'quarantined' and reference_on <= '2025-01-15'"
    assert query(faulty.home, regular)[0][0] == 0
    carriers = {f"{row['partner']}/{row['delivery']}" for row in faulty.truth.values()}
    others = {name: state for name, (state, _) in faulty.deliveries.items() if name not in carriers}
    assert sorted(set(others.values())) == ["in_force", "incomplete"]
    assert sum(state == "incomplete" for state in others.values()) == 1, "the base that is still arriving"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with nothing wrong, taken once."""
    home = tmp_path_factory.mktemp("good")
    simulate(winter(home, cases=40, start=date(2024, 12, 20)))
    take(home)
    return home


@pytest.mark.parametrize("name", [name for name in SITUATIONS if not name.startswith("partner_")])
def test_a_situation_ends_as_documented(good: Path, tmp_path: Path, name: str) -> None:
    one = SITUATIONS[name]
    home = tmp_path / "home"
    shutil.copytree(good, home, ignore=None if one.after_refresh else shutil.ignore_patterns("work"))
    if one.after_refresh:
        # copies are new files: nothing of them is new any more after this
        take(home)
    one.arrange(home / "deliveries")
    wanted = date.fromisoformat(one.as_of) if one.as_of else None
    if one.ending.exit_code == 1:
        with pytest.raises((VanishedDeliveryError, AcceptanceError), match=one.ending.says):
            take(home)
        return
    end = nothing_to_publish(take(home, as_of=wanted), wanted)
    assert end is not None
    assert end.exit_code == one.ending.exit_code
    assert one.ending.says in "\n".join(end.messages)
    assert not IDENTIFIER.search("\n".join(end.messages))


@pytest.mark.parametrize("name", ["partner_missing", "partner_never_there"])
def test_a_partner_that_is_missing_leaves_the_others_to_go_on(good: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(good / "deliveries", tmp_path / "deliveries")
    SITUATIONS[name].arrange(tmp_path / "deliveries")
    intake = take(tmp_path)
    assert nothing_to_publish(intake, None) is None
    assert intake.as_of == date(2025, 1, 15)
    assert {one.state for one in intake.deliveries} == {"in_force"}
    assert sum(one.partner == "rvr" for one in intake.deliveries) == (name == "partner_missing")


def test_a_situation_is_put_into_a_home_alone(tmp_path: Path) -> None:
    simulate(winter(tmp_path / "one", cases=20, faults=("ind_missing",)))
    assert not (tmp_path / "one/deliveries/ind").exists()
    with pytest.raises(ValueError, match="ask for it alone"):
        simulate(winter(tmp_path / "two", cases=20, faults=("ind_missing", "orphan")))


def test_an_unknown_fault_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown fault nonsense"):
        simulate(Parameters(out=tmp_path / "out", cases=10, faults=("nonsense",)))
    assert not (tmp_path / "out").exists()


def test_the_committed_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue(), "run python -m analytics.simulation.faults.catalogue"
