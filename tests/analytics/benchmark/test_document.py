"""From a measured document to ratios, verdicts, tables and the page."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from analytics.benchmark import document as documents
from analytics.benchmark import goals, machine, page, ratios, tables
from analytics.benchmark.goals import Goal

DOCS = Path(__file__).parents[3] / "docs"
RUN = {"seconds": 100.0, "cpu_seconds": 150.0, "peak_bytes": 2_000_000_000}
SPLIT = {
    "shares": {"contracts": 0.1, "dbt_fixed": 0.05, "dagster_fixed": 0.05, "publication": 0.02},
    "seconds_by": {"contracts": 10.0, "dbt_fixed": 5.0, "dagster_fixed": 5.0, "publication": 2.0},
}


def size(cases: int, seconds: float) -> dict[str, Any]:
    """One size as `suite` measures it, with its ratios."""
    runs: dict[str, Any] = {
        "full": {**RUN, **SPLIT, "seconds": seconds, "cpu_seconds": 300.0},
        "floor": {**RUN, "seconds": seconds / 4},
        "daily_delta": {**RUN, **SPLIT, "seconds": seconds / 2},
        "nothing_new": {**RUN, "seconds": 1.0},
    }
    engines = {
        "duckdb": {"lead_time": 0.5, "stock": 0.5, "throughput": 0.1, "graph": 0.1},
        "polars": {"lead_time": 1.0, "stock": 0.5},
        "postgres": {"absent": "apt-get install postgresql"},
    }
    measured = {
        "cases": cases,
        "rows": cases * 20,
        "delivered_bytes": 1_000_000,
        "disk_bytes": {"work": 2_000_000, "published": 1_000_000, "dagster": 500_000},
        "engines": engines,
        "runs": runs,
        "differing_rows": {"floor.dim_case": 0},
    }
    return {**measured, "ratios": ratios.of_size(measured)}


@pytest.fixture
def document() -> dict[str, Any]:
    sizes = [size(10_000, 100.0), size(100_000, 400.0)]
    return {
        "format": 1,
        "machine": {"processor": "a processor", "cores": 2, "memory_gb": 16.0, "system": "Linux", "python": "3.11"},
        "versions": {"ketenzicht": "0.1.0", "duckdb": "1.5.5"},
        "conditions": {"threads": 2, "memory_limit": "4GB"},
        "process": {"help_seconds": 0.3, "validate_seconds": 9.0},
        "sizes": sizes,
        "growth": ratios.growth(sizes),
    }


def test_ratios_are_of_runs_side_by_side(document: dict[str, Any]) -> None:
    found = document["sizes"][0]["ratios"]
    assert found["full_to_floor"] == 4
    assert found["full_to_floor_cpu"] == 2
    assert found["daily_delta_to_full"] == 0.5
    assert found["daily_delta_to_full_beside_fixed"] == round((50 - 10) / (100 - 10), 4)
    assert found["polars_to_duckdb"] == 1.5
    assert "postgres_to_duckdb" not in found, "an absent engine has no ratio"
    assert document["growth"] == {"10000_to_100000": 4.0}


def test_sizes_measured_later_stand_beside_those_before_or_in_place_of_their_own(document: dict[str, Any]) -> None:
    later = {**document, "versions": {"duckdb": "1.5.6"}, "sizes": [size(100_000, 300.0), size(1_000_000, 3000.0)]}
    both = documents.joined(document, later)
    assert [(one["cases"], one["runs"]["full"]["seconds"]) for one in both["sizes"]] == [
        (10_000, 100.0),
        (100_000, 300.0),
        (1_000_000, 3000.0),
    ]
    assert both["growth"]["10000_to_100000"] == 3.0
    assert both["versions"] == {"duckdb": "1.5.6"}


def test_nothing_is_added_to_what_another_machine_measured(document: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "performance.json"
    file.write_text(documents.text_of(document))
    with pytest.raises(ValueError, match=r"performance\.json was measured on another machine"):
        documents.stored(file)
    file.write_text(documents.text_of({**document, "machine": machine.machine()}))
    assert documents.stored(file)["sizes"] == document["sizes"]


def test_a_goal_is_judged_at_its_size_or_the_largest_smaller_one(document: dict[str, Any]) -> None:
    million = Goal("to the floor", "full_to_floor", 2)
    ten_thousand = Goal("nothing new", "nothing_new_seconds", 3, cases=10_000)
    growing = Goal("growth", "growth_10000_to_100000", 5)
    missing = Goal("deltas", "deltas_to_full", 1.5)
    only_at_a_million = Goal("memory", "peak_gb", 3, only_there=True)
    verdicts = goals.judge(document, (million, ten_thousand, growing, missing, only_at_a_million))
    assert [(one.word, one.cases) for one in verdicts] == [
        ("not reached", 100_000),
        ("reached", 10_000),
        ("reached", goals.MILLION),
        ("not measured", None),
        ("not measured", None),
    ]


def test_a_bound_is_broken_above_it_below_a_lower_one_and_when_nothing_measured_it(document: dict[str, Any]) -> None:
    bounds = (
        Goal("at its bound", "full_to_floor", 4, cases=100_000),
        Goal("above", "full_to_floor", 3.9, cases=100_000),
        Goal("below", "polars_to_duckdb", 2, cases=100_000, at_least=True),
        Goal("missing", "pandas_to_duckdb", 2, cases=100_000, at_least=True),
    )
    assert goals.broken(document, bounds) == [
        "above: 4, bound at most 3.9",
        "below: 1.5, bound at least 2",
        "missing: not measured, bound at least 2",
    ]


def test_a_reference_that_disagrees_is_named(document: dict[str, Any]) -> None:
    assert goals.mismatches(document) == []
    document["sizes"][1]["differing_rows"]["pandas.stock"] = 3
    assert goals.mismatches(document) == ["100,000 cases: pandas.stock differs in 3 rows"]


def test_an_absent_engine_is_told_with_how_to_install_it(document: dict[str, Any]) -> None:
    rows = tables.of_document(document)["Inside the engine"]
    told = {row["engine"]: row["to_DuckDB"] for row in rows}
    assert told == {"DuckDB": "1", "Polars": "1.5", "PostgreSQL": "absent: apt-get install postgresql"}


def test_the_page_gets_the_measured_part_and_keeps_its_text(document: dict[str, Any]) -> None:
    written = page.renewed(f"# Before\n\n{page.BEGIN}\nold\n{page.END}\n\nafter\n", document)
    assert written.startswith("# Before\n")
    assert written.endswith("after\n")
    assert "old" not in written
    assert "| 10,000 | full build, one delivery | 100.0 | 300.0 | 2.00 | 1.00 | 1.00 |" in written
    assert page.renewed(written, document) == written


def test_no_number_of_the_page_is_typed() -> None:
    stored = json.loads((DOCS / "performance.json").read_text())
    written = (DOCS / "performance.md").read_text()
    assert page.renewed(written, stored) == written, "run python -m analytics.benchmark.page docs/performance.json"
    assert goals.mismatches(stored) == []


def test_a_page_without_marks_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no part between"):
        page.renewed("# Nothing\n", copy.deepcopy(document))


def test_wrong_arguments_are_wrong_usage(command: Any, tmp_path: Path) -> None:
    assert command("bench", "--only", "nonsense")[0] == 2
    assert command("bench", "--sizes", "many")[0] == 2
    assert command("bench", "--quick", "--sizes", "10000")[0] == 2
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "something").touch()
    code, printed = command("bench", "--work", tmp_path / "work")
    assert code == 2
    assert "is not empty" in printed
