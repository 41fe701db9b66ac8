"""A published figure by the name that a reader gives it, and what its declarations say that it comes from.

Belongs here: finding a column of a mart, following declared sources. Does not belong here: text about a figure (the
contracts), its rows, what was delivered.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import contracts
from contracts.base import Contract
from contracts.columns import ColumnInfo

NAMED = re.compile(r"\b(marts|intermediate|rules|ind|coa|rvr)\.(?!md\b)([a-z_]\w*)(?:\.([a-z_]+))?")
"""A table or column that a source names: `marts.dim_case.applied_on`, `rules.stage_norms`, `ind.aanvraag`."""
WORD = re.compile(r"[a-z_]\w*")


class UnknownFigureError(Exception):
    """No published figure, or several, have that name; the message says which come near or which there are."""


@dataclass(frozen=True)
class Figure:
    """A column of a mart, or the mart as a whole when `column` is None."""

    contract: type[Contract]
    column: ColumnInfo | None

    @property
    def name(self) -> str:
        """`marts.fct_backlog_daily.stock`, or `marts.fct_backlog_daily`."""
        return f"{self.contract.table}.{self.column.name}" if self.column else self.contract.table

    def operands(self) -> list[str]:
        """The columns of the same mart that formula and denominator name, in the order of the table."""
        said = f"{self.column.formula or ''} {self.column.denominator or ''}" if self.column else ""
        words = set(WORD.findall(said)) - {self.column.name if self.column else ""}
        return [name for name in self.contract.columns if name in words]

    def sources(self) -> set[str]:
        """Rule tables and extracts that its declaration names, itself or through other columns: `rules.projects`,
        `ind.beslissing`. Of a mart as a whole nothing is named: every column has its own."""
        return set(_followed(self.contract, self.column, set())) if self.column else set()


def find(name: str) -> Figure:
    """The figure that `mart.column`, `mart`, or a column that one mart alone has, means; `marts.` may stand before it.

    Raises UnknownFigureError, with the candidates or the nearest names.
    """
    wanted = name.strip().lower().removeprefix("marts.")
    table, _, column = wanted.partition(".")
    contract = contracts.stage("marts").get(f"marts.{table}")
    if contract is not None and not column:
        return Figure(contract, None)
    if contract is not None and column in contract.columns:
        return Figure(contract, contract.columns[column])
    if contract is not None:
        raise UnknownFigureError(f"{table} has no column {column}{_hint(column, contract)}")
    if column:
        raise UnknownFigureError(f"there is no mart {table}; {_nearest(table, _tables())}")
    found = [one for one in figures() if one.column and one.column.name == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(one.name.removeprefix("marts.") for one in found)
        raise UnknownFigureError(f"{len(found)} marts have a column {wanted}; say which: {which}")
    names = [*_tables(), *(one.column.name for one in figures() if one.column)]
    raise UnknownFigureError(
        f"no mart or column is named {wanted}{_values(wanted)}; {_nearest(wanted, names, _tables())}"
    )


def figures() -> Iterator[Figure]:
    """Every column of every mart."""
    for contract in contracts.stage("marts").values():
        yield from (Figure(contract, info) for info in contract.columns.values())


def _tables() -> list[str]:
    return [table.removeprefix("marts.") for table in contracts.stage("marts")]


def _nearest(name: str, names: list[str], otherwise: list[str] | None = None) -> str:
    """The names that come near; where none does all of them, or those of `otherwise`."""
    near = difflib.get_close_matches(name, list(dict.fromkeys(names)), n=5, cutoff=0.5)
    return f"nearest: {', '.join(near)}" if near else f"there are: {', '.join(otherwise or names)}"


def _hint(column: str, contract: type[Contract]) -> str:
    """What a reader who asks a mart for a column that it does not have may have meant."""
    elsewhere = [one.name.removeprefix("marts.") for one in figures() if one.column and one.column.name == column]
    hints = [_values(column, contract), f"; there is {', '.join(elsewhere)}" if elsewhere else ""]
    return "".join(hints) + f"; {_nearest(column, list(contract.columns))}"


def _values(value: str, only: type[Contract] | None = None) -> str:
    """The columns of which it is not the name but a value."""
    found = [
        f"{contract.table.removeprefix('marts.')}.{name}"
        for contract in ([only] if only else contracts.stage("marts").values())
        for name, column in contract.to_schema().columns.items()
        for check in column.checks
        if value in (check.statistics or {}).get("allowed_values", ())
    ]
    where = f"; it is a value of {', '.join(found)}: name a figure, and give --where"
    return f"{where} \"{found[0].partition('.')[2]} = '{value}'\"" if found else ""


def _followed(contract: type[Contract], column: ColumnInfo, seen: set[str]) -> Iterator[str]:
    """Sources of a column, of the columns that it is computed from, and of those that its source names."""
    if (place := f"{contract.table}.{column.name}") in seen:
        return
    seen.add(place)
    for stage, table, named in NAMED.findall(column.source or ""):
        if stage in {"marts", "intermediate"}:
            other = contracts.all().get(f"{stage}.{table}")
            if other and (info := other.columns.get(named or column.name)):
                yield from _followed(other, info, seen)
        else:
            yield f"{stage}.{table}"
    for name in Figure(contract, column).operands():
        yield from _followed(contract, contract.columns[name], seen)
