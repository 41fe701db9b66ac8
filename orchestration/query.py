"""`ketenzicht sql`: questions to the published database, and to nothing else.

Belongs here: a connection that can only read that file, and how a result is printed. Does not belong here: any query
of ours (`questions`).
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration import console
from orchestration.questions import questions, statement


@contextmanager
def published(chain: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, read-only, with schema marts as default and no access to files or settings."""
    with duckdb.connect(str(chain.resolve()), read_only=True) as connection:
        connection.execute("set search_path = 'marts'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def ask(connection: duckdb.DuckDBPyConnection, query: str, form: str) -> int:
    """Run one query, given as SQL or by its name, and print its result as `table`, `csv` or `json`.

    Returns the row count. Raises duckdb.Error, QuestionError.
    """
    try:
        sql = statement(query)
        _refuse_several(sql)
        result = connection.execute(sql)
    except duckdb.ParserException:
        if query.strip().isidentifier():
            raise duckdb.ParserException(f"no query is named {query}: see ketenzicht sql --list") from None
        raise
    if result is None:
        raise duckdb.ProgrammingError("no statement: give a query, such as `select * from dim_case limit 5`")
    names = [column[0] for column in result.description or []]
    rows = result.fetchall()
    show(names, rows, form)
    if form == "table":
        console.say(f"{len(rows)} rows")
    return len(rows)


def _refuse_several(sql: str) -> None:
    """DuckDB runs them all and answers with the last: what the others said would be lost. Raises duckdb.Error."""
    # a `pivot` comes with a statement of DuckDB's own, which has no text
    asked = [one for one in duckdb.extract_statements(sql) if one.query or one.type != duckdb.StatementType.CREATE]
    if len(asked) > 1:
        raise duckdb.ProgrammingError(f"{len(asked)} statements, divided by `;`: ask them one at a time")


def show_list(form: str) -> None:
    """Print the named queries; as JSON with everything that is said of them. Raises QuestionError."""
    if form == "json":
        console.as_json([one.described() for one in questions()])
    else:
        show(["name", "question"], [(one.name, one.title) for one in questions()], form)


def show(names: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Print rows as `table`, `csv` or `json`."""
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([names, *rows])
    elif form == "json":
        console.as_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        console.table("", [dict(zip(names, row, strict=True)) for row in rows])


def prompt(connection: duckdb.DuckDBPyConnection, form: str) -> None:
    """Ask for queries until an empty line or the end of input; an error is told and the prompt goes on."""
    console.say(
        "Tables: " + ", ".join(tables(connection)),
        "Queries: " + ", ".join(one.name for one in questions()),
        "An empty line ends.",
    )
    while True:
        try:
            query = input("ketenzicht> ").strip()
        except EOFError:
            return
        if not query:
            return
        try:
            ask(connection, query, form)
        except duckdb.Error as error:
            console.complain(str(error))


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The published tables, by name."""
    found = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts' order by 1")
    return [name for (name,) in found.fetchall()]
