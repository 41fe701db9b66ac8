"""Delivered files as tables of text: every file of an extract in as few statements as there are layouts.

Belongs here: from checked files to `intake.<extract>__text`, with the file line of every row, and the lines that could
not be read. Does not belong here: types and rules (`raw.judging`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import duckdb

from contracts.base import Extract
from contracts.checks import identifier
from orchestration.deliveries import Delivery
from orchestration.raw.files import LONGEST_LINE, CheckedFile, line_of_open_quote
from orchestration.raw.store import Store

MUTATION = "mutatie"
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


def text_table(extract: type[Extract]) -> str:
    """Where the text of an extract's files stands during an intake."""
    return f"intake.{extract.partner}__{extract.extract}__text"


def create_text_table(store: Store, extract: type[Extract]) -> None:
    """An empty text table: the path of the file, the columns of the contract, `mutatie`."""
    columns = ", ".join(f"{identifier(name)} text" for name in [*extract.columns, MUTATION])
    store.run(f"create table {text_table(extract)} (_path text, {columns})")


def read_text(store: Store, extract: type[Extract], incoming: Sequence[Incoming]) -> dict[int, str]:
    """Load the files of an extract as text into its text table, and describe them in `intake.file`.

    `intake.file` gets one row a file, with `first_row`, the rowid of its first row in the text table. `intake.skipped`
    gets one row a physical line that is no row: blank, or unreadable (then with its text). Returns, by number of the
    delivery, why it must be refused.
    """
    table, columns = text_table(extract), [*extract.columns, MUTATION]
    mine = [(batch, batch.files[extract.extract]) for batch in incoming if extract.extract in batch.files]
    damaged: set[str] = set()
    for layout, paths in _by_layout(mine).items():
        read = _read_parquet if layout.format == "parquet" else _read_csv
        damaged |= _unreadable(partial(read, store, table, layout, columns), paths)
    _describe_files(store, extract, mine)
    return _lines_that_do_not_add_up(store, extract, mine) | {
        batch.no: f"{file.resource.path}: damaged, though its size and hash are the manifest's: deliver it again"
        for batch, file in mine
        if str(file.readable) in damaged
    }


def _unreadable(read: Callable[[list[str]], None], paths: list[str]) -> set[str]:
    """Read files together; when one of them cannot be read, each by itself. Returns those that cannot."""
    try:
        read(paths)
    except duckdb.Error as error:
        if type(error) not in UNDECODABLE:
            raise
        if len(paths) == 1:
            return set(paths)
        return {path for one in paths for path in _unreadable(read, [one])}
    return set()


@dataclass(frozen=True)
class Layout:
    """What files must share to be read by one statement."""

    format: str
    delimiter: str
    header: tuple[str, ...]
    column_names: tuple[str, ...]
    column_types: tuple[str, ...]
    date_format: str
    decimal_char: str


def _by_layout(files: Iterable[tuple[Incoming, CheckedFile]]) -> dict[Layout, list[str]]:
    layouts: dict[Layout, list[str]] = defaultdict(list)
    for _, file in files:
        if not file.data_lines:
            continue
        resource = file.resource
        is_text = resource.format == "csv"
        layout = Layout(
            "parquet" if resource.format == "parquet" else "csv",
            resource.dialect.delimiter if is_text else ",",
            file.header,
            file.column_names,
            file.column_types,
            resource.date_format if resource.format == "parquet" else "",
            resource.dialect.decimal_char if resource.format == "parquet" else "",
        )
        layouts[layout].append(str(file.readable))
    return layouts


def _read_csv(store: Store, table: str, layout: Layout, columns: list[str], paths: list[str]) -> None:
    """One scan of all files of a layout; a line with too few, too many or badly quoted cells goes to the rejects."""
    known = [name for name in layout.header if name in columns]
    # every cell is text: nothing is guessed, and no cell of a good line is lost
    names = {name if name in columns else f"_extra_{at}": "VARCHAR" for at, name in enumerate(layout.header)}
    store.run(
        f"""insert into {table} by name
        select _path, {", ".join(identifier(name) for name in known)}
        from read_csv($paths, columns = {names!r}, auto_detect = false, header = true, delim = $delimiter,
            quote = '"', escape = '"', nullstr = '', filename = '_path', strict_mode = true,
            max_line_size = {LONGEST_LINE}, store_rejects = true, rejects_limit = 0,
            rejects_table = 'intake_reject', rejects_scan = 'intake_reject_scan')""",
        {"paths": paths, "delimiter": layout.delimiter},
    )
    store.run(
        """insert into intake.skipped
        select any_value(scan.file_path), line, first(csv_line order by reject.column_idx)
        from intake_reject as reject
        inner join intake_reject_scan as scan using (scan_id, file_id)
        group by scan.scan_id, scan.file_id, line"""
    )
    store.run("drop table intake_reject")
    store.run("drop table intake_reject_scan")


def _read_parquet(store: Store, table: str, layout: Layout, columns: list[str], paths: list[str]) -> None:
    """Typed columns become the text that a CSV of the same manifest would hold, so that they are judged alike."""
    cells = [
        f"{_parquet_text(layout.column_names[at], layout.column_types[at], layout)} as {identifier(name)}"
        for at, name in enumerate(layout.header)
        if name in columns
    ]
    store.run(
        f"""insert into {table} by name
        select filename as _path, {", ".join(cells)} from read_parquet($paths, filename = true)""",
        {"paths": paths},
    )


def _parquet_text(name: str, column_type: str, layout: Layout) -> str:
    column = identifier(name)
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


def _describe_files(store: Store, extract: type[Extract], mine: Sequence[tuple[Incoming, CheckedFile]]) -> None:
    described = [
        {
            "no": batch.no,
            "path": str(file.readable),
            "file": file.resource.path,
            "data_lines": file.data_lines,
            "promised_rows": file.resource.rows,
            "date_format": file.resource.date_format,
            "decimal_char": file.resource.dialect.decimal_char,
            "extract": extract.extract,
        }
        for batch, file in mine
    ]
    store.append("intake.file", described)
    store.append(
        "intake.skipped", [{"path": str(file.readable), "line": line} for _, file in mine for line in file.blank_lines]
    )
    store.run(
        f"""update intake.file as file set first_row = found.first_row, rows = found.rows
        from (select _path, min(rowid) as first_row, count(*) as rows from {text_table(extract)} group by all) as found
        where file.path = found._path and file.rows is null"""
    )


def _lines_that_do_not_add_up(
    store: Store, extract: type[Extract], mine: Sequence[tuple[Incoming, CheckedFile]]
) -> dict[int, str]:
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
    files = {batch.no: file for batch, file in mine}
    refused = {}
    for no, name, lines, rows, unreadable in differing:
        if no not in files:
            # refused in an earlier round of this intake
            continue
        line = line_of_open_quote(files[no])
        refused[no] = (
            f"{name}: {f'line {line}: ' if line else ''}a quote is not closed, or a cell holds a line break "
            f"({lines} lines, but {rows} rows and {unreadable} unreadable lines): deliver it again"
        )
    return refused
