"""True figures of an open table, straight from the marts: the cells, and totals computed from the same rows.

Belongs here: SQL. Does not belong here: what of it may be seen (`tables`).
"""

from datetime import date

import duckdb
import polars as pl

from analytics.disclosure.closed_list import ALL, OpenColumn, OpenTable

QUANTILES = {"quantile_50": 0.5, "quantile_90": 0.9}


def true_cells(connection: duckdb.DuckDBPyConnection, table: OpenTable, as_of: date) -> pl.DataFrame:
    """One row a month and combination that has any row in the source, `all` rows included.

    Columns: `month_start`, the dimensions, and each figure but the shares, exact. Months after the as-of date are
    not there; the month of the as-of date counts up to it.
    """
    measured = [column for column in table.columns if column.kind != "share"]
    dimensions = ", ".join(
        f"coalesce(cast({name} as varchar), 'unknown') as dimension_{number}"
        for number, name in enumerate(table.dimensions, 1)
    )
    names = [f"dimension_{number}" for number in range(1, len(table.dimensions) + 1)]
    named = ", ".join(
        f"case grouping({own}) when 1 then '{ALL}' else {own} end as {name}"
        for own, name in zip(names, table.dimensions, strict=True)
    )
    return connection.execute(
        f"""
        with figures as (
            select
                cast(date_trunc('month', {table.month_on}) as date) as month_start,
                {dimensions},
                {", ".join(f"{column.measure} as measure_{column.name}" for column in measured)}
            from marts.{table.source}
            cross join (select cast(? as date) as as_of_on)
            where {table.month_on} <= as_of_on and {table.condition or "true"}
        )

        select
            month_start,
            {named},
            {", ".join(_aggregate(column) for column in measured)}
        from figures
        group by month_start, cube ({", ".join(names)})
        order by all
        """,
        [as_of],
    ).pl()


def _aggregate(column: OpenColumn) -> str:
    """Integers and decimals add up in any order; nothing here sums a double."""
    measure = f"measure_{column.name}"
    expression = {
        "count": f"cast(sum({measure}) as bigint)",
        "sum": f"sum({measure})",
        "mean": f"cast(sum({measure}) as bigint) / nullif(cast(sum(measure_{column.rests_on}) as bigint), 0)",
    }.get(column.kind)
    if expression is None:
        expression = f"quantile_cont({measure}, {QUANTILES[column.kind]})"
    return f"cast({expression} as {'bigint' if column.kind == 'count' else 'double'}) as {column.name}"
