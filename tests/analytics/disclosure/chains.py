"""Small true tables for the tests of disclosure control. Belongs here: making them. Not: what is expected of them."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import polars as pl

from analytics.disclosure.closed_list import ALL, OpenColumn, OpenTable

MONTH = date(2025, 1, 1)
A = date(2025, 1, 31)


def count(name: str = "cases", measure: str = "1") -> OpenColumn:
    return OpenColumn(name, "count", measure, None, 0, "cases")


def table(*dimensions: str, name: str = "cases_monthly", columns: tuple[OpenColumn, ...] = (count(),)) -> OpenTable:
    return OpenTable(name, "dim_case", "applied_on", "", dimensions, "Cases", columns)


def truth(
    of: OpenTable, cells: Mapping[tuple[str, ...], int], **statistics: Mapping[tuple[str, ...], float]
) -> pl.DataFrame:
    """What `cells.true_cells` gives for one month: the cells that are not 0 and all their totals.

    `statistics` holds the value of a figure by combination; of combinations that are not named it is absent.
    """
    counted: dict[tuple[str, ...], int] = {}
    for key, number in cells.items():
        for shape in product(*[(value, ALL) for value in key]):
            counted[shape] = counted.get(shape, 0) + number
    rows = [
        (MONTH, *key, number, *(values.get(key) for values in statistics.values()))
        for key, number in counted.items()
        if number
    ]
    schema = {"month_start": pl.Date, **dict.fromkeys(of.dimensions, pl.String), "cases": pl.Int64}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(statistics, pl.Float64), orient="row")


def by_name(rows: list[list[int]]) -> dict[tuple[str, ...], int]:
    """A table of counts as cells named a, b, ... and x, y, ..."""
    return {(chr(97 + i), "uvwxyz"[j]): number for i, row in enumerate(rows) for j, number in enumerate(row)}
