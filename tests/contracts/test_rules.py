"""Every rule with a row that keeps it, a row that breaks it, and rows with empty cells."""

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contracts
from contracts.checks import REFERENCE_ON, ROW_RULES, Overlap
from contracts.compile import overlap_sql
from contracts.duckdb_backend import failing_rows
from tests.contracts import frames

FEB, MAR = date(2020, 2, 1), date(2020, 3, 1)
MONDAY = date(2020, 3, 2)
LAST_1989 = date(1989, 12, 31)


TYPES = {"a": "date", "b": "date", "n": "bigint", "m": "bigint", "t": "varchar", "u": "varchar", REFERENCE_ON: "date"}
PAIR = {"later": "b", "earlier": "a"}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("not_before", PAIR, {"a": FEB, "b": FEB}, True),
    ("not_before", PAIR, {"a": MAR, "b": FEB}, False),
    ("not_before", PAIR, {"b": FEB}, True),
    ("after", PAIR, {"a": FEB, "b": MAR}, True),
    ("after", PAIR, {"a": FEB, "b": FEB}, False),
    ("after", PAIR, {"a": FEB}, True),
    ("at_most", {"column": "n", "limit": "m"}, {"n": 2, "m": 2}, True),
    ("at_most", {"column": "n", "limit": "m"}, {"n": 3, "m": 2}, False),
    ("at_most", {"column": "n", "limit": "m"}, {"n": 3}, True),
    ("filled_exactly_with", {"column": "t", "other": "a"}, {"t": "x", "a": FEB}, True),
    ("filled_exactly_with", {"column": "t", "other": "a"}, {}, True),
    ("filled_exactly_with", {"column": "t", "other": "a"}, {"t": "x"}, False),
    ("filled_exactly_with", {"column": "t", "other": "a"}, {"a": FEB}, False),
    ("filled_exactly_when", {"column": "a", "when": {"t": "x"}}, {"a": FEB, "t": "x"}, True),
    ("filled_exactly_when", {"column": "a", "when": {"t": "x"}}, {"t": "x"}, False),
    ("filled_exactly_when", {"column": "a", "when": {"t": "x"}}, {"a": FEB, "t": "y"}, False),
    ("filled_exactly_when", {"column": "a", "when": {"t": "x"}}, {"a": FEB}, False),
    ("filled_exactly_when", {"column": "a", "when": {"t": "x"}}, {}, True),
    ("only_with", {"column": "a", "when": {"t": ("x", "y")}}, {"a": FEB, "t": "y"}, True),
    ("only_with", {"column": "a", "when": {"t": ("x", "y")}}, {"a": FEB, "t": "z"}, False),
    ("only_with", {"column": "a", "when": {"t": ("x", "y")}}, {"a": FEB}, False),
    ("only_with", {"column": "a", "when": {"t": ("x", "y")}}, {"t": "z"}, True),
    ("required_with", {"column": "a", "when": {"t": "x", "u": "y"}}, {"t": "x", "u": "y"}, False),
    ("required_with", {"column": "a", "when": {"t": "x", "u": "y"}}, {"t": "x", "u": "z"}, True),
    ("required_with", {"column": "a", "when": {"t": "x", "u": "y"}}, {"t": "x"}, True),
    ("required_with", {"column": "a", "when": {"t": "x", "u": "y"}}, {"a": FEB, "t": "x", "u": "y"}, True),
    ("monday", {"column": "a"}, {"a": MONDAY}, True),
    ("monday", {"column": "a"}, {"a": MAR}, False),
    ("not_too_early", {"column": "a", "earliest": date(1990, 1, 1)}, {"a": date(1990, 1, 1)}, True),
    ("not_too_early", {"column": "a", "earliest": date(1990, 1, 1)}, {"a": LAST_1989}, False),
    ("not_future", {"column": "a", "text": False}, {"a": MAR, REFERENCE_ON: MAR}, True),
    ("not_future", {"column": "a", "text": False}, {"a": MAR, REFERENCE_ON: FEB}, False),
    ("not_future", {"column": "t", "text": True}, {"t": "2020-00-00", REFERENCE_ON: FEB}, True),
    ("not_future", {"column": "t", "text": True}, {"t": "2020-02-02", REFERENCE_ON: FEB}, False),
]
POLARS = {"date": pl.Date, "bigint": pl.Int64, "varchar": pl.String}


@pytest.mark.parametrize(("kind", "statistics", "row", "keeps"), CASES)
def test_a_row_keeps_or_breaks_a_rule(kind: str, statistics: dict, row: dict, keeps: bool) -> None:
    rule = ROW_RULES[kind]
    cells = ", ".join(f"cast(${name} as {type_}) as {name}" for name, type_ in TYPES.items())
    given_row = {name: row.get(name) for name in TYPES}
    with duckdb.connect() as connection:
        broken = f"select coalesce({rule.breaks(**statistics)}, false) from (select {cells})"
        assert connection.execute(broken, given_row).fetchall() == [(not keeps,)]
    frame = pl.DataFrame([given_row], schema={name: POLARS[type_] for name, type_ in TYPES.items()})
    assert frame.select(rule.holds(**statistics).fill_null(value=True)).item() is keeps


def test_every_rule_has_a_row_that_keeps_it_and_one_that_breaks_it() -> None:
    assert {(kind, keeps) for kind, _, _, keeps in CASES} == {
        (kind, keeps) for kind in ROW_RULES for keeps in (True, False)
    }


def test_a_decision_needs_its_case_and_may_not_come_before_its_application() -> None:
    cases, decisions = (contracts.all()[f"raw.ind__{name}"] for name in ("aanvraag", "beslissing"))
    good = {"uitkomst": "OVERIG", "volgnummer": 1, REFERENCE_ON: MAR}
    rows = [
        {**good, "zaaknummer": "Z1", "datum_beslissing": FEB},
        {**good, "zaaknummer": "Z2", "datum_beslissing": FEB},
        {**good, "zaaknummer": "Z1", "datum_beslissing": date(2020, 1, 31), "volgnummer": 2},
        {**good, "zaaknummer": None, "datum_beslissing": FEB},
    ]
    with duckdb.connect() as connection:
        frames.table(connection, cases, [{"zaaknummer": "Z1", "datum_aanvraag": FEB}])
        frames.table(connection, decisions, rows)
        assert failing_rows(decisions, connection) == {
            (1, "exists_in"),
            (2, "not_before_parent:datum_beslissing"),
            (3, "not_null:zaaknummer"),
        }


def test_rows_that_share_a_key_are_all_named_empty_keys_too() -> None:
    contract = contracts.all()["raw.coa__locatie"]
    keys = [("L1", FEB), ("L1", MAR), ("L1", FEB), (None, FEB), (None, FEB)]
    with duckdb.connect() as connection:
        frames.table(connection, contract, [{"locatiecode": code, "geldig_vanaf": on} for code, on in keys])
        doubled = {row for row, rule in failing_rows(contract, connection) if rule == "duplicate_key"}
    assert doubled == {0, 2, 3, 4}


days = st.integers(0, 8)
periods = st.tuples(st.sampled_from(["C1", "C2"]), days, st.none() | days).filter(
    lambda p: p[2] is None or p[1] <= p[2]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(stays=st.lists(periods, max_size=7))
def test_stays_overlap_exactly_when_they_share_more_than_an_end_day(stays: list[tuple[str, int, int | None]]) -> None:
    rule = Overlap("resident", "begins", "ends", "overlapping_stay")
    values = ", ".join(
        f"({place}, '{resident}', {_day(begins)}, {'null' if ends is None else _day(ends)})"
        for place, (resident, begins, ends) in enumerate([*stays, ("other", 0, 0)])
    )
    found = duckdb.sql(
        f"select place from (values {values}) as stay (place, resident, begins, ends) qualify {overlap_sql(rule)}"
    ).fetchall()
    assert {place for (place,) in found} == {
        one for one in range(len(stays)) for two in range(len(stays)) if one != two and _overlap(stays[one], stays[two])
    }


def _day(number: int) -> str:
    return f"date '2020-01-01' + {number}"


def _overlap(one: tuple[str, int, int | None], two: tuple[str, int, int | None]) -> bool:
    (resident, begins, ends), (other, other_begins, other_ends) = one, two
    begins_before_other_ends = other_ends is None or begins < other_ends
    return resident == other and begins_before_other_ends and (ends is None or other_begins < ends)
