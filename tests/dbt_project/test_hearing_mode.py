"""fct_hearing_mode from deliveries to rows: a golden case by hand, with any number of threads."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

import contracts
from contracts.duckdb_backend import violations
from tests.dbt_project.compiled import build, read_csv, read_rows

GOLDEN = Path(__file__).parents[1] / "golden" / "fct_hearing_mode"


def published(threads: int) -> tuple[duckdb.DuckDBPyConnection, pl.DataFrame]:
    """The mart of the golden rows."""
    database = build(read_rows(GOLDEN / "rows"), date(2022, 2, 1), ["marts.fct_hearing_mode"], threads=threads)
    return database, database.table("marts.fct_hearing_mode").pl()


def test_the_golden_cases_gain_what_was_worked_out_by_hand() -> None:
    database, found = published(threads=2)
    expected = read_csv(GOLDEN / "expected.csv")
    assert len(found) == len(expected)
    for ours, row in zip(found.rows(named=True), expected, strict=True):
        assert {name: plain(ours[name]) for name in row} == {name: number(value) for name, value in row.items()}
    assert violations(contracts.all()["marts.fct_hearing_mode"], database) == []


def test_one_thread_and_two_give_the_same_table() -> None:
    assert published(threads=1)[1].equals(published(threads=2)[1])


def plain(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, date) else value


def number(text: str) -> object:
    try:
        return float(text) if text else None
    except ValueError:
        return text
