"""A cell of a delivered file, as text -> the typed value of its column, in SQL. Nothing about rules."""

from collections.abc import Sequence

from contracts.base import Extract
from contracts.checks import literal

ISO = "%Y-%m-%d"
# Space, tab, line ends, and the no-break space that spreadsheets like.
_BLANKS = [f"chr({ord(blank)})" for blank in (" ", "\t", "\r", "\n", chr(0xA0))]
_FEW = 32
"""Up to so many values, finding a text among them costs less than looking at its ends."""


def cast_sql(contract: type[Extract], column: str, text: str, date_format: str = ISO, decimal_char: str = ".") -> str:
    """A cell as text -> the typed value, or null when it is empty or is no such value.

    ``text`` is any SQL text expression. The intake gives ``type:<column>`` where the trimmed text is not empty and
    the value is null. Enums are upper-cased; J and N are booleans; a date must be written exactly in
    ``date_format``; a decimal has ``decimal_char`` and is rounded to the column's scale; text keeps its zeros.
    """
    info = contract.columns[column]
    # Nearly every cell is as it should be: to see that costs a tenth of trimming it.
    cell = f"case when {_has_bare_ends(text)} then {text} else nullif(trim({text}, {' || '.join(_BLANKS)}), '') end"
    if info.type == "VARCHAR" and info.birth:
        return _birth_text(cell, date_format)
    if info.type == "VARCHAR":
        allowed = codes(contract, column)
        return _code(text, cell, allowed) if allowed else cell
    if info.type == "BOOLEAN":
        return f"case upper({cell}) when 'J' then true when 'N' then false end"
    if info.type == "DATE":
        return _date(text, cell, date_format)
    if info.type == "BIGINT":
        number = f"try_cast({text} as bigint)"
        return f"""case
            when cast({number} as text) = {text} then {number}
            when regexp_full_match({cell}, '[+-]?[0-9]+') then try_cast({cell} as bigint)
        end"""
    written = literal(f"[+-]?([0-9]+([{decimal_char}][0-9]*)?|[{decimal_char}][0-9]+)(e[+-]?[0-9]+)?")
    point = f"replace({cell}, {literal(decimal_char)}, '.')"
    return f"case when regexp_full_match(lower({cell}), {written}) then try_cast({point} as {info.type}) end"


def codes(contract: type[Extract], column: str) -> Sequence[str]:
    """The values that a column of codes may have, none for any other column."""
    checks = {check.name: check for check in contract.to_schema().columns[column].checks}
    return checks["isin"].statistics["allowed_values"] if "isin" in checks else ()


def _has_bare_ends(text: str) -> str:
    """SQL of whether a text surely has no blank at either end: it begins with a sign of ASCII that is none."""
    ends_blank = " or ".join(f"suffix({text}, {blank})" for blank in _BLANKS)
    return f"{text} >= '!' and {text} < chr(127) and not ({ends_blank})"


def _code(text: str, cell: str, allowed: Sequence[str]) -> str:
    """A code of an enum, upper-cased: what stands among the allowed ones is as it should be."""
    known = [literal(value) for value in allowed if value == value.strip().upper()]
    if not known or len(known) > _FEW:
        return f"upper({cell})"
    return f"case when list_contains([{', '.join(known)}], {text}) then {text} else upper({cell}) end"


def _date(text: str, cell: str, date_format: str) -> str:
    # strptime reads 2021-5-1 too: only what is written back unchanged was written in the format.
    moment = f"try_strptime({cell}, {literal(date_format)})"
    as_written = f"when strftime({moment}, {literal(date_format)}) = {cell} then cast({moment} as date)"
    if date_format == ISO:
        # A cast says the same of nearly every cell and costs a fifth; to it 'infinity' is a date too.
        day = f"try_cast({text} as date)"
        is_common = f"{day} between date '0001-01-01' and date '9999-12-31'"
        as_written = f"when cast({day} as text) = {text} and {is_common} then {day} {as_written}"
    return f"case {as_written} end"


def _birth_text(cell: str, date_format: str) -> str:
    if date_format != "%d-%m-%Y":
        return cell
    # A file that writes its dates day first may write birth dates so too; parts of 00 are no date to DuckDB.
    day_first = "'^([0-9]{2})-([0-9]{2})-([0-9]{4})$'"
    return f"regexp_replace({cell}, {day_first}, '\\3-\\2-\\1')"
