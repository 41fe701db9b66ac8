"""Daily counts against counting period by period and day by day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from unittest.mock import patch

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import daily_counts
from analytics.daily_counts import DailyCounts

FIRST, LAST = date(2021, 2, 20), date(2021, 3, 20)
NAMES = pa.table({"name": ["a", "b", "c"]})
Period = tuple[int, int | None, int | None, int]
"""Combination, first day and first day no longer as days after FIRST, quantity."""

periods = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.one_of(st.none(), st.integers(-9, 40)),
        st.one_of(st.none(), st.integers(-9, 40)),
        st.integers(0, 3),
    ),
    max_size=25,
)


def on(offset: int | None) -> date | None:
    return None if offset is None else FIRST + timedelta(days=offset)


def counted(found: Sequence[Period], first: date | None = FIRST, last: date = LAST) -> list[tuple[object, ...]]:
    """The rows of these periods: how many, how many of them began, and how much."""
    with duckdb.connect() as connection:
        connection.execute("create table period (combination_no bigint, from_on date, until_on date, quantity bigint)")
        for number, begins, ends, quantity in found:
            connection.execute("insert into period values (?, ?, ?, ?)", [number, on(begins), on(ends), quantity])
        counts = DailyCounts(NAMES, first, last)
        counts.count(
            connection.table("period"),
            standing=("from_on", "until_on"),
            begun=("from_on", "from_on + 1"),
            quantity=("from_on", "until_on", "quantity"),
        )
        table = counts.rows(["standing", "begun"]).read_all()
    return [tuple(row.values()) for row in table.to_pylist()]


def by_hand(found: Sequence[Period]) -> list[tuple[object, ...]]:
    standing, begun, quantities = Counter[tuple[int, int]](), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for number, begins, ends, quantity in found:
        if begins is None:
            continue
        for day in range((LAST - FIRST).days + 1):
            begun[day, number] += day == begins
            standing[day, number] += begins <= day and (ends is None or day < ends)
            quantities[day, number] += quantity if begins <= day and (ends is None or day < ends) else 0
    cells = sorted(cell for cell in standing | begun if standing[cell] or begun[cell])
    return [(on(day), "abc"[no], standing[day, no], begun[day, no], quantities[day, no]) for day, no in cells]


@settings(max_examples=40, deadline=None)
@given(periods, st.sampled_from([1, 7, 1 << 20]))
def test_a_row_counts_who_stands_on_its_day_and_rows_lie_in_order(found: list[Period], cells: int) -> None:
    with patch.object(daily_counts, "BLOCK_CELLS", cells):
        assert counted(found) == by_hand(found)


def test_without_a_first_day_or_after_the_last_there_is_no_row() -> None:
    assert counted([(0, 0, 5, 1)], first=None) == []
    assert counted([(0, 0, 5, 1)], last=FIRST - timedelta(days=1)) == []


def test_what_holds_from_a_day_on_stands_in_each_row_from_that_day() -> None:
    prices = pa.table(
        {
            "from_on": [date(1, 1, 1)] * 3 + [date(2021, 2, 21)] * 3,
            "price": [None, 1, 2, 3, 4, 5],
        }
    )
    with duckdb.connect() as connection:
        counts = DailyCounts(NAMES, FIRST, LAST)
        period = connection.sql(f"select unnest([0, 2]) as combination_no, date '{FIRST}' as from_on")
        counts.count(period, standing=("from_on", "from_on + 2"))
        table = counts.rows(["standing"], prices).read_all()
    assert [(row["day"], row["name"], row["price"]) for row in table.to_pylist()] == [
        (FIRST, "a", None),
        (FIRST, "c", 2),
        (date(2021, 2, 21), "a", 3),
        (date(2021, 2, 21), "c", 5),
    ]
