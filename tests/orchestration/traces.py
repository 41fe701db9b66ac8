"""Everything that a home says anywhere, unpacked: what the tests of leaks and of forgetting search.

Belongs here: reading files of any kind as text. Does not belong here: what must not be found.
"""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet

WORDS = re.compile(rb"[0-9A-Z-]{7,}")
SHAPES = re.compile(
    r"(?=([0-9]{10}|Z[0-9]{9}|C[0-9]{8}|[0-9][A-Z]{2}[0-9]{4}|[GF][0-9]+-[0-9]+|LAW-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}))"
)
"""What a number, family, lawyer or birth date looks like, also inside a longer word."""


def named(content: bytes) -> set[str]:
    """Everything in a text, or in the bytes of any file, that looks like an identifier or a day."""
    words = b"\n".join(set(WORDS.findall(content)))
    return set(SHAPES.findall(words.decode("latin-1")))


def files(home: Path, *but: Path) -> list[Path]:
    """Every file of a home, but those below, or beginning as, the given paths."""
    return [
        path
        for path in sorted(home.rglob("*"))
        if path.is_file() and not any(path.is_relative_to(one) or str(path).startswith(str(one)) for one in but)
    ]


def said_in(file: Path) -> set[str]:
    """What the bytes of a file name, and what its tables do when it is a database or Parquet: those are compressed."""
    found = named(file.read_bytes())
    for text in _tables(file):
        found |= named(text.encode())
    return found


def _tables(file: Path) -> Iterator[str]:
    if file.suffix == ".duckdb":
        with duckdb.connect(str(file), read_only=True) as connection:
            for database, schema, table, column in connection.execute(
                "select database_name, schema_name, table_name, column_name from duckdb_columns() where not internal"
            ).fetchall():
                rows = connection.execute(
                    f'select distinct cast("{column}" as text) from "{database}"."{schema}"."{table}"'
                ).fetchall()
                yield "\n".join(str(value) for (value,) in rows)
    elif file.suffix == ".parquet":
        for column in pyarrow.parquet.read_table(file).columns:
            yield "\n".join(str(value) for value in set(column.to_pylist()))
    elif file.read_bytes()[:15] == b"SQLite format 3":
        with sqlite3.connect(file) as connection:
            for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
                for row in connection.execute(f'select * from "{table}"'):
                    yield "\n".join(str(value) for value in row)


def published_days(chain: Path) -> set[date]:
    """Every day in a column of days of a published database."""
    with duckdb.connect(str(chain), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where data_type = 'DATE' and not internal"
        ).fetchall()
        return {
            day
            for schema, table, column in columns
            for (day,) in connection.execute(f'select distinct "{column}" from {schema}."{table}"').fetchall()
        }
