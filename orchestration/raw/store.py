"""The private working database: opening it, its format, and the tables of schema raw that are not an extract.

Belongs here: the connection and the layout. Does not belong here: what is written into it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from contracts import versions
from contracts.base import Extract
from contracts.cells import cast_sql, codes
from contracts.checks import literal
from contracts.compile import row_rules
from orchestration import database
from orchestration.durable import reached
from orchestration.settings import Settings

FORMAT = 4
"""Raise when the layout of schema raw changes: a database of another format is rebuilt from the deliveries."""

WAYS_OF_WRITING = (("%Y-%m-%d", "."), ("%d-%m-%Y", ","))
"""Dates and decimals of files: enough to tell whether cells have come to be read otherwise."""

LOG_BEFORE_CHECKPOINT = "256MB"
"""An intake commits some ten times what is smaller than a row group and so goes by the log. A checkpoint writes the
tables that it finds half full anew: at DuckDB's 16 MB after most extracts, at this size at the end."""

WITHOUT_COMPRESSION = "fsst"
"""Texts of history are codes and numbers that repeat, which a dictionary holds: trying the other way as well costs a
sixth of writing them, and the database is no larger."""

OPEN = "date '9999-12-31'"
"""End of a period that has not ended."""

BOOKKEEPING = {
    "_reference_on": "date",
    "_sequence": "integer",
    "_line": "integer",
    "_ok": "boolean",
    "_word_from": "date",
    "_word_to": "date",
    "_valid_from": "date",
    "_valid_to": "date",
}

LAYOUT = {
    "raw.format": "format text",
    "raw.delivery": """partner text, name text, reference_on date, sequence integer, state text, reason text, mode text,
        base_name text, contract_version text, content_id text, stat_id text, is_drop boolean""",
    "raw.delivery_file": """partner text, reference_on date, sequence integer, extract text, file text, sha256 text,
        bytes bigint""",
    "raw.delivery_count": """partner text, reference_on date, sequence integer, extract text, rule text,
        row_count bigint""",
    "raw.quarantine": """partner text, reference_on date, sequence integer, extract text, file text, line integer,
        rules text[], key text[], raw_values text, contract_version text, first_seen_on date, resolved_on date,
        resolved_by text, ended_on date""",
    "raw.forgotten": "number_hash text",
    "raw.forgotten_link": "partner text, reference_on date, since text, leads_to text",
    "raw.pseudonym": "kind text, identifier text, pseudonym uuid",
    "raw.as_of": "as_of_on date",
    "raw.last_build": """partner text, known_to date, as_of_on date, delivered_to date, deliveries text,
        is_whole boolean""",
    "raw.setting": "name text, value text",
    "raw.easter": "year integer, easter_on date",
}


class Store:
    """A connection that knows how many statements it was asked to run."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.statements = 0

    def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement; bind data as parameters, never into the text."""
        self.statements += 1
        found = self.connection.execute(sql, parameters)
        # outside a transaction, each statement that writes is a commit
        reached("raw.statement")
        return found

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and fetch it all."""
        return self.run(sql, parameters).fetchall()

    def append(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to a table by column name, in one statement however many they are."""
        if rows:
            self.connection.register("appended", pa.Table.from_pylist([dict(row) for row in rows]))
            self.run(f"insert into {table} by name select * from appended")
            self.connection.unregister("appended")

    @contextmanager
    def transaction(self, point: str) -> Iterator[None]:
        """All of it, or nothing; `point` names its crash points, on both sides of the commit."""
        self.run("begin transaction")
        try:
            yield
        except BaseException:
            self.run("rollback")
            raise
        reached(f"{point}.committing")
        self.run("commit")
        reached(f"{point}.committed")


def expected_format(basis: str, extracts: Iterable[type[Extract]]) -> str:
    """What the database must have been built with: layout, extracts, engine, and `basis` (limits that judge rows).

    Of an extract counts what it makes of a row, compiled: neither its wording nor another stage's contract.
    """
    promises = [_promise(extract) for extract in sorted(extracts, key=lambda extract: extract.table)]
    digest = hashlib.sha256(repr((basis, duckdb.__version__, promises)).encode())
    return f"{FORMAT}-{digest.hexdigest()[:16]}"


def _promise(extract: type[Extract]) -> tuple[object, ...]:
    """All that reading, judging and keeping take from a contract."""
    return (
        (extract.table, extract.key, versions.accepted(extract.partner)),
        [(info.name, stored_type(extract, info.name), info.nullable) for info in extract.columns.values()],
        [cast_sql(extract, name, "cell", *written) for name in extract.columns for written in WAYS_OF_WRITING],
        row_rules(extract),
        (extract.references, extract.parent_comparisons, extract.overlaps),
    )


def open_store(settings: Settings) -> Store:
    """Open or create the working database."""
    settings.paths.work.mkdir(mode=0o700, parents=True, exist_ok=True)
    reached("database.folder")
    writing: database.Config = {
        "preserve_insertion_order": True,
        "checkpoint_threshold": LOG_BEFORE_CHECKPOINT,
        "disabled_compression_methods": WITHOUT_COMPRESSION,
    }
    connection = database.connect(settings, config=writing)
    reached("database.opened")
    return Store(connection)


def found_format(store: Store) -> str | None:
    """The format that the database says it has; None when it is new."""
    if not database.has_table(store.connection, "raw.format"):
        return None
    found = store.rows("select format from raw.format")
    return found[0][0] if found else None


def create_layout(store: Store, extracts: Sequence[type[Extract]], built_as: str) -> None:
    """Create schema raw: the tables above, and one history table an extract."""
    store.run("create schema if not exists raw")
    for table, columns in LAYOUT.items():
        store.run(f"create table if not exists {table} ({columns})")
    for extract in extracts:
        store.run(f"create table if not exists {extract.table} ({history_columns(extract)})")
    store.run("insert into raw.format select ? where not exists (from raw.format)", [built_as])
    reached("database.layout")


def history_columns(extract: type[Extract]) -> str:
    """Column definitions of the history of an extract."""
    columns = {**{name: stored_type(extract, name) for name in extract.columns}, **BOOKKEEPING}
    return ", ".join(f'"{name}" {sql_type}' for name, sql_type in columns.items())


def stored_type(extract: type[Extract], column: str) -> str:
    """The SQL type of a column in history: a code is an ENUM, which is written in a third of the time of a text.

    In a key it stays a text: a row with a code that no list has is bad, but has its key.
    """
    info = extract.columns[column]
    allowed = codes(extract, column)
    if info.type != "VARCHAR" or not allowed or column in extract.key:
        return info.type
    return f"enum({', '.join(map(literal, allowed))})"
