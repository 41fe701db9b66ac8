"""Homes for the intake: deliveries written by tests, taken into a history, compared as sets of rows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

import contracts
from orchestration import raw
from orchestration.raw import Intake
from orchestration.settings import Settings

KEY = b"k" * 32


def take(home: Path, **settings: Any) -> Intake:
    """One intake of a home."""
    asked = {name: settings.pop(name, False) for name in ("full", "accept_drop")}
    as_of = settings.pop("as_of", None)
    return raw.take(Settings(home=home, **{"threads": 1} | settings), KEY, as_of=as_of, **asked)


@contextmanager
def opened(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database, for reading."""
    with duckdb.connect(str(Settings(home=home).paths.database), read_only=True) as connection:
        yield connection


def query(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query on the working database."""
    with opened(home) as connection:
        return connection.execute(sql).fetchall()


def everything(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of schema raw that figures can depend on, as sorted rows."""
    tables = [extract.table for extract in contracts.extracts().values()]
    tables += ["raw.delivery_count", "raw.quarantine", "raw.as_of", "raw.pseudonym"]
    with opened(home) as connection:
        content = {table: connection.execute(f"from {table} order by all").fetchall() for table in tables}
        states = "select partner, name, state, reason, content_id from raw.delivery order by all"
        return content | {"raw.delivery": connection.execute(states).fetchall()}


def differences(one: dict[str, list[tuple[Any, ...]]], other: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """Rows that only one of two homes has, by table; empty when they are equal."""
    found = {}
    for table in one:
        only = (
            [row for row in one[table] if row not in other[table]],
            [row for row in other[table] if row not in one[table]],
        )
        if one[table] != other[table]:
            found[table] = only
    return found


def counts(home: Path, partner: str, extract: str) -> dict[str, int]:
    """Rule -> rows, of the newest delivery in force that counts an extract."""
    rows = query(
        home,
        f"""select rule, row_count from raw.delivery_count where partner = '{partner}' and extract = '{extract}'
        qualify reference_on = max(reference_on) over ()""",
    )
    return dict(rows)


def in_force(home: Path, table: str, day: str, column: str = "zaaknummer") -> list[str]:
    """Keys in force on a reference date."""
    rows = query(home, f"select {column} from {table} where _valid_from <= '{day}' and '{day}' < _valid_to order by 1")
    return [row[0] for row in rows]


def states(intake: Intake) -> dict[str, str]:
    """`ind/2025-01-31` -> state."""
    return {f"{one.partner}/{one.name}": one.state for one in intake.deliveries}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    (tmp_path / "deliveries").mkdir()
    return tmp_path


def move(folders: Iterable[Path], source: Path, target: Path) -> None:
    """Let deliveries that were written below one home arrive in another."""
    for folder in folders:
        arrived = target / folder.relative_to(source)
        arrived.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(arrived)
