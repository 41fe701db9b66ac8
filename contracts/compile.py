"""From a contract to DuckDB SQL: the rules of a row, the cast of a text cell, rules over several rows.

What belongs here: text of SQL. What does not: running it (duckdb_backend.py, and the intake), the meaning of a
rule (checks.py). A check without SQL raises UnknownCheckError: nothing is passed over.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandera.polars as pa
import polars as pl

from contracts.base import Contract, Extract, Overlap
from contracts.checks import (
    COLUMN_CHECKS,
    ROW_RULES,
    SET_RULES,
    UnknownCheckError,
    identifier,
    literal,
)

# Space, tab, line ends, and the no-break space that spreadsheets like.
_BLANKS = f"e' \\t\\r\\n{chr(0xA0)}'"


class RowRule(NamedTuple):
    """A rule of one row. ``sql`` is TRUE when the row breaks it and FALSE otherwise, never null."""

    name: str
    column: str
    uses: tuple[str, ...]
    sql: str


def row_rules(contract: type[Contract]) -> list[RowRule]:
    """Every rule that a row can be judged by alone, in the order of the declaration.

    The SQL is over typed columns, and ``_reference_on`` where the contract is an extract's.
    """
    return list(schema_rules(contract.to_schema()))


def schema_rules(schema: pa.DataFrameSchema) -> Iterator[RowRule]:
    """As row_rules, from the pandera schema. Raises UnknownCheckError for a check without SQL."""
    for name, column in schema.columns.items():
        quoted = identifier(name)
        if not column.nullable:
            is_float = column.dtype.type == pl.Float64
            missing = f"coalesce(isnan({quoted}), true)" if is_float else f"{quoted} is null"
            yield RowRule(f"not_null:{name}", name, (name,), missing)
        for check in column.checks:
            if check.name not in COLUMN_CHECKS:
                raise UnknownCheckError(f"{schema.name}.{name}: check '{check.name}' has no SQL in checks.py")
            breaks = COLUMN_CHECKS[check.name](quoted, **check.statistics)
            yield RowRule(f"{check.name}:{name}", name, (name,), f"coalesce({breaks}, false)")
    for check in schema.checks:
        if check.name in SET_RULES:
            continue
        if check.name not in ROW_RULES:
            raise UnknownCheckError(f"{schema.name}: check '{check.name}' has no SQL in checks.py")
        kind = ROW_RULES[check.name]
        name = check.statistics[kind.statistics[0]]
        sql = f"coalesce({kind.breaks(**check.statistics)}, false)"
        yield RowRule(f"{check.name}:{name}", name, tuple(kind.uses(**check.statistics)), sql)


def broken_rules_sql(contract: type[Contract]) -> str:
    """One expression: the names of the rules that a row breaks, as varchar[], in the order of row_rules."""
    return broken_list(row_rules(contract))


def broken_list(rules: Iterable[RowRule]) -> str:
    """The expression of broken_rules_sql for some rules."""
    cases = [f"case when {rule.sql} then {literal(rule.name)} end" for rule in rules]
    if not cases:
        return "cast([] as varchar[])"
    return f"list_filter([{', '.join(cases)}], lambda rule: rule is not null)"


def overlap_sql(overlap: Overlap, per: Iterable[str] = ()) -> str:
    """A window expression that is TRUE where a period shares more than an end day with another of the same ``by``.

    ``per`` names further columns to keep apart, such as the reference date. Both periods of a pair are named.
    """
    partition = ", ".join([identifier(overlap.by), *map(identifier, per)])
    begins = identifier(overlap.begins)
    ends = f"coalesce({identifier(overlap.ends)}, date '9999-12-31')"
    window = f"partition by {partition} order by {begins}, {ends}"
    earlier = f"max({ends}) over ({window} rows between unbounded preceding and 1 preceding) > {begins}"
    later = f"lead({begins}) over ({window}) < {ends}"
    return f"(coalesce({earlier}, false) or coalesce({later}, false))"


def cast_sql(
    contract: type[Extract], column: str, text: str, date_format: str = "%Y-%m-%d", decimal_char: str = "."
) -> str:
    """A cell as text -> the typed value, or null when it is empty or is no such value.

    ``text`` is any SQL text expression. The intake gives ``type:<column>`` where the trimmed text is not empty and
    the value is null. Enums are upper-cased; J and N are booleans; a date must be written exactly in
    ``date_format``; a decimal has ``decimal_char`` and is rounded to the column's scale; text keeps its zeros.
    """
    info = contract.columns[column]
    cell = f"nullif(trim({text}, {_BLANKS}), '')"
    if info.type == "VARCHAR" and info.birth:
        return _birth_text(cell, date_format)
    if info.type == "VARCHAR":
        checks = {check.name for check in contract.to_schema().columns[column].checks}
        return f"upper({cell})" if "isin" in checks else cell
    if info.type == "BOOLEAN":
        return f"case upper({cell}) when 'J' then true when 'N' then false end"
    if info.type == "DATE":
        return _date(cell, date_format)
    if info.type == "BIGINT":
        return f"case when regexp_full_match({cell}, '[+-]?[0-9]+') then try_cast({cell} as bigint) end"
    written = literal(f"[+-]?([0-9]+([{decimal_char}][0-9]*)?|[{decimal_char}][0-9]+)(e[+-]?[0-9]+)?")
    point = f"replace({cell}, {literal(decimal_char)}, '.')"
    return f"case when regexp_full_match(lower({cell}), {written}) then try_cast({point} as {info.type}) end"


def _date(cell: str, date_format: str) -> str:
    # strptime reads 2021-5-1 too: only what is written back unchanged was written in the format.
    moment = f"try_strptime({cell}, {literal(date_format)})"
    return f"case when strftime({moment}, {literal(date_format)}) = {cell} then cast({moment} as date) end"


def _birth_text(cell: str, date_format: str) -> str:
    if date_format != "%d-%m-%Y":
        return cell
    # A file that writes its dates day first may write birth dates so too; parts of 00 are no date to DuckDB.
    day_first = "'^([0-9]{2})-([0-9]{2})-([0-9]{4})$'"
    return f"regexp_replace({cell}, {day_first}, '\\3-\\2-\\1')"
