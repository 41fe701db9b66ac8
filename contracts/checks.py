"""The closed set of rules that a contract can state, each said twice: in SQL and in Polars.

What belongs here: the meaning of a rule. What does not: which table has which rule (the contracts), and how
rules are gathered into statements (compile.py). A rule that is not in one of the tables below does not exist:
declaring it raises when the class is made, compiling it raises UnknownCheckError.

A rule over empty cells holds, except where the rule is about being filled.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

REFERENCE_ON = "_reference_on"
"""Helper column of an extract's rows: the reference date of the delivery that brought the row."""

When = Mapping[str, str | tuple[str, ...]]
"""A condition on a row: column -> the value or values it must have; several columns are joined by "and"."""


class UnknownCheckError(Exception):
    """A contract uses a check that has no SQL here. Add it to checks.py or state the rule otherwise."""


def identifier(name: str) -> str:
    """The column name quoted for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A Python value as a DuckDB literal. Raises TypeError for a type that no contract uses."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float() | Decimal():
            return str(value)
        case date():
            return f"date '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"no SQL literal for {value!r}")


def _is_one_of(expression: str, values: Any) -> str:
    # a function is asked once for each text that a column stores, `in` for each row
    return f"list_contains([{', '.join(literal(value) for value in values)}], {expression})"


def anchored(pattern: str | re.Pattern[str]) -> str:
    """A pattern as pandera's str_matches reads it: from the start of the text."""
    text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    return text if text.startswith("^") else f"^{text}"


def _in_range(c: str, min_value: Any, max_value: Any, include_min: bool, include_max: bool) -> str:
    below, above = "<" if include_min else "<=", ">" if include_max else ">="
    return f"{c} {below} {literal(min_value)} or {c} {above} {literal(max_value)}"


def _str_length(c: str, min_value: int | None, max_value: int | None, exact_value: int | None) -> str:
    if exact_value is not None:
        return f"length({c}) <> {exact_value}"
    limits = [f"length({c}) < {min_value}"] if min_value is not None else []
    limits += [f"length({c}) > {max_value}"] if max_value is not None else []
    return " or ".join(limits)


# pandera's own checks of one column: name -> SQL that is true when the value breaks the rule.
COLUMN_CHECKS: dict[str, Callable[..., str]] = {
    "equal_to": lambda c, value: f"{c} <> {literal(value)}",
    "not_equal_to": lambda c, value: f"{c} = {literal(value)}",
    "greater_than": lambda c, min_value: f"{c} <= {literal(min_value)}",
    "greater_than_or_equal_to": lambda c, min_value: f"{c} < {literal(min_value)}",
    "less_than": lambda c, max_value: f"{c} >= {literal(max_value)}",
    "less_than_or_equal_to": lambda c, max_value: f"{c} > {literal(max_value)}",
    "in_range": _in_range,
    "isin": lambda c, allowed_values: f"not {_is_one_of(c, allowed_values)}",
    "notin": lambda c, forbidden_values: _is_one_of(c, forbidden_values),
    "str_matches": lambda c, pattern: f"not regexp_matches({c}, {literal(anchored(pattern))})",
    "str_length": _str_length,
}


def _when_sql(when: When) -> str:
    parts = [_is_one_of(identifier(c), (v,) if isinstance(v, str) else v) for c, v in when.items()]
    return f"coalesce({' and '.join(parts)}, false)"


def _when_polars(when: When) -> pl.Expr:
    parts = [pl.col(c).is_in([v] if isinstance(v, str) else list(v)) for c, v in when.items()]
    return pl.all_horizontal(parts).fill_null(value=False)


def _reference_sql(text: bool) -> str:
    return f"cast({REFERENCE_ON} as varchar)" if text else REFERENCE_ON


def _reference_polars(text: bool) -> pl.Expr:
    on = pl.col(REFERENCE_ON)
    return on.dt.strftime("%Y-%m-%d") if text else on


class Reference(NamedTuple):
    """``column`` holds a key that must exist as ``parent_column`` of the table ``parent``."""

    column: str
    parent: str
    parent_column: str

    @property
    def rule(self) -> str:
        """The name of the rule in the quarantine."""
        return "exists_in"


class ParentComparison(NamedTuple):
    """``later`` of a row is not before ``earlier`` of the parent row that ``column`` refers to."""

    later: str
    earlier: str
    column: str
    parent: str
    parent_column: str

    @property
    def rule(self) -> str:
        """The name of the rule in the quarantine."""
        return f"not_before_parent:{self.later}"


class Overlap(NamedTuple):
    """Periods [begins, ends] of one ``by`` (and ``within``) may share end days only; an empty ``ends`` is open."""

    by: str
    begins: str
    ends: str
    rule: str
    within: tuple[str, ...] = ()


SetRule = Reference | ParentComparison | Overlap


@dataclass(frozen=True)
class RowRuleKind:
    """A rule over the columns of one row: its statistics, and the rule in SQL (broken) and Polars (holds).

    The first statistic names the column that the rule is reported under.
    """

    statistics: tuple[str, ...]
    breaks: Callable[..., str]
    holds: Callable[..., pl.Expr]

    def uses(self, **statistics: Any) -> Iterator[str]:
        """The columns that the rule reads."""
        for name, value in statistics.items():
            if name == "when":
                yield from value
            elif name == "text":
                yield REFERENCE_ON
            elif name != "earliest":
                yield value


# Names are part of the public interface: they appear in the quarantine and in fct_data_quality.
ROW_RULES: dict[str, RowRuleKind] = {
    "not_before": RowRuleKind(
        ("later", "earlier"),
        lambda later, earlier: f"{identifier(later)} < {identifier(earlier)}",
        lambda later, earlier: pl.col(later) >= pl.col(earlier),
    ),
    "after": RowRuleKind(
        ("later", "earlier"),
        lambda later, earlier: f"{identifier(later)} <= {identifier(earlier)}",
        lambda later, earlier: pl.col(later) > pl.col(earlier),
    ),
    "at_most": RowRuleKind(
        ("column", "limit"),
        lambda column, limit: f"{identifier(column)} > {identifier(limit)}",
        lambda column, limit: pl.col(column) <= pl.col(limit),
    ),
    "filled_exactly_with": RowRuleKind(
        ("column", "other"),
        lambda column, other: f"({identifier(column)} is null) <> ({identifier(other)} is null)",
        lambda column, other: pl.col(column).is_null() == pl.col(other).is_null(),
    ),
    "filled_exactly_when": RowRuleKind(
        ("column", "when"),
        lambda column, when: f"({identifier(column)} is null) = {_when_sql(when)}",
        lambda column, when: pl.col(column).is_not_null() == _when_polars(when),
    ),
    "only_with": RowRuleKind(
        ("column", "when"),
        lambda column, when: f"{identifier(column)} is not null and not {_when_sql(when)}",
        lambda column, when: pl.col(column).is_null() | _when_polars(when),
    ),
    "required_with": RowRuleKind(
        ("column", "when"),
        lambda column, when: f"{identifier(column)} is null and {_when_sql(when)}",
        lambda column, when: pl.col(column).is_not_null() | ~_when_polars(when),
    ),
    "monday": RowRuleKind(
        ("column",),
        lambda column: f"isodow({identifier(column)}) <> 1",
        lambda column: pl.col(column).dt.weekday() == 1,
    ),
    "not_too_early": RowRuleKind(
        ("column", "earliest"),
        lambda column, earliest: f"{identifier(column)} < {literal(earliest)}",
        lambda column, earliest: pl.col(column) >= pl.lit(earliest),
    ),
    # Birth dates are text (parts can be 00), which sorts as dates do.
    "not_future": RowRuleKind(
        ("column", "text"),
        lambda column, text: f"{identifier(column)} > {_reference_sql(text)}",
        lambda column, text: pl.col(column) <= _reference_polars(text),
    ),
}

# Rules that need other rows or another table. They are data for the intake and statements for the compiler.
SET_RULES: dict[str, type[SetRule]] = {
    "exists_in": Reference,
    "not_before_parent": ParentComparison,
    "no_overlap": Overlap,
}


def set_rules(schema: pa.DataFrameSchema) -> list[SetRule]:
    """The rules of a schema that need other rows or another table."""
    return [SET_RULES[check.name](**check.statistics) for check in schema.checks if check.name in SET_RULES]


def declared(kind: str, statistics: Mapping[str, Any]) -> pa.Check:
    """The pandera check of a rule declared in Config.

    Raises UnknownCheckError for a rule that is not in the closed set, TypeError for other statistics than it takes.
    """
    if kind not in ROW_RULES and kind not in SET_RULES:
        known = ", ".join(sorted([*ROW_RULES, *SET_RULES]))
        raise UnknownCheckError(f"there is no rule '{kind}'; the rules are {known}")
    taken: tuple[str, ...] = ROW_RULES[kind].statistics if kind in ROW_RULES else SET_RULES[kind]._fields
    given = {**(SET_RULES[kind]._field_defaults if kind in SET_RULES else {}), **statistics}
    if set(given) != set(taken):
        raise TypeError(f"rule '{kind}' takes {', '.join(taken)}; given {', '.join(statistics)}")
    ordered = {name: given[name] for name in taken}
    return pa.Check(_polars_check(kind, ordered), name=kind, statistics=ordered)


def _polars_check(kind: str, statistics: dict[str, Any]) -> Callable[[PolarsData], pl.LazyFrame]:
    def check(data: PolarsData) -> pl.LazyFrame:
        if kind in SET_RULES:
            raise NotImplementedError(f"{kind} needs other rows or tables: validate a DuckDB relation")
        return data.lazyframe.select(ROW_RULES[kind].holds(**statistics).alias(kind))

    return check
