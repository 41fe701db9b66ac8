"""fct_lead_time: a golden case by hand, and every row against the oracle."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.chains import chain, merge
from tests.dbt_project import raw_tables
from tests.dbt_project.compiled import build, read_csv, read_rows
from tests.oracle.compare import Published, told
from tests.oracle.compare_lead_time import lead_time_differences
from tests.oracle.reading import SEEDS
from tests.oracle.reading import read_rows as read_oracle
from tests.oracle.rulebook import Rulebook

GOLDEN = Path(__file__).parents[1] / "golden" / "fct_lead_time"
AS_OF = date(2022, 3, 31)


def answer(database: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = database.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_golden_cases_have_the_lead_times_worked_out_by_hand() -> None:
    database = build(read_rows(GOLDEN / "rows"), AS_OF, ["marts.fct_lead_time"])
    keys = ("segment", "view", "period_kind", "period_start")
    ours = {
        tuple(str(row[key]) for key in keys): row
        for row in answer(database, "from marts.fct_lead_time where group_kind = 'all'")
    }
    for row in read_csv(GOLDEN / "expected.csv"):
        published = ours[tuple(row[key] for key in keys)]
        expected = {name: float(value) if value else None for name, value in row.items() if name not in keys}
        assert {name: published[name] for name in expected} == expected, row


@pytest.mark.parametrize("seeds", [range(0, 20), range(300, 320)])
def test_every_row_equals_the_oracle_on_generated_chains(seeds: range) -> None:
    as_of = date(2025, 7, 31)
    chains = merge(chain(seed, cases=4, block=seed, as_of=as_of) for seed in seeds)
    partner = {"bewoner": "coa", "verblijf": "coa", "locatie": "coa", "huisvesting": "coa"} | dict.fromkeys(
        ("toevoeging", "rooster"), "rvr"
    )
    rows = {
        f"{partner.get(extract, 'ind')}__{extract}": [
            {name: cell(value) for name, value in row.items()} for row in content
        ]
        for extract, content in chains.rows.items()
    }
    database = build(rows, as_of, ["marts.fct_lead_time"])
    reading = read_oracle(chains.rows, as_of, Rulebook.read(SEEDS))
    found = lead_time_differences(Published(database, raw_tables.pseudonym), reading)
    assert not found, told(found)


def cell(value: Any) -> str | None:
    """A cell as a delivery writes it."""
    return {True: "J", False: "N"}[value] if isinstance(value, bool) else None if value is None else str(value)
