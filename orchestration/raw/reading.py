"""Delivered files as rows of text, in the order of their lines: all files of one layout in one scan.

Belongs here: the scan as SQL, where its rows lie in their files, and the lines that could not be read. Does not belong
here: types and rules (`raw.judging`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from glob import escape

import duckdb

from contracts.base import Extract
from contracts.checks import identifier, literal
from orchestration.deliveries import Delivery
from orchestration.raw.files import LONGEST_LINE, CheckedFile, line_of_open_quote
from orchestration.raw.store import Store

MUTATION = "mutatie"
FILE = "_file"
"""Column of a scan: the place of a row's file among those that are scanned, from 1."""
UNDECODABLE = (duckdb.Error, duckdb.InvalidInputException)
"""What DuckDB raises for pages that it cannot decode; disk, memory and our own SQL have types of their own."""


@dataclass(frozen=True)
class Incoming:
    """A delivery whose files are to be read; `no` orders the deliveries of one partner by reference date and number."""

    no: int
    delivery: Delivery
    files: dict[str, CheckedFile]
    """By extract name; only extracts that have a contract."""

    @property
    def is_delta(self) -> bool:
        return self.delivery.manifest is not None and self.delivery.manifest.mode == "delta"

    @property
    def reference_on(self) -> date:
        assert self.delivery.name is not None
        return self.delivery.name.reference_on

    @property
    def sequence(self) -> int:
        assert self.delivery.name is not None
        return self.delivery.name.sequence


@dataclass(frozen=True)
class Layout:
    """What files must share to be read and judged by one statement, which matches their columns by name."""

    format: str
    delimiter: str
    header: tuple[str, ...]
    column_names: tuple[str, ...]
    column_types: tuple[str, ...]
    date_format: str
    decimal_char: str
    is_delta: bool


Files = list[tuple[Incoming, CheckedFile]]
"""The file of one extract in each of several deliveries."""


def files_of(extract: type[Extract], incoming: Iterable[Incoming]) -> Files:
    """The files of an extract among deliveries, in the order of these."""
    return [(batch, batch.files[extract.extract]) for batch in incoming if extract.extract in batch.files]


def by_layout(files: Files) -> dict[Layout, Files]:
    """Files that have rows, by what they share."""
    layouts: dict[Layout, Files] = defaultdict(list)
    for batch, file in files:
        if not file.data_lines:
            continue
        resource = file.resource
        is_parquet = resource.format == "parquet"
        layout = Layout(
            "parquet" if is_parquet else "csv",
            resource.dialect.delimiter if resource.format == "csv" else ",",
            file.header,
            file.column_names,
            file.column_types,
            resource.date_format,
            resource.dialect.decimal_char,
            batch.is_delta,
        )
        layouts[layout].append((batch, file))
    return layouts


def scan(extract: type[Extract], layout: Layout) -> str:
    """SQL of the rows of files: `_file`, and the text of every column of the contract and of `mutatie`.

    Rows come in the order of files and lines, as long as nothing joins them. An absent column is null. The paths are
    the parameter `paths`.
    """
    columns = [*extract.columns, MUTATION]
    absent = [f"cast(null as text) as {identifier(name)}" for name in columns if name not in layout.header]
    if layout.format == "parquet":
        # by place: a column of the file may be named as the engine's own `file_index`
        places = [f"_cell_{at}" for at in range(len(layout.header))]
        cells = [
            f"{_parquet_text(place, layout.column_types[at], layout)} as {identifier(name)}"
            for at, (place, name) in enumerate(zip(places, layout.header, strict=True))
            if name in columns
        ]
        source = f"read_parquet($paths) as delivered({', '.join(places)})"
    else:
        cells = [identifier(name) for name in layout.header if name in columns]
        # every cell is text: nothing is guessed, and no cell of a good line is lost
        names = {name if name in columns else f"_extra_{at}": "VARCHAR" for at, name in enumerate(layout.header)}
        source = f"""read_csv($paths, columns = {names!r}, auto_detect = false, header = true,
            delim = {literal(layout.delimiter)}, quote = '"', escape = '"', nullstr = '', strict_mode = true,
            max_line_size = {LONGEST_LINE}, store_rejects = true, rejects_limit = 0,
            rejects_table = 'intake_reject', rejects_scan = 'intake_reject_scan')"""
    return f"(select cast(file_index as bigint) + 1 as {FILE}, {', '.join([*cells, *absent])} from {source})"


def run_scan(store: Store, files: Files, sql: str, **parameters: object) -> None:
    """Run one statement that reads a scan of files, then `note_skipped` or `drop_rejects`."""
    # a name is a name here, whatever it holds: no pattern
    store.run(sql, {"paths": [escape(str(file.readable)) for _, file in files], **parameters})


def note_skipped(store: Store, layout: Layout) -> None:
    """`intake.skipped`: the lines that a scan could not read: too few, too many or badly quoted cells."""
    if layout.format != "csv":
        return
    store.run(
        """insert into intake.skipped
        select any_value(scan.file_path), line, first(csv_line order by reject.column_idx)
        from intake_reject as reject
        inner join intake_reject_scan as scan using (scan_id, file_id)
        group by scan.scan_id, scan.file_id, line"""
    )
    drop_rejects(store, layout)


def drop_rejects(store: Store, layout: Layout) -> None:
    """Forget what a scan could not read."""
    if layout.format == "csv":
        store.run("drop table intake_reject")
        store.run("drop table intake_reject_scan")


def unreadable(read: Callable[[Files], None], files: Files) -> dict[int, str]:
    """Read files together; when one of them cannot be read, each by itself. Returns, by delivery, why one cannot."""
    try:
        read(files)
    except duckdb.Error as error:
        if type(error) not in UNDECODABLE:
            raise
        if len(files) > 1:
            return {no: reason for one in files for no, reason in unreadable(read, [one]).items()}
        [(batch, file)] = files
        damaged = f"{file.resource.path}: damaged, though its size and hash are the manifest's: deliver it again"
        return {batch.no: damaged}
    return {}


def _parquet_text(column: str, column_type: str, layout: Layout) -> str:
    """Typed columns become the text that a CSV of the same manifest would hold, so that they are judged alike."""
    if column_type.startswith("timestamp") and "tz=" in column_type:
        # a moment is a day only somewhere: where the partners are, not where this machine is
        return f"strftime({column} at time zone 'Europe/Amsterdam', '{layout.date_format}')"
    if column_type.startswith(("date", "timestamp")):
        return f"strftime({column}, '{layout.date_format}')"
    if column_type in {"float", "double", "halffloat"}:
        whole = f"if({column} = trunc({column}), try_cast({column} as bigint), null)"
        text = f"coalesce(cast({whole} as text), cast({column} as text))"
        return f"replace({text}, '.', '{layout.decimal_char}')"
    if column_type.startswith("decimal"):
        return f"replace(cast({column} as text), '.', '{layout.decimal_char}')"
    if column_type == "bool":
        return f"case {column} when true then 'J' when false then 'N' end"
    return f"cast({column} as text)"


def describe_files(store: Store, extract: type[Extract], files: Files, rows: str) -> None:
    """`intake.file`: one row a file, with the number of its rows and the rowid of the first in the table `rows`.

    `intake.skipped` gets the blank lines.
    """
    described = [
        {
            "no": batch.no,
            "path": str(file.readable),
            "file": file.resource.path,
            "data_lines": file.data_lines,
            "promised_rows": file.resource.rows,
            "extract": extract.extract,
        }
        for batch, file in files
    ]
    store.append("intake.file", described)
    store.append(
        "intake.skipped", [{"path": str(file.readable), "line": line} for _, file in files for line in file.blank_lines]
    )
    store.run(
        f"""update intake.file as file set first_row = found.first_row, rows = found.rows
        from (select _no, min(rowid) as first_row, count(*) as rows from {rows} group by _no) as found
        where file.extract = '{extract.extract}' and file.no = found._no and file.rows is null"""
    )


def lines_that_do_not_add_up(store: Store, extract: type[Extract], files: Files) -> dict[int, str]:
    """Physical lines = rows + unreadable lines, else a quote has swallowed good lines, and the delivery is refused."""
    differing = store.rows(
        f"""select file.no, file.file, file.data_lines, coalesce(file.rows, 0) as loaded,
            count(skipped.line) as unreadable
        from intake.file as file
        left join intake.skipped as skipped on file.path = skipped.path and skipped.content is not null
        where file.extract = '{extract.extract}'
        group by all
        having file.data_lines <> loaded + unreadable"""
    )
    by_no = {batch.no: file for batch, file in files}
    refused = {}
    for no, name, lines, rows, skipped in differing:
        if no not in by_no:
            # refused in an earlier round of this intake
            continue
        line = line_of_open_quote(by_no[no])
        refused[no] = (
            f"{name}: {f'line {line}: ' if line else ''}a quote is not closed, or a cell holds a line break "
            f"({lines} lines, but {rows} rows and {skipped} unreadable lines): deliver it again"
        )
    return refused
