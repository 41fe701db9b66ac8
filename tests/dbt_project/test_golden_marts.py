"""Marts of the law and of stock and flow on a few cases, against rows worked out by hand (tests/golden/<mart>)."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import contracts
from contracts.duckdb_backend import violations
from tests.dbt_project import raw_tables
from tests.dbt_project.compiled import build, read_csv, read_rows

GOLDEN = Path(__file__).parents[1] / "golden"
IDENTIFIED = {"zaaknummer": "case_id", "person": "person_id"}
"""Columns of an expected row that name a number: `Z000000001`, or `<kind>:<number>`."""


@pytest.mark.parametrize(
    ("mart", "rows_of", "as_of", "is_complete"),
    [
        ("dim_person", "dim_person", date(2025, 7, 31), True),
        ("fct_penalty_run", "fct_penalty_run", date(2025, 7, 31), True),
        ("fct_penalty_monthly", "fct_penalty_run", date(2025, 7, 31), False),
        ("fct_timeliness_monthly", "fct_timeliness_monthly", date(2025, 7, 31), False),
        ("fct_stock_profile", "fct_stock_profile", date(2025, 7, 31), True),
        ("fct_flow_monthly", "fct_flow_monthly", date(2021, 3, 15), False),
        ("fct_stage_monthly", "fct_flow_monthly", date(2021, 3, 15), True),
        ("fct_project_progress", "fct_project_progress", date(2020, 7, 15), False),
        ("fct_data_quality", "fct_data_quality", date(2025, 7, 31), True),
        ("fct_freshness", "fct_freshness", date(2025, 7, 31), True),
        ("fct_reception_daily", "fct_reception_daily", date(2025, 7, 3), True),
        ("fct_legal_aid_monthly", "fct_legal_aid_monthly", date(2025, 7, 31), True),
        ("fct_reconciliation", "fct_reception_daily", date(2025, 7, 3), False),
        ("fct_restatement", "fct_restatement", date(2025, 7, 31), False),
        ("fct_quality_monthly", "fct_quality_monthly", date(2022, 2, 10), True),
        ("fct_workforce_weekly", "fct_workforce_weekly", date(2021, 3, 31), True),
    ],
)
def test_the_golden_cases(mart: str, rows_of: str, as_of: date, is_complete: bool) -> None:
    contract = contracts.all()[f"marts.{mart}"]
    with build(read_rows(GOLDEN / rows_of / "rows"), as_of, [contract.table, "marts.dim_case"]) as database:
        found = database.execute(f"from {contract.table}")
        names = [column[0] for column in found.description]
        published = {
            key_of(contract.key, row): row for row in (dict(zip(names, r, strict=True)) for r in found.fetchall())
        }
        assert violations(contract, database) == []
    expected = [typed(row) for row in read_csv(GOLDEN / mart / "expected.csv")]
    for row in expected:
        ours = published[key_of(contract.key, row)]
        assert {name: plain(ours[name]) for name in row} == row
    if is_complete:
        assert len(published) == len(expected)


def key_of(key: tuple[str, ...], row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(plain(row[column]) for column in key)


def plain(value: Any) -> Any:
    """A cell as it stands in the CSV file: numbers as one type, dates and booleans as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def typed(row: dict[str, str]) -> dict[str, Any]:
    """An expected row: empty is null, numbers are numbers, identifiers are pseudonyms."""
    return dict(cell(name, value) for name, value in row.items())


def cell(name: str, value: str) -> tuple[str, Any]:
    if name in IDENTIFIED:
        kind, _, number = value.rpartition(":")
        return IDENTIFIED[name], raw_tables.pseudonym(kind or "zaaknummer", number)
    try:
        return name, float(value) if value else None
    except ValueError:
        return name, value
