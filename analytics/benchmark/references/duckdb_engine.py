"""The figures by DuckDB alone, from tables in memory. Belongs here: running the statements (`duckdb_statements`)."""

from datetime import date
from pathlib import Path

import duckdb

from analytics.benchmark.references import duckdb_statements, timing

ORDER = {
    "application": "applied_on, case_no",
    "step": "case_no, realised_on, step_no",
    "decision": "case_no, decided_on, decision_no",
    "event": "case_no, happened_at",
}
"""The rows of each table by case and time, on which the statements rely; those of applications by time."""


def load(folder: Path) -> duckdb.DuckDBPyConnection:
    """The tables in memory, texts as ENUM of what occurs and unknown; the figures replace each other there."""
    connection = duckdb.connect(config={"threads": 2})
    for name, order in ORDER.items():
        file = f"'{folder / f'{name}.parquet'}'"
        columns = connection.execute(f"from {file} limit 0").description
        texts = [column[0] for column in columns if column[1] == "VARCHAR"]
        for text in texts:
            values = f"select {text} from {file} where {text} is not null union select 'unknown' order by 1"
            connection.execute(f"create type {text}_enum as enum ({values})")
        typed = ", ".join(f"{text}::{text}_enum as {text}" for text in texts)
        connection.execute(f"create table {name} as select * replace ({typed}) from {file} order by {order}")
    return connection


def lead_time(connection: duckdb.DuckDBPyConnection, _: date) -> duckdb.DuckDBPyConnection:
    return _computed(connection, duckdb_statements.lead_time())


def stock(connection: duckdb.DuckDBPyConnection, as_of_on: date) -> duckdb.DuckDBPyConnection:
    return _computed(connection, duckdb_statements.stock(as_of_on))


def throughput(connection: duckdb.DuckDBPyConnection, _: date) -> duckdb.DuckDBPyConnection:
    return _computed(connection, duckdb_statements.throughput())


def graph(connection: duckdb.DuckDBPyConnection, _: date) -> duckdb.DuckDBPyConnection:
    return _computed(connection, duckdb_statements.graph())


def _computed(connection: duckdb.DuckDBPyConnection, statement: str) -> duckdb.DuckDBPyConnection:
    return connection.execute(f"create or replace table figure as {statement}")


def write(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The figure that was computed last."""
    connection.execute(f"copy figure to '{file}' (format parquet)")


if __name__ == "__main__":
    figures = {"lead_time": lead_time, "stock": stock, "throughput": throughput, "graph": graph}
    timing.main(load, figures, write, "duckdb")
