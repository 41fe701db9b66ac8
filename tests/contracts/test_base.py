"""The form of a contract: what is data, what is refused, what can be read from it."""

from datetime import date

import pandera.polars as pa
import pytest
from pandera.api.dataframe.model_components import parser
from pandera.errors import SchemaErrors, SchemaInitError

import contracts
from contracts.base import Contract, Extract
from contracts.checks import REFERENCE_ON, UnknownCheckError
from contracts.columns import column
from contracts.compile import broken_list, row_rules
from tests.contracts import frames


class Trip(Extract):
    """Trips: one row a trip.

    More about trips.
    """

    trip_id: str = column("number", str_matches="^T")
    left_on: date = column("day of leaving", unit="day", source="log")
    back_on: date = column("day of coming back", nullable=True, future=True)
    born: str = column("birth date", birth=True)

    class Config:
        name = "raw.any__trip"
        unique = ["trip_id"]
        not_before = {"later": "back_on", "earlier": "left_on"}
        exists_in = {"column": "trip_id", "parent": "raw.any__plan", "parent_column": "plan_id"}


def test_rules_come_in_the_order_of_the_declaration_with_their_public_names() -> None:
    assert [rule.name for rule in row_rules(Trip)] == [
        "not_null:trip_id",
        "str_matches:trip_id",
        "not_null:left_on",
        "not_null:born",
        "not_too_early:left_on",
        "not_future:left_on",
        "not_too_early:back_on",
        "not_future:born",
        "not_before:back_on",
    ]


def test_what_a_contract_says_can_be_read_from_it() -> None:
    assert (Trip.table, Trip.partner, Trip.extract) == ("raw.any__trip", "any", "trip")
    assert (Trip.grain, Trip.key) == ("Trips: one row a trip.", ("trip_id",))
    assert Trip.references == [("trip_id", "raw.any__plan", "plan_id")]
    left_on = Trip.columns["left_on"]
    assert (left_on.type, left_on.nullable, left_on.comment) == (
        "DATE",
        False,
        "day of leaving. Unit: day. Source: log.",
    )


def test_a_rule_that_does_not_exist_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(SchemaInitError, match="Unknown: there is no rule 'nearly_before'"):

        class Unknown(Contract):
            """One row a thing."""

            thing: str = column("thing")

            class Config:
                name = "raw.unknown"
                nearly_before = {"later": "thing", "earlier": "thing"}


def test_a_rule_with_other_statistics_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(SchemaInitError, match="rule 'at_most' takes column, limit; given column"):

        class Wrong(Contract):
            """One row a thing."""

            thing: str = column("thing")

            class Config:
                name = "raw.wrong"
                at_most = {"column": "thing"}


def test_a_check_without_sql_raises_and_is_never_passed_over() -> None:
    class Contains(Contract):
        """One row a thing."""

        thing: str = column("thing", str_contains="x")

        class Config:
            name = "raw.contains"

    with pytest.raises(UnknownCheckError, match=r"raw\.contains\.thing: check 'str_contains' has no SQL"):
        broken_list(row_rules(Contains))


@pytest.mark.parametrize("decorator", [pa.check("thing"), pa.dataframe_check, parser("thing"), classmethod])
def test_a_python_body_is_refused_when_the_class_is_made(decorator) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SchemaInitError, match="body is a Python body"):

        class Body(Contract):
            """One row a thing."""

            thing: str = column("thing")

            @decorator
            def body(cls, data):  # type: ignore[no-untyped-def]  # noqa: N805
                return True


def test_a_column_may_not_hide_what_a_contract_can_be_asked() -> None:
    with pytest.raises(SchemaInitError, match="need another attribute name and an alias"):

        class Hiding(Contract):
            """One row a thing."""

            key: str = column("hides Contract.key")


def test_a_rule_over_tables_fails_on_polars_rather_than_being_passed_over() -> None:
    good = {"trip_id": "T1", "left_on": date(2020, 1, 1), "born": "1990-00-00", REFERENCE_ON: date(2020, 1, 2)}
    with pytest.raises(SchemaErrors, match="exists_in needs other rows or tables"):
        Trip.validate(frames.frame(Trip, [good]), lazy=True)


def test_every_table_is_found_by_its_place_in_the_package() -> None:
    tables = contracts.all()
    assert [table for table, contract in tables.items() if contract.table != table] == []
    assert len(contracts.extracts()) == len(contracts.stage("raw")) == 14
    assert {"marts.dim_case", "marts._metadata"} <= set(contracts.stage("marts"))
    assert {"intermediate.legal_clock", "intermediate.stage_period"} <= set(contracts.stage("intermediate"))
    with pytest.raises(ValueError, match="no contracts in stage 'attic'"):
        contracts.stage("attic")


EMPTY_IN_A_KEY = {
    # the pooled row, and no row of the rule table matches: empty is a value of its own there
    ("marts.fct_hearing_mode", "quarter_start"),
    ("marts.fct_stock_profile", "written_suitability"),
}
"""Key columns that may be empty."""


@pytest.mark.parametrize("contract", contracts.all().values(), ids=lambda contract: contract.table)
def test_every_contract_compiles_and_says_what_a_row_and_a_column_are(contract: type[Contract]) -> None:
    broken_list(row_rules(contract))
    assert "one row a" in contract.grain or contract.table == "marts._metadata"
    assert [name for name, info in contract.columns.items() if len(info.description) < 4] == []
    empty = {(contract.table, name) for name in contract.key if contract.columns[name].nullable}
    assert contract.key and empty <= EMPTY_IN_A_KEY
