"""The marts equal the oracle's reading of generated chains and histories.

Two homes go through the whole pipeline. In the others the intake is that of the pipeline and the tables come from the
SQL that dbt compiles; what dbt and Dagster would check of them is checked here.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

import contracts
from contracts.duckdb_backend import violations
from orchestration import raw
from orchestration.refresh import refresh
from orchestration.settings import load
from tests.chains import chain, history, merge, write_delivery
from tests.chains.facts import PARTNER_EXTRACTS
from tests.dbt_project.compiled import DATABASE, PUBLICATION, build_history, project
from tests.oracle.compare import Published, differences, pseudonyms_of, told
from tests.oracle.compare_lead_time import lead_time_differences
from tests.oracle.reading import Reading, read_folder

Comparison = Callable[[Published, Reading], list[str]]


def unequal_in_the_publication(home: Path, key: bytes, *comparisons: Comparison) -> list[str]:
    """Refreshes a home and compares what it published with the oracle's reading of its deliveries."""
    result = refresh(load(home))
    assert result.release is not None, result.lines
    assert not [line for line in result.lines if "quarantine" in line or "refused" in line]
    with duckdb.connect(str(home / "published" / "chain.duckdb"), read_only=True) as database:
        return compared(database, home, key, comparisons)


def unequal_in_the_models(home: Path, key: bytes, *comparisons: Comparison) -> list[str]:
    """Takes a home's deliveries, runs every SQL model on them, and compares the marts with the oracle's reading."""
    settings = load(home)
    taken = raw.take(settings, key, as_of=None)
    assert {one.state for one in taken.deliveries} <= {"in_force", "superseded"}, taken.deliveries
    with build_history(settings.paths.database) as database:
        assert database.execute(f"select count(*) from {DATABASE}.raw.quarantine").fetchone() == (0,)
        assert broken_promises(database) == []
        database.execute(f"use {PUBLICATION}")
        return compared(database, home, key, comparisons)


def compared(
    database: duckdb.DuckDBPyConnection, home: Path, key: bytes, comparisons: tuple[Comparison, ...]
) -> list[str]:
    published, reading = Published(database, pseudonyms_of(key)), read_folder(home)
    return [line for differences_of in comparisons for line in differences_of(published, reading)]


def broken_promises(database: duckdb.DuckDBPyConnection) -> list[object]:
    """Contracts that the tables break and dbt tests that find rows: what would have stopped a refresh."""
    broken: list[object] = [name for name, sql in project().tests.items() if database.execute(sql).fetchall()]
    for stage, file in (("intermediate", DATABASE), ("marts", PUBLICATION)):
        database.execute(f"use {file}")
        built = [relation.removeprefix(f"{file}.") for relation in project().models if relation.startswith(file)]
        broken += [
            (table, violation)
            for table, contract in contracts.stage(stage).items()
            if table in built
            for violation in violations(contract, database)
        ]
    return broken


def deliver_chains(home: Path, as_of: date, seeds: range) -> None:
    chains = merge(chain(seed, cases=6, block=seed, as_of=as_of) for seed in seeds)
    for partner in PARTNER_EXTRACTS:
        write_delivery(chains, home, partner, as_of)


def deliver_history(home: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # its mistaken deliveries leave out a third of some thirty rows now and then
    monkeypatch.setenv("KETENZICHT_DROP_SHARE", "0.9")
    for delivery in history(seed, cases=40, deliveries=5):
        delivery.write(home)


def test_the_published_marts_equal_the_oracle_on_generated_chains(parsed_home: Path, key: bytes) -> None:
    # after a general extension was withdrawn
    deliver_chains(parsed_home, date(2025, 7, 31), range(40, 120))
    found = unequal_in_the_publication(parsed_home, key, differences)
    assert not found, told(found)


@pytest.mark.parametrize(
    ("as_of", "seeds"),
    [
        # before general extensions of 2022 ran out; under the Regulation of 2024
        (date(2022, 9, 27), range(0, 40)),
        (date(2026, 11, 20), range(120, 200)),
    ],
)
def test_the_marts_equal_the_oracle_on_generated_chains(as_of: date, seeds: range, home: Path, key: bytes) -> None:
    deliver_chains(home, as_of, seeds)
    found = unequal_in_the_models(home, key, differences)
    assert not found, told(found)


def test_the_published_marts_equal_the_oracle_on_a_history_of_deliveries(
    parsed_home: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_history(parsed_home, 11, monkeypatch)
    found = unequal_in_the_publication(parsed_home, key, differences, lead_time_differences)
    assert not found, told(found)


def test_the_marts_equal_the_oracle_on_a_history_of_deliveries(
    home: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_history(home, 3, monkeypatch)
    found = unequal_in_the_models(home, key, differences, lead_time_differences)
    assert not found, told(found)
