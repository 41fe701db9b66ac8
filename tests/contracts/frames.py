"""Rows for contracts: as a DuckDB table, as a Polars frame, and at random.

Belongs here: getting rows under a contract. Does not belong here: what a test expects.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
from hypothesis import strategies as st

from contracts.base import Contract, Extract
from contracts.checks import REFERENCE_ON

Row = Mapping[str, Any]

WORDS = ("", "?", "é", "Z000000001", "1990-00-00", "1990-01-0x", "12345678901")
DECIMALS = tuple(map(Decimal, ("-0.01", "0.00", "1.50", "100.00", "100.01")))


def columns(contract: type[Contract]) -> dict[str, str]:
    """The columns that rows of a contract need, with DuckDB's types: an extract's rows know their reference date."""
    helper = {REFERENCE_ON: "DATE"} if issubclass(contract, Extract) else {}
    return {**{info.name: info.type for info in contract.columns.values()}, **helper}


def frame(contract: type[Contract], rows: Sequence[Row]) -> pl.DataFrame:
    """The rows as Polars holds them; a column that a row leaves out is empty."""
    dtypes = {name: column.dtype.type for name, column in contract.to_schema().columns.items()}
    schema = {name: dtypes.get(name, pl.Date) for name in columns(contract)}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def table(connection: duckdb.DuckDBPyConnection, contract: type[Contract], rows: Sequence[Row]) -> None:
    """The rows as the contract's own table, replacing it; rowid is the place in ``rows``."""
    connection.execute(f"create schema if not exists {contract.table.split('.')[0]}")
    typed = ", ".join(f'"{name}" {type_}' for name, type_ in columns(contract).items())
    connection.execute(f"create or replace table {contract.table} ({typed})")
    if rows:
        marks = ", ".join("?" for _ in columns(contract))
        values = [[row.get(name) for name in columns(contract)] for row in rows]
        connection.executemany(f"insert into {contract.table} values ({marks})", values)


def random_rows(contract: type[Contract]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows with values in and out of the domains, empty cells and repeated keys."""
    cells = {name: _cell(contract, name, type_) for name, type_ in columns(contract).items()}
    return st.lists(st.fixed_dictionaries(cells), max_size=6)


def _cell(contract: type[Contract], name: str, type_: str) -> st.SearchStrategy[Any]:
    info = contract.to_schema().columns.get(name)
    allowed = [v for check in (info.checks if info else []) for v in check.statistics.get("allowed_values", [])]
    dates = st.dates(date(1989, 12, 28), date(1990, 1, 12))
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "VARCHAR": st.sampled_from(
            [*allowed[:4], "", "?", "é", "Z000000001", "1990-00-00", "1990-01-0x", "12345678901"]
        ),
        "BIGINT": st.integers(-2, 3) | st.sampled_from([366, 367]),
        "DOUBLE": st.sampled_from([-1.0, 0.0, 0.5, 1.0, 1.5, float("nan")]),
        "DATE": dates,
        "BOOLEAN": st.booleans(),
    }
    decimals = st.sampled_from(
        [Decimal("-0.01"), Decimal("0.00"), Decimal("1.50"), Decimal("100.00"), Decimal("100.01")]
    )
    return st.none() | by_type.get(type_, decimals)
