"""The hash that a publication states of each mart: equal tables have equal hashes, whatever made, stored or read them.

Belongs here: what is hashed of a table, and how. Does not belong here: which tables there are and where their hashes
are kept (`metadata`). Why by columns: docs/decisions/0011-content-hash-by-columns.md.
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

ROWS_AT_ONCE = 65_536
"""Read and hashed at once: some 30 MB of the widest mart. No hash depends on it."""


def of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    """Row count and hash of a mart, whose rows lie in the order of its key."""
    found = connection.table(f"marts.{table}")
    return of_batches(found.columns, [str(one) for one in found.types], found.to_arrow_reader(ROWS_AT_ONCE))


def of_batches(names: Sequence[str], types: Sequence[str], batches: Iterable[pa.RecordBatch]) -> tuple[int, str]:
    """Number of rows, and SHA-256 over it and every column's name, type and cells, in the order of the names.

    A column is hashed as two streams that run on from batch to batch (`_streams`): where one ends leaves no trace.
    """
    hashes = [(sha256(), sha256()) for _ in names]
    count = 0
    for batch in batches:
        count += len(batch)
        for pair, cells in zip(hashes, batch.columns, strict=True):
            for one, stream in zip(pair, _streams(cells), strict=True):
                one.update(stream)
    columns = [
        (name, kind, first.hexdigest(), second.hexdigest())
        for name, kind, (first, second) in zip(names, types, hashes, strict=True)
    ]
    return count, sha256(json.dumps([count, sorted(columns)]).encode()).hexdigest()


def _streams(cells: pa.Array) -> tuple[pa.Buffer, pa.Buffer]:
    """Of texts the lengths, -1 for null, and their bytes; of other cells whether they are filled, and their values."""
    cells = cells.cast(_one_form(cells.type))
    if not pa.types.is_large_binary(cells.type):
        return _values(cells.is_valid().cast(pa.uint8())), _values(cells.fill_null(0))
    lengths = pc.binary_length(cells).fill_null(-1)
    # A null may lie on bytes that mean nothing.
    texts = cells.fill_null(b"")
    _, offsets, content = texts.buffers()
    ends = memoryview(offsets).cast("q") if len(texts) else [0]
    begin, end = ends[texts.offset], ends[texts.offset + len(texts)]
    return _values(lengths), content.slice(begin, end - begin) if content else pa.py_buffer(b"")


def _one_form(kind: pa.DataType) -> pa.DataType:
    """DuckDB may hand over the same type in several forms, by version and setting; values take whole bytes."""
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.large_binary()
    if pa.types.is_boolean(kind):
        return pa.uint8()
    return pa.decimal128(kind.precision, kind.scale) if pa.types.is_decimal(kind) else kind


def _values(cells: pa.Array) -> pa.Buffer:
    """The bytes of an array's own values; it may be a part of a longer one. Raises ValueError for nested types."""
    width = cells.type.bit_width // 8
    values = cells.buffers()[1]
    return values.slice(cells.offset * width, len(cells) * width) if values else pa.py_buffer(b"")
