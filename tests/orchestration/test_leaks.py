"""What goes wrong is told without a value of a row; what is left in files is searched in `test_forget`."""

from datetime import date

import dagster as dg
import duckdb
import pytest

from contracts.base import Contract
from contracts.columns import column
from orchestration import checks, intake, raw
from orchestration.masking import without_values
from orchestration.resources import Request
from orchestration.settings import Settings

HELD = ("Z000000001", "0001234501", "1961-02-03", "C00000001", "1AB2345")


def test_a_broken_contract_says_rule_and_count_and_no_value() -> None:
    class Leaky(Contract):
        """One row a case."""

        zaaknummer: str = column("case", str_matches=r"^X$")
        born_on: date = column("birth date", le=date(1900, 1, 1))

        class Config:
            name = "marts.leaky"
            unique = ["zaaknummer"]

    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.leaky as select 'Z000000001' as zaaknummer, date '1961-02-03' as born_on from range(2)"
        )
        verdict = checks.judge(Leaky, connection)
    assert not verdict.passed and verdict.metadata
    assert not any(value in repr(verdict) for value in HELD)


@pytest.mark.parametrize("value", HELD)
def test_an_error_of_the_database_is_told_without_the_value_that_it_quotes(value: str) -> None:
    for message in (f"Could not convert string '{value}' to INT32", f'value "{value}"', f"key: {value}, line 3"):
        told = without_values(message)
        assert value not in told and "…" in told


def test_an_intake_that_fails_on_a_row_keeps_it_out_of_the_event_log(monkeypatch: pytest.MonkeyPatch) -> None:
    def quotes_a_row(*_: object, **__: object) -> None:
        raise duckdb.ConversionException("Could not convert string 'Z000000001' to INT32")

    monkeypatch.setattr(raw, "take", quotes_a_row)
    with pytest.raises(dg.Failure, match="the intake failed: Could not convert string … to INT32") as failed:
        intake._take(Settings(), b"k" * 32, Request())
    assert failed.value.__cause__ is None and failed.value.__context__ is None
