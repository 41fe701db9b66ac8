"""From a contract to DuckDB SQL: the rules of a row, and the rules over several rows.

What belongs here: text of SQL. What does not: running it (duckdb_backend.py, and the intake), the meaning of a
rule (checks.py). A check without SQL raises UnknownCheckError: nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from contracts.checks import (
    COLUMN_CHECKS,
    ROW_RULES,
    SET_RULES,
    Overlap,
    Reference,
    SetRule,
    UnknownCheckError,
    identifier,
    literal,
    set_rules,
)

if TYPE_CHECKING:
    from contracts.base import Contract


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


def broken_list(rules: Iterable[RowRule]) -> str:
    """One expression: the names of those rules that a row breaks, as varchar[], in their order."""
    cases = [f"case when {rule.sql} then {literal(rule.name)} end" for rule in rules]
    if not cases:
        return "cast([] as varchar[])"
    return f"list_filter([{', '.join(cases)}], lambda rule: rule is not null)"


class SetStatement(NamedTuple):
    """A rule over several rows. ``rows`` selects ``{what}`` of the breaking rows of ``{source} as checked``."""

    name: str
    column: str
    uses: tuple[str, ...]
    rows: str


def set_statements(schema: pa.DataFrameSchema) -> list[SetStatement]:
    """The statements of a table's key and of its rules over several rows or tables."""
    return [*(_repeated(key) for key in unique_keys(schema)), *(_statement(one) for one in set_rules(schema))]


def unique_keys(schema: pa.DataFrameSchema) -> list[tuple[str, ...]]:
    """The column combinations that may not repeat: Config.unique is one, or a list of them."""
    unique = schema.unique or []
    if not unique:
        return []
    if isinstance(unique, str):
        return [(unique,)]
    return [tuple(unique)] if all(isinstance(name, str) for name in unique) else [tuple(one) for one in unique]


def _repeated(key: tuple[str, ...]) -> SetStatement:
    columns = ", ".join(map(identifier, key))
    same = " and ".join(f"checked.{identifier(k)} is not distinct from twice.{identifier(k)}" for k in key)
    twice = f"select {columns} from {{source}} group by {columns} having count(*) > 1"
    rows = f"select {{what}} from {{source}} as checked semi join ({twice}) as twice on {same}"
    return SetStatement("duplicate_key", ",".join(key), key, rows)


def _statement(rule: SetRule) -> SetStatement:
    checked = "select {what} from {source} as checked"
    if isinstance(rule, Overlap):
        uses = (rule.by, *rule.within, rule.begins, rule.ends)
        return SetStatement(rule.rule, rule.begins, uses, f"{checked} qualify {overlap_sql(rule)}")
    child = f"checked.{identifier(rule.column)}"
    match = f"{child} = parent.{identifier(rule.parent_column)}"
    if isinstance(rule, Reference):
        rows = f"{checked} anti join {rule.parent} as parent on {match} where {child} is not null"
        return SetStatement(rule.rule, rule.column, (rule.column,), rows)
    later = f"checked.{identifier(rule.later)}"
    rows = f"{checked} join {rule.parent} as parent on {match} where {later} < parent.{identifier(rule.earlier)}"
    return SetStatement(rule.rule, rule.later, (rule.later, rule.column), rows)


def overlap_sql(overlap: Overlap, per: Iterable[str] = ()) -> str:
    """A window expression that is TRUE where a period shares more than an end day with another of the same ``by``.

    ``per`` names further columns to keep apart, such as the reference date. Both periods of a pair are named.
    """
    partition = ", ".join(map(identifier, (overlap.by, *overlap.within, *per)))
    begins = identifier(overlap.begins)
    ends = f"coalesce({identifier(overlap.ends)}, date '9999-12-31')"
    window = f"partition by {partition} order by {begins}, {ends}"
    earlier = f"max({ends}) over ({window} rows between unbounded preceding and 1 preceding) > {begins}"
    later = f"lead({begins}) over ({window}) < {ends}"
    return f"(coalesce({earlier}, false) or coalesce({later}, false))"
