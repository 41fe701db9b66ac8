"""Contracts as agreements: what a partner may deliver, and what readers are promised, apart from pandera.

Belongs here: the terms of an agreement, and reading them from the contracts. Does not belong here: how they are
written down (agreement_odcs.py), comparing them (agreement_diff.py), which versions were agreed (versions/).

There is one agreement a partner, over all its extracts, since a delivery names one version; and one, `marts`, with the
readers of the published database. Tables of `intermediate` are nobody's but ours.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import pandera.polars as pa

import contracts
from contracts.base import Contract, Extract
from contracts.checks import anchored
from contracts.versions import CURRENT

Direction = Literal["incoming", "outgoing"]
"""Incoming: a partner delivers to us, and a tighter term breaks the partner. Outgoing: a looser one breaks readers."""

READERS = "marts"
NAMES = ("ind", "coa", "rvr", READERS)
"""Every agreement there is."""


class AgreementError(Exception):
    """An agreement that cannot be found or read; the message says where and what to do."""


class Limit(NamedTuple):
    """A bound of a column's values."""

    value: Any
    exclusive: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule over several columns, rows or tables, by its name in checks.py."""

    kind: str
    statistics: Mapping[str, Any]

    @property
    def identity(self) -> tuple[str, str]:
        """What makes it the same rule with other terms: its kind and the column that it is reported under."""
        return self.kind, str(next(iter(self.statistics.values())))

    @property
    def terms(self) -> str:
        """Its statistics in one line."""
        return ", ".join(f"{name} {_told(value)}" for name, value in self.statistics.items() if value not in ((), []))


@dataclass(frozen=True)
class Column:
    """The terms of one column."""

    name: str
    type: str
    required: bool
    description: str = ""
    unit: str | None = None
    source: str | None = None
    formula: str | None = None
    key_position: int | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: Limit | None = None
    maximum: Limit | None = None
    allowed: tuple[Any, ...] | None = None
    refers_to: str | None = None
    """`aanvraag.zaaknummer`: the value must exist there."""


@dataclass(frozen=True)
class Table:
    """The terms of one table."""

    name: str
    physical_name: str
    grain: str
    columns: Mapping[str, Column]
    rules: tuple[Rule, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        keyed = [column for column in self.columns.values() if column.key_position]
        return tuple(column.name for column in sorted(keyed, key=lambda column: column.key_position or 0))


@dataclass(frozen=True)
class Agreement:
    """Everything that two parties have agreed under one version."""

    name: str
    version: str
    direction: Direction
    tables: Mapping[str, Table]

    @property
    def label(self) -> str:
        """`ind@1.0`."""
        return f"{self.name}@{self.version}"


def current(name: str) -> Agreement:
    """The agreement as the contracts in this installation state it. Raises AgreementError for an unknown name."""
    if name not in NAMES:
        raise AgreementError(f"there is no agreement {name!r}: one of {', '.join(NAMES)}")
    stage = contracts.stage("marts" if name == READERS else "raw")
    tables = [_table(one) for one in stage.values() if name == READERS or _partner(one) == name]
    direction: Direction = "outgoing" if name == READERS else "incoming"
    return Agreement(name, CURRENT[name], direction, {table.name: table for table in tables})


def _table(contract: type[Contract]) -> Table:
    schema = contract.to_schema()
    rules = [Rule(str(check.name), _plain(check.statistics)) for check in schema.checks]
    native = {column: _native(rules, column) for column in contract.columns}
    columns = {
        name: Column(
            name=name,
            type=info.type,
            required=not info.nullable,
            description=info.description,
            unit=info.unit,
            source=info.source,
            formula="; of: ".join(text for text in (info.formula, info.denominator) if text) or None,
            key_position=contract.key.index(name) + 1 if name in contract.key else None,
            **_terms(schema.columns[name].checks),
            **native[name],
        )
        for name, info in contract.columns.items()
    }
    others = tuple(rule for rule in rules if rule.kind not in {"not_too_early", "exists_in"})
    return Table(_short(contract), contract.table, contract.grain, columns, others)


def _partner(contract: type[Contract]) -> str | None:
    return contract.partner if issubclass(contract, Extract) else None


def _short(contract: type[Contract]) -> str:
    return contract.extract if issubclass(contract, Extract) else contract.table.split(".")[1]


def _native(rules: list[Rule], column: str) -> dict[str, Any]:
    """Rules of the table that are terms of one column."""
    found: dict[str, Any] = {}
    for rule in rules:
        if rule.statistics.get("column") != column:
            continue
        if rule.kind == "not_too_early":
            found["minimum"] = Limit(rule.statistics["earliest"])
        elif rule.kind == "exists_in":
            parent = str(rule.statistics["parent"]).split(".")[-1].split("__")[-1]
            found["refers_to"] = f"{parent}.{rule.statistics['parent_column']}"
    return found


def _terms(checks: list[pa.Check]) -> dict[str, Any]:
    """Checks of a column as its terms. Raises AgreementError for two of a kind, and for a check that has no term."""
    found: dict[str, Any] = {}
    for check in checks:
        for name, value in _term(str(check.name), check.statistics or {}):
            if name in found:
                raise AgreementError(f"two checks of one column both state its {name}")
            found[name] = value
    return found


def _term(check: str, statistics: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    match check, dict(statistics):
        case "str_matches", {"pattern": pattern}:
            yield "pattern", anchored(pattern)
        case "str_length", {"min_value": low, "max_value": high, "exact_value": exact}:
            lengths = {"min_length": low, "max_length": high} if exact is None else dict.fromkeys(_LENGTHS, exact)
            yield from ((name, value) for name, value in lengths.items() if value is not None)
        case "isin", {"allowed_values": values}:
            yield "allowed", tuple(values)
        case "equal_to", {"value": value}:
            yield "allowed", (value,)
        case "in_range", {"min_value": low, "max_value": high, "include_min": from_, "include_max": to}:
            yield "minimum", Limit(low, not from_)
            yield "maximum", Limit(high, not to)
        case (("greater_than" | "greater_than_or_equal_to"), {"min_value": low}):
            yield "minimum", Limit(low, check == "greater_than")
        case (("less_than" | "less_than_or_equal_to"), {"max_value": high}):
            yield "maximum", Limit(high, check == "less_than")
        case _:
            raise AgreementError(f"check '{check}' has no term in an agreement: add it to contracts/agreement.py")


_LENGTHS = ("min_length", "max_length")


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return " and ".join(f"{name} = {_told(one)}" for name, one in value.items())
    return " or ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _plain(value: Any) -> Any:
    """Statistics as YAML and JSON hold them."""
    match value:
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case re.Pattern():
            return value.pattern
        case bool() | int() | float() | str() | None:
            return value
    return str(value)
