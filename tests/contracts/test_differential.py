"""The compiled SQL and pandera's own Polars backend find the same rows broken, rule by rule."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import duckdb
import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

import contracts
from contracts.base import Contract, Extract
from contracts.checks import COLUMN_CHECKS, ROW_RULES, SET_RULES, set_rules
from contracts.columns import column
from contracts.duckdb_backend import failing_rows
from tests.contracts import frames


class EveryRule(Extract):
    """One column or pair of columns for every rule that there is."""

    text: str = column("text", isin=("a", "é"), str_matches="[a-z]$", str_length={"min_value": 1, "max_value": 1})
    word: str = column("text", notin=("?",), ne="", nullable=True)
    number: int = column("number", ge=0, le=3, ne=2, nullable=True)
    other: int = column("number", gt=-1, lt=367, eq=1, nullable=True)
    share: float = column("share", in_range=(0, 1))
    money: Annotated[pl.Decimal, 18, 2] = column("money", in_range=(0, 100), nullable=True)
    is_so: bool = column("flag")
    born: str = column("birth date", birth=True, nullable=True)
    begins: date = column("day", nullable=True)
    ends: date = column("day", future=True, nullable=True)

    class Config:
        name = "raw.any__every_rule"
        unique = ["text", "number"]
        not_before = {"later": "ends", "earlier": "begins"}
        after = {"later": "begins", "earlier": "ends"}
        at_most = {"column": "number", "limit": "other"}
        monday = ({"column": "begins"}, {"column": "ends"})
        filled_exactly_with = {"column": "money", "other": "ends"}
        filled_exactly_when = {"column": "number", "when": {"text": ("a", "?"), "word": "é"}}
        only_with = {"column": "other", "when": {"text": "a"}}
        required_with = {"column": "word", "when": {"text": ("a", "é")}}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rows=frames.random_rows(EveryRule))
def test_duckdb_and_polars_find_the_same_rows_for_every_rule(rows: list[dict[str, Any]]) -> None:
    assert_same_rows(EveryRule, rows)


@pytest.mark.parametrize("contract", contracts.extracts().values(), ids=lambda contract: contract.extract)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(data=st.data())
def test_duckdb_and_polars_find_the_same_rows_of_an_extract(contract: type[Contract], data: st.DataObject) -> None:
    assert_same_rows(contract, data.draw(frames.random_rows(contract)))


def assert_same_rows(contract: type[Contract], rows: list[dict[str, Any]]) -> None:
    with duckdb.connect() as connection:
        frames.table(connection, contract, rows)
        for reference in contract.references:
            frames.table(connection, contracts.all()[reference.parent], [])
        of_several_tables = {rule.rule for rule in set_rules(contract.to_schema())}
        compiled = {pair for pair in failing_rows(contract, connection) if pair[1] not in of_several_tables}
    assert compiled == polars_failures(contract, frames.frame(contract, rows))


def test_the_generated_contract_holds_every_rule_there_is() -> None:
    schema = EveryRule.to_schema()
    assert {check.name for column in schema.columns.values() for check in column.checks} == set(COLUMN_CHECKS)
    assert {check.name for check in schema.checks} == set(ROW_RULES)


def polars_failures(contract: type[Contract], frame: pl.DataFrame) -> set[tuple[int, str]]:
    """(row, rule) pairs that pandera's Polars backend finds, rules over several tables left out."""
    schema = contract.to_schema()
    alone = pa.DataFrameSchema(
        schema.columns,
        checks=[check for check in schema.checks if check.name not in SET_RULES],
        unique=schema.unique,
        name=schema.name,
    )
    try:
        alone.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return {pair for error in errors.schema_errors for pair in _pairs(error)}
    return set()


def _pairs(error: Any) -> Iterator[tuple[int, str]]:
    passed = error.check_output.lazy().collect().get_column("check_output")
    if error.check == "not_nullable":
        rule = f"not_null:{error.column_name}"
    elif error.check == "multiple_fields_uniqueness":
        rule = "duplicate_key"
    elif error.check.name in ROW_RULES:
        rule = f"{error.check.name}:{error.check.statistics[ROW_RULES[error.check.name].statistics[0]]}"
    else:
        rule = f"{error.check.name}:{error.column_name}"
    yield from ((place, rule) for place, holds in enumerate(passed) if not holds)
