"""The figures by DuckDB alone, from tables in memory. Belongs here: running the statements (`statements`)."""

from datetime import date
from pathlib import Path

import duckdb

from analytics.benchmark.references import statements, timing


def load(folder: Path) -> duckdb.DuckDBPyConnection:
    """The tables in memory; the figures replace each other there."""
    connection = duckdb.connect(config={"threads": 2})
    for name, file in {**statements.sources(folder), "event": folder / "event.parquet"}.items():
        connection.execute(f"create table {name} as from '{file}'")
    return connection


def lead_time(connection: duckdb.DuckDBPyConnection, _: date) -> duckdb.DuckDBPyConnection:
    return connection.execute(f"create or replace table figure as {statements.lead_time()}")


def stock(connection: duckdb.DuckDBPyConnection, as_of_on: date) -> duckdb.DuckDBPyConnection:
    statement = statements.stock(as_of_on, statements.DUCKDB_DAYS)
    return connection.execute(f"create or replace table figure as {statement}")


def throughput(connection: duckdb.DuckDBPyConnection, _: date) -> duckdb.DuckDBPyConnection:
    """Seconds from the first to the last event of each case."""
    return connection.execute(
        """create or replace table figure as
        select case_no, epoch(max(happened_at)) - epoch(min(happened_at)) as seconds from event group by case_no"""
    )


def graph(connection: duckdb.DuckDBPyConnection, _: date) -> duckdb.DuckDBPyConnection:
    """How often one activity directly follows another, and the mean seconds between them."""
    return connection.execute(
        """create or replace table figure as
        with followed as (
            select activity, lead(activity) over of_case as next_activity,
                epoch(lead(happened_at) over of_case) - epoch(happened_at) as seconds
            from event
            window of_case as (partition by case_no order by happened_at)
        )
        select activity, next_activity, count(*) as edge_count, sum(seconds) / count(*) as mean_seconds
        from followed where next_activity is not null group by activity, next_activity"""
    )


def write(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The figure that was computed last."""
    connection.execute(f"copy figure to '{file}' (format parquet)")


if __name__ == "__main__":
    figures = {"lead_time": lead_time, "stock": stock, "throughput": throughput, "graph": graph}
    timing.main(load, figures, write, "duckdb")
