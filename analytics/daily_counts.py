"""How many stand in each combination of dimensions on each day, out of the periods in which they stand.

Belongs here: the running sums of the daily marts, in numpy, and their rows in order of day and combination. Does not
belong here: which periods there are, and what a mart makes of its counts (the models in Python).

Why not in SQL: docs/decisions/0010.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Counts = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]

EPOCH = date(1970, 1, 1)
BATCH_ROWS = 1 << 18
"""Periods read at once."""
BLOCK_CELLS = 1 << 20
"""Cells, each a day and combination, whose counts are told at once."""


class DailyCounts:
    """Counts by measure, for each day from the first to the last and each numbered combination of dimensions.

    Memory goes by days x combinations in which anything begins or ends, not by periods: a matrix of changes a measure.
    """

    def __init__(self, combinations: pa.Table, first: date | None, last: date) -> None:
        """`combinations`: what names them, in order of their numbers 0, 1, ...; `first`: None for no day at all."""
        self._names = combinations.combine_chunks()
        self._first = first or date.max
        self._days = max((last - self._first).days + 1, 0)
        self._changes: dict[str, Counts] = {}

    def count(self, periods: duckdb.DuckDBPyRelation, **measures: tuple[str, ...]) -> None:
        """Count each row in its `combination_no`, for each measure on every day of one period.

        A measure is two expressions, the first day and the first day no longer, and where it does not count 1 a third,
        the quantity. Null, or an end not after the begin, is no period; what began earlier counts from the first day.
        """
        columns = ["combination_no::bigint"]
        for measure, (begins, ends, *quantity) in measures.items():
            # zeros that are never written take no memory: one old case does not cost all the years since
            self._changes.setdefault(measure, np.zeros((self._days + 1, len(self._names)), dtype=np.int32))
            columns += [f"coalesce({day}, date '{date.max}') - date '{self._first}'" for day in (begins, ends)]
            columns += [f"({one})::integer" for one in quantity]
        numbered = [f"{column} as column_{no}" for no, column in enumerate(columns)]
        for batch in periods.project(", ".join(numbered)).to_arrow_reader(BATCH_ROWS):
            combination, *read = (column.to_numpy() for column in batch.columns)
            for measure, given in measures.items():
                found, read = read[: len(given)], read[len(given) :]
                self._add(self._changes[measure].reshape(-1), combination, *found)

    def _add(
        self, changes: Counts, combination: Days, begins: Days, ends: Days, quantity: Counts | None = None
    ) -> None:
        """Up where a period begins, down where it ends; what outlasts the last day ends on the day after it."""
        begins, ends = np.maximum(begins, 0), np.minimum(ends, self._days)
        is_counted = begins < ends
        if quantity is not None:
            is_counted &= quantity != 0
        combination = combination[is_counted]
        by = np.ones(len(combination), dtype=np.int32) if quantity is None else quantity[is_counted]
        np.add.at(changes, begins[is_counted] * len(self._names) + combination, by)
        np.subtract.at(changes, ends[is_counted] * len(self._names) + combination, by)

    def rows(self, shown: Sequence[str], dated: pa.Table | None = None) -> pa.RecordBatchReader:
        """One row a day and combination where a measure of `shown` is not 0, in order of day and combination.

        Columns: day, what names the combination, each measure. `dated` adds columns of what holds from a day on: its
        rows are each `from_on`, none after the first day but one, times each combination, in this order.
        """
        dated = pa.table({"from_on": pa.array([], type=pa.date32())}) if dated is None else dated
        told = [*self._names.schema, *dated.drop_columns("from_on").schema]
        schema = pa.schema(
            [
                ("day", pa.date32()),
                *((field.name, pa.dictionary(pa.int32(), field.type)) for field in told),
                *((measure, pa.int64()) for measure in self._changes),
            ]
        )
        return pa.RecordBatchReader.from_batches(schema, self._batches(shown, dated, schema))

    def _batches(self, shown: Sequence[str], dated: pa.Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        combinations = np.int32(len(self._names))
        first = (self._first - EPOCH).days
        begins = np.unique(dated["from_on"].to_numpy().astype("datetime64[D]").astype(np.int32))
        for start, counts in self._blocks():
            at = np.flatnonzero(np.logical_or.reduce([counts[measure] for measure in shown]))
            day, number = np.divmod(at.astype(np.int32), combinations)
            day += np.int32(first + start)
            period = np.searchsorted(begins, day, side="right").astype(np.int32) - np.int32(1)
            # a name stands once in memory, rows hold its number
            named = [
                *(_numbered(number, names) for names in self._names.columns),
                *(_numbered(period * combinations + number, held) for held in dated.drop_columns("from_on").columns),
            ]
            measured = [pa.array(count[at], type=pa.int64()) for count in counts.values()]
            yield pa.record_batch([pa.array(day, type=pa.date32()), *named, *measured], schema=schema)

    def _blocks(self) -> Iterator[tuple[int, Mapping[str, Counts]]]:
        """For some days at once, the first of them and the counts of their cells."""
        if not len(self._names):
            return
        before = dict.fromkeys(self._changes, np.zeros(len(self._names), dtype=np.int32))
        length = BLOCK_CELLS // len(self._names) + 1
        for start in range(0, self._days, length):
            counts = {}
            for measure, changes in self._changes.items():
                block = changes[start : min(start + length, self._days)].copy()
                block[0] += before[measure]
                before[measure] = np.cumsum(block, axis=0, out=block)[-1].copy()
                counts[measure] = block.reshape(-1)
            yield start, counts


def _numbered(numbers: Counts, column: pa.ChunkedArray) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(numbers), column.combine_chunks(), safe=False)
