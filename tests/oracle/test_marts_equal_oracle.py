"""The published marts equal the oracle's reading on 200 generated chains, refreshed through the whole pipeline."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.refresh import refresh
from orchestration.settings import load
from tests.chains import chain, history, merge, write_delivery
from tests.chains.facts import PARTNER_EXTRACTS
from tests.oracle.compare import Published, differences, pseudonyms_of, told
from tests.oracle.compare_lead_time import lead_time_differences
from tests.oracle.reading import Reading, read_folder

Comparison = Callable[[Published, Reading], list[str]]


def unequal(home: Path, key: bytes, *comparisons: Comparison) -> list[str]:
    """Refreshes a home and compares what it published with the oracle's reading of its deliveries."""
    result = refresh(load(home))
    assert result.release is not None, result.lines
    assert not [line for line in result.lines if "quarantine" in line or "refused" in line]
    reading = read_folder(home)
    with duckdb.connect(str(home / "published" / "chain.duckdb"), read_only=True) as database:
        published = Published(database, pseudonyms_of(key))
        return [line for compared in comparisons for line in compared(published, reading)]


@pytest.mark.parametrize(
    ("as_of", "seeds"),
    [
        # Before general extensions of 2022 ran out; after one was withdrawn; under the Regulation of 2024.
        (date(2022, 9, 27), range(0, 40)),
        (date(2025, 7, 31), range(40, 120)),
        (date(2026, 11, 20), range(120, 200)),
    ],
)
def test_the_marts_equal_the_oracle_on_generated_chains(as_of: date, seeds: range, home: Path, key: bytes) -> None:
    chains = merge(chain(seed, cases=6, block=seed, as_of=as_of) for seed in seeds)
    for partner in PARTNER_EXTRACTS:
        write_delivery(chains, home, partner, as_of)
    found = unequal(home, key, differences)
    assert not found, told(found)


@pytest.mark.parametrize("seed", [3, 11])
def test_the_marts_equal_the_oracle_on_a_history_of_deliveries(
    seed: int, home: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # its mistaken deliveries leave out a third of some thirty rows now and then
    monkeypatch.setenv("KETENZICHT_DROP_SHARE", "0.9")
    for delivery in history(seed, cases=40, deliveries=5):
        delivery.write(home)
    found = unequal(home, key, differences, lead_time_differences)
    assert not found, told(found)
