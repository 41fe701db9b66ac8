"""The hash of a mart: what it must not see, and what it must."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration import content_hash

TYPES = {
    "VARCHAR": (pa.string(), st.text()),
    "BIGINT": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "BOOLEAN": (pa.bool_(), st.booleans()),
    "DATE": (pa.date32(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
    "DOUBLE": (pa.float64(), st.floats(allow_nan=False)),
    "DECIMAL(18,2)": (pa.decimal128(18, 2), st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)),
}
ROWS = st.lists(st.tuples(*(st.none() | values for _, values in TYPES.values())), max_size=12)

TABLE = """
    create table marts.t as
    select
        i as k, if(i % 7 = 0, null, 'text ' || i % 11) as words, if(i % 5 = 0, null, i % 3 = 0) as is_so,
        date '2025-01-01' + cast(i % 400 as integer) as day_on, if(i % 3 = 0, null, i / 4) as share,
        cast(i / 8 as decimal(18, 2)) as euro
    from range(50_000) as r (i)
"""


def in_memory(*statements: str, threads: int = 1) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": threads})
    for statement in ("create schema marts", *statements):
        connection.execute(statement)
    return connection


def hash_of(*statements: str, threads: int = 1) -> str:
    with in_memory(*statements, threads=threads) as connection:
        return content_hash.of(connection, "t")[1]


def values(rows: str, columns: str = "a, b") -> str:
    return hash_of(f"create table marts.t as from (values {rows}) as v ({columns})")


def of_table(table: pa.Table, cuts: Sequence[int]) -> tuple[int, str]:
    ends = sorted({0, *(min(cut, len(table)) for cut in cuts), len(table)})
    parts = [table.slice(begin, end - begin) for begin, end in pairwise(ends)]
    batches = [batch for part in parts for batch in part.to_batches()]
    return content_hash.of_batches(table.column_names, list(TYPES), batches)


@settings(max_examples=50, deadline=None)
@given(rows=ROWS, cuts=st.lists(st.integers(0, 12), max_size=4))
def test_where_batches_are_cut_does_not_show(rows: list[tuple], cuts: list[int]) -> None:
    columns = zip(*rows, strict=True) if rows else [()] * len(TYPES)
    arrays = [pa.array(list(cells), kind) for cells, (kind, _) in zip(columns, TYPES.values(), strict=True)]
    table = pa.table(arrays, names=[f"c{n}" for n in range(len(TYPES))])
    assert of_table(table, cuts) == of_table(table, [])


def test_neither_batches_nor_threads_show_in_what_duckdb_hands_over(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {hash_of(TABLE, threads=threads) for threads in (1, 2)}
    for rows in (2_048, 20_000, 1_000_000):
        monkeypatch.setattr(content_hash, "ROWS_AT_ONCE", rows)
        found.add(hash_of(TABLE, threads=2))
    assert len(found) == 1


@pytest.mark.parametrize("setting", ["produce_arrow_string_view", "arrow_large_buffer_size"])
def test_the_form_of_texts_does_not_show(setting: str) -> None:
    assert hash_of(f"set {setting} = true", TABLE) == hash_of(TABLE)


def test_the_bytes_below_a_null_do_not_show() -> None:
    offsets, content = pa.array([0, 2, 3], pa.int32()).buffers()[1], pa.py_buffer(b"xxy")
    dirty = pa.StringArray.from_buffers(2, offsets, content, pa.py_buffer(b"\x02"))
    assert dirty.to_pylist() == [None, "y"]
    found = [
        content_hash.of_batches(["a"], ["VARCHAR"], [pa.record_batch([cells], names=["a"])])
        for cells in (dirty, pa.array([None, "y"]))
    ]
    assert found[0] == found[1]


def test_the_order_of_columns_does_not_count() -> None:
    assert values("('x', 1)", "a, b") == hash_of("create table marts.t as select 1 as b, 'x' as a")


def test_the_hash_is_the_same_on_any_day_and_machine() -> None:
    """Written down, so that no version of a package changes it unseen: published hashes are compared over years."""
    row = "null, date '2025-01-01', 1.5, cast(2.25 as double), true, cast(7 as bigint), 'ë'"
    assert (
        values(f"({row})", "a, b, c, d, e, f, g") == "b247733dba95f791048c5fdf2cbb4e46508b57ccd3ea41e2a199e495f81f9980"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("('x', 1), ('y', 2)", "('x', 1), ('y', 3)"),
        ("('x', 1), ('y', 2)", "('x', 1)"),
        ("('x', 1), ('y', 2)", "('y', 2), ('x', 1)"),
        ("('x', 1), ('y', 2)", "('x', 2), ('y', 1)"),
        ("('x', 1), ('x', 0)", "('x', 1), ('x', null)"),
        ("('x', true), ('x', false)", "('x', true), ('x', null)"),
        ("('x', 1.5), ('x', 0.0)", "('x', 1.5), ('x', null)"),
        ("('x', date '2025-01-01'), ('x', date '1970-01-01')", "('x', date '2025-01-01'), ('x', null)"),
        ("('x', 1), ('', 1)", "('x', 1), (null, 1)"),
        ("('xy', 'z'), ('v', 'w')", "('x', 'yz'), ('v', 'w')"),
        ("('xy', 1), ('z', 1)", "('x', 1), ('yz', 1)"),
        ("('x', 'y')", "('y', 'x')"),
        ("('1', 1)", "(1, '1')"),
        ("('x', 1)", "('x', '1')"),
        ("('x', cast(1 as integer))", "('x', cast(1 as bigint))"),
        ("('x', cast(1 as decimal(18, 2)))", "('x', cast(1 as decimal(18, 4)))"),
        ("('x', cast(1 as decimal(18, 2)))", "('x', cast(100 as decimal(18, 0)))"),
    ],
)
def test_what_differs_has_another_hash(one: str, other: str) -> None:
    assert values(one) != values(other)


def test_a_column_of_another_name_gives_another_hash() -> None:
    assert values("('x', 1)", "a, b") != values("('x', 1)", "a, c")


def test_an_empty_table_has_a_hash_of_its_columns() -> None:
    empty = [f"create table marts.t ({columns})" for columns in ("a bigint", "a varchar", "b bigint")]
    assert len({hash_of(one) for one in empty}) == len(empty)
    assert in_memory(empty[0]).table("marts.t").shape == (0, 1)


def test_a_type_that_has_no_bytes_of_its_own_is_refused() -> None:
    with pytest.raises((ValueError, pa.ArrowException)):
        hash_of("create table marts.t as select [1, 2] as a")
