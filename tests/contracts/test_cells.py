"""Text cells become typed values, or null when they are no such value."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contracts
from contracts.cells import cast_sql

DUTCH, ISO = "%d-%m-%Y", "%Y-%m-%d"
CELLS = [
    ("ind__aanvraag", "datum_aanvraag", " 2021-05-01\t", ISO, ".", date(2021, 5, 1)),
    ("ind__aanvraag", "datum_aanvraag", "01-05-2021", DUTCH, ".", date(2021, 5, 1)),
    ("ind__aanvraag", "datum_aanvraag", "2021-5-1", ISO, ".", None),
    ("ind__aanvraag", "datum_aanvraag", "2021-05-01 00:00:00", ISO, ".", None),
    ("ind__aanvraag", "datum_aanvraag", "01-05-2021", ISO, ".", None),
    ("ind__aanvraag", "datum_aanvraag", "31-06-2021", DUTCH, ".", None),
    ("ind__aanvraag", "v_nummer", " 0001234501\u00a0", ISO, ".", "0001234501"),
    ("ind__aanvraag", "soort_aanvraag", "eerste ", ISO, ".", "EERSTE"),
    ("ind__aanvraag", "team", " Team a ", ISO, ".", "Team a"),
    ("ind__aanvraag", "team", " \t", ISO, ".", None),
    ("ind__aanvraag", "team", None, ISO, ".", None),
    ("ind__aanvraag", "amv", "j", ISO, ".", True),
    ("ind__aanvraag", "amv", "N", ISO, ".", False),
    ("ind__aanvraag", "amv", "true", ISO, ".", None),
    ("ind__aanvraag", "spoor", "+4", ISO, ".", 4),
    ("ind__aanvraag", "spoor", "4.6", ISO, ".", None),
    ("ind__aanvraag", "spoor", "99999999999999999999", ISO, ".", None),
    ("ind__aanvraag", "geboortedatum", "00-00-1990", DUTCH, ".", "1990-00-00"),
    ("ind__aanvraag", "geboortedatum", "1990-00-00", DUTCH, ".", "1990-00-00"),
    ("ind__aanvraag", "geboortedatum", "00-00-1990", ISO, ".", "00-00-1990"),
    ("ind__processtap", "uren", "6,5", ISO, ",", Decimal("6.50")),
    ("ind__processtap", "uren", "6.5", ISO, ",", None),
    ("ind__processtap", "uren", "6,5", ISO, ".", None),
    ("ind__processtap", "uren", "1.234,5", ISO, ",", None),
    ("ind__processtap", "uren", "0.30000000000000004", ISO, ".", Decimal("0.30")),
    ("ind__processtap", "uren", "1e1", ISO, ".", Decimal("10.00")),
    ("ind__processtap", "uren", "12345", ISO, ".", None),
    ("ind__processtap", "uren", "NaN", ISO, ".", None),
    ("rvr__toevoeging", "nationaliteit", "Syrische", ISO, ".", "Syrische"),
]


@pytest.mark.parametrize(("extract", "column", "text", "date_format", "decimal_char", "value"), CELLS)
def test_a_cell_becomes_its_value(
    extract: str, column: str, text: str | None, date_format: str, decimal_char: str, value: Any
) -> None:
    assert cast(extract, column, text, date_format, decimal_char) == value


@pytest.mark.parametrize(
    "text",
    [
        *("2021-05-01", "2020-02-29", "2021-02-29", "2021-13-01", "0000-01-01", "0001-01-01", "9999-12-31"),
        *("10000-01-01", "-001-01-01", "-2021-01-01", "2021/05/01", "2021 05 01", "2021-05-1", "2021-05-01 (BC)"),
        *("infinity", "-infinity", "epoch", "2021-05-0a", "１２２１-05-01", "", None),
    ],
)
def test_an_iso_date_is_what_the_format_reads_and_writes_back(text: str | None) -> None:
    ((value,),) = duckdb.execute(
        "select if(strftime(moment, $2) = $1, cast(moment as date), null) from (select try_strptime($1, $2) as moment)",
        [text, ISO],
    ).fetchall()
    assert cast("ind__aanvraag", "datum_aanvraag", text, ISO, ".") == value


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=st.text(alphabet="0129-.,eEjJnN+ ", max_size=11))
def test_no_text_makes_a_cast_fail(text: str) -> None:
    for column in ("datum_aanvraag", "geboortedatum", "amv", "spoor"):
        cast("ind__aanvraag", column, text, DUTCH, ",")
    cast("ind__processtap", "uren", text, ISO, ",")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=st.text(alphabet="aZ9!~é\u00a0\u2003\x7f\x00 \t\r\n", max_size=6))
def test_a_text_loses_blanks_at_its_ends_and_nothing_else(text: str) -> None:
    blanks = " \t\r\n\u00a0"
    assert cast("ind__aanvraag", "team", text, ISO, ".") == (text.strip(blanks) or None)
    code = f"{text}gepland"
    assert cast("ind__processtap", "stap", code, ISO, ".") == code.strip(blanks).upper()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=st.text(alphabet="0123456789+- \t", max_size=5))
def test_a_number_is_digits_with_a_sign_between_blanks(text: str) -> None:
    bare = text.strip(" \t")
    number = int(bare) if re.fullmatch("[+-]?[0-9]+", bare) else None
    assert cast("ind__processtap", "volgnummer", text, ISO, ".") == number


def cast(extract: str, column: str, text: str | None, date_format: str, decimal_char: str) -> Any:
    contract = contracts.extracts()[f"raw.{extract}"]
    expression = cast_sql(contract, column, "cast($1 as varchar)", date_format, decimal_char)
    ((value,),) = duckdb.execute(f"select {expression}", [text]).fetchall()
    return value
