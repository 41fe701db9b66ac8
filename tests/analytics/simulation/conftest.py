"""Chains that several tests read: the Dutch one at its published size, and small ones on disk."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from analytics.simulation import Parameters, simulate
from analytics.simulation.chain import Chain, make_chain


@cache
def dutch_chain(seed: int) -> Chain:
    """The whole published chain 2018 to 2025, before anything is recorded."""
    return make_chain(Parameters(out=Path("unused"), seed=seed))


def winter(out: Path, **changes: object) -> Parameters:
    """A few hundred cases over one winter: month ends, then every day of a week."""
    chosen = {"cases": 600, "start": date(2024, 10, 1), "end": date(2025, 1, 15), "seed": 4} | changes
    return Parameters(out=out, **chosen)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def winter_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One winter as a history of deliveries, with the truth beside them."""
    out = tmp_path_factory.mktemp("winter")
    simulate(winter(out))
    yield out
