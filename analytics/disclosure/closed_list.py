"""The closed list of open tables, as the seeds `open_tables` and `open_columns` have it.

Belongs here: reading it and refusing what must never be published. Does not belong here: any figure.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

TABLES, COLUMNS = "open_tables", "open_columns"
MOST_TABLES = 8
MOST_DIMENSIONS = 2
ALL = "all"
"""The value of a dimension in the rows of its totals."""
KINDS = ("count", "sum", "mean", "share", "quantile_50", "quantile_90")
FORBIDDEN_SOURCES = {"dim_person", "fct_restatement", "fct_data_quality", "fct_freshness", "fct_reconciliation"}
"""Marts of persons, revisions and the platform itself: none of them is open data."""
FORBIDDEN_COLUMN = re.compile(r"(_id|_on|^day|^week_start)$|revision")
"""Keys, days and revisions are no dimensions and no figures of open data."""


class ClosedListError(Exception):
    """The seeds ask for what open data must not hold; the message names file and row."""


@dataclass(frozen=True)
class OpenColumn:
    """A figure of an open table. `rests_on` names the count of the cases behind it; a count has none."""

    name: str
    kind: str
    measure: str
    rests_on: str | None
    round_to: float
    description: str

    @property
    def status(self) -> str:
        """The column that says why the figure is empty."""
        return f"{self.name}_status"


@dataclass(frozen=True)
class OpenTable:
    """A table of open data: one row a month and combination of at most two dimensions, `all` among their values."""

    name: str
    source: str
    month_on: str
    condition: str
    dimensions: tuple[str, ...]
    title: str
    columns: tuple[OpenColumn, ...]

    @property
    def counts(self) -> tuple[OpenColumn, ...]:
        """The counts, each of a population that no other open table counts."""
        return tuple(column for column in self.columns if column.kind == "count")

    @property
    def statistics(self) -> tuple[OpenColumn, ...]:
        """Everything else."""
        return tuple(column for column in self.columns if column.kind != "count")

    def population(self, count: OpenColumn) -> str:
        """What a count counts: source, month, condition and measure. Two counts of one population could be compared."""
        return " | ".join((self.source, self.month_on, self.condition, count.measure))

    def definition(self, count: OpenColumn) -> str:
        """Population and dimensions: with another definition the same name is another figure."""
        return " | ".join((self.population(count), *self.dimensions))


def read(seeds: Path) -> tuple[OpenTable, ...]:
    """The closed list from the folder of the seeds. Raises ClosedListError."""
    columns = [_column(row) for row in _rows(seeds / f"{COLUMNS}.csv")]
    tables = tuple(
        OpenTable(
            name=row["table_name"],
            source=row["source"],
            month_on=row["month_on"],
            condition=row["condition"],
            dimensions=tuple(row[name] for name in ("dimension_1", "dimension_2") if row[name]),
            title=row["title"],
            columns=tuple(column for table, column in columns if table == row["table_name"]),
        )
        for row in _rows(seeds / f"{TABLES}.csv")
    )
    if strangers := {table for table, _ in columns} - {table.name for table in tables}:
        raise ClosedListError(f"{COLUMNS}.csv: {', '.join(sorted(strangers))} is no table of {TABLES}.csv")
    check(tables)
    return tables


def check(tables: tuple[OpenTable, ...]) -> None:
    """Raise ClosedListError where the list asks for what must not be published."""
    if len(tables) > MOST_TABLES:
        raise ClosedListError(f"{TABLES}.csv: {len(tables)} tables; at most {MOST_TABLES}: leave some out")
    populations: dict[str, str] = {}
    for table in tables:
        for fault in _faults(table):
            raise ClosedListError(f"{TABLES}.csv, {table.name}: {fault}: correct the row")
        for count in table.counts:
            other = populations.setdefault(table.population(count), f"{table.name}.{count.name}")
            if other != f"{table.name}.{count.name}":
                raise ClosedListError(
                    f"{COLUMNS}.csv, {table.name}.{count.name}: counts the same as {other}, and the two could be held "
                    "against each other; publish one of them"
                )


def _faults(table: OpenTable) -> list[str]:
    counts = {count.name for count in table.counts}
    named = [*table.dimensions, *(column.name for column in table.columns)]
    return [
        *(["no dimension or more than two"] if not 1 <= len(table.dimensions) <= MOST_DIMENSIONS else []),
        *(["not a monthly table: its name does not end in _monthly"] if not table.name.endswith("_monthly") else []),
        *([f"{table.source} is no source of open data"] if table.source in FORBIDDEN_SOURCES else []),
        *(f"{name} is a key, a day or a revision" for name in named if FORBIDDEN_COLUMN.search(name)),
        *(["no count: nothing says how many cases stand behind a row"] if not counts else []),
        *(f"{one.name} is twice there" for one in table.columns if [c.name for c in table.columns].count(one.name) > 1),
        *(
            f"{one.name} rests on {one.rests_on}, no count here"
            for one in table.statistics
            if one.rests_on not in counts
        ),
        *(
            f"{one.name}: kind {one.kind} is none of {', '.join(KINDS)}"
            for one in table.columns
            if one.kind not in KINDS
        ),
        *(
            f"{one.name} is a share along {one.measure}, no dimension here"
            for one in table.statistics
            if one.kind == "share" and one.measure not in table.dimensions
        ),
        *(f"{one.name} has nothing to round to" for one in table.statistics if one.round_to <= 0),
    ]


def _column(row: dict[str, str]) -> tuple[str, OpenColumn]:
    return row["table_name"], OpenColumn(
        name=row["column_name"],
        kind=row["kind"],
        measure=row["measure"],
        rests_on=row["rests_on"] or None,
        round_to=float(row["round_to"] or 0),
        description=row["description"],
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))
