"""One delivered file, before any row is read: does it keep the manifest's promise, and can it be read at all?

Belongs here: size, hash, encoding, lines, header; making a plain UTF-8 copy where the engine needs one. Does not belong
here: what the cells mean (`raw.judging`).
"""

import codecs
import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from orchestration.durable import reached
from orchestration.manifest import Resource
from orchestration.raw.xlsx import WorkbookError, sheet_as_csv

CHUNK = 4 * 1024 * 1024
BinaryStream = IO[bytes] | gzip.GzipFile | io.BufferedReader
EMPTY_LINE = re.compile(rb"\n\r?\n")
LONGEST_LINE = 1_000_000
"""Bytes of a line of text; no extract has a column of free text."""


class UnusableFileError(ValueError):
    """A file that refuses its delivery; the message names the file and what to do."""


@dataclass(frozen=True)
class CheckedFile:
    """A file that is as promised and readable; lines count from 1, the header is line 1."""

    resource: Resource
    readable: Path
    """The file itself, or its plain UTF-8 copy."""
    header: tuple[str, ...]
    data_lines: int
    blank_lines: tuple[int, ...] = ()
    column_names: tuple[str, ...] = ()
    """Parquet only: the columns as the file writes them."""
    column_types: tuple[str, ...] = ()
    """Parquet only: the type of each column, as Arrow names it."""


def check(folder: Path, resource: Resource, scratch: Path) -> CheckedFile:
    """Hold a file against its resource; copies go below `scratch`.

    Raises:
        UnusableFileError: absent, outside the folder, wrong size, hash or encoding, no header, unreadable.
    """
    file = folder / resource.path
    if file.is_symlink() or file.resolve().parent != folder.resolve():
        raise UnusableFileError(f"{resource.path}: leads out of the folder of the delivery")
    if not file.is_file():
        raise UnusableFileError(f"{resource.path}: named in the manifest, but not there: deliver it as well")
    if (size := file.stat().st_size) != resource.bytes:
        raise UnusableFileError(f"{resource.path}: {size} bytes, the manifest says {resource.bytes}: upload it again")
    copy = scratch / f"{folder.parent.name}-{folder.name}-{resource.name}.csv"
    # either takes as long as the other, and neither holds the interpreter
    with ThreadPoolExecutor(max_workers=1) as beside:
        looked_through = beside.submit(_look_through, file, resource, copy)
        sha256 = _sha256(file)
    if sha256 != resource.sha256:
        raise UnusableFileError(f"{resource.path}: its SHA-256 is not the manifest's: upload it again")
    return looked_through.result()


def _look_through(file: Path, resource: Resource, copy: Path) -> CheckedFile:
    try:
        match resource.format:
            case "csv":
                return _check_text(file, resource, copy)
            case "parquet":
                return _check_parquet(file, resource)
            case "xlsx":
                sheet_as_csv(file, copy, resource.date_format, resource.dialect.decimal_char)
                with copy.open("rb") as stream:
                    return _survey(stream, copy, _as_copied(resource), None)
    except WorkbookError as error:
        raise UnusableFileError(f"{resource.path}: {error}") from error
    except (EOFError, zlib.error, pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            # the disk's fault, not the partner's
            raise
        raise UnusableFileError(
            f"{resource.path}: cannot be read as {resource.format}: it breaks off, is damaged or is something "
            "else; deliver it again"
        ) from error


def _as_copied(workbook: Resource) -> Resource:
    """The resource of the CSV that a workbook is copied to, whatever its manifest says of text."""
    dialect = workbook.dialect.model_copy(update={"delimiter": ","})
    return workbook.model_copy(update={"encoding": "utf-8", "dialect": dialect})


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_parquet(file: Path, resource: Resource) -> CheckedFile:
    with pyarrow.parquet.ParquetFile(file) as parquet:
        schema = parquet.schema_arrow
        types = tuple(str(column.type) for column in schema)
        header = tuple(name.strip().lower() for name in schema.names)
        return CheckedFile(resource, file, header, parquet.metadata.num_rows, (), tuple(schema.names), types)


def _check_text(file: Path, resource: Resource, copy: Path) -> CheckedFile:
    """Plain UTF-8 is read where it lies; anything else gets a copy that is."""
    zipped = resource.path.endswith(".gz")
    if not zipped and resource.encoding != "cp1252":
        with file.open("rb") as stream:
            return _survey(stream, file, resource, None)
    with gzip.open(file, "rb") if zipped else file.open("rb") as stream, copy.open("wb") as target:
        surveyed = _survey(stream, copy, resource, target)
        reached("intake.copied")
    return surveyed


def _survey(stream: BinaryStream, readable: Path, resource: Resource, copy: IO[bytes] | None) -> CheckedFile:
    """Read a text file once: is it of its encoding, how many lines, which are blank, what is the header."""
    header: tuple[str, ...] | None = None
    blank: list[int] = []
    number = 0
    for block, before, line_ends, has_blank in _blocks(stream, resource):
        if copy is not None:
            copy.write(block)
        if header is None:
            header = _header(block.partition(b"\n")[0].removesuffix(b"\r").decode(), resource)
        if has_blank:
            lines = block.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
            blank += [before + at for at, line in enumerate(lines, start=1) if not line]
        number = before + line_ends + (not block.endswith(b"\n"))
    if header is None:
        raise UnusableFileError(f"{resource.path}: empty: a file without rows still has its header; deliver it again")
    return CheckedFile(resource, readable, header, number - 1 - len(blank), tuple(blank))


def _blocks(stream: BinaryStream, resource: Resource) -> Iterator[tuple[bytes, int, int, bool]]:
    """Blocks of whole lines as UTF-8, with the number of lines before each; without a byte order mark.

    Of each also how many line ends it has, and whether any line is blank.
    """
    rest, number, first = b"", 0, True
    while True:
        chunk = stream.read(CHUNK)
        cut = chunk.rfind(b"\n") + 1 if chunk else 0
        if chunk and not cut:
            block, rest = b"", rest + chunk
        else:
            # one copy: a file has some hundreds of such blocks
            block, rest = b"".join((rest, memoryview(chunk)[:cut])), chunk[cut:]
        _refuse_binary(block, rest, number, resource)
        if block:
            if first:
                block, first = block.removeprefix(codecs.BOM_UTF8), False
            line_ends, has_blank = _line_ends(block)
            yield _as_utf8(block, resource, number), number, line_ends, has_blank
            number += line_ends
        if not chunk:
            return


def _line_ends(block: bytes) -> tuple[int, bool]:
    """How many line ends there are, and whether a line is blank. By numpy: bytes.count takes six times as long."""
    is_end = np.frombuffer(block, dtype=np.uint8) == ord("\n")
    has_blank = (
        block.startswith((b"\n", b"\r\n"))
        or bool((is_end[1:] & is_end[:-1]).any())
        or (b"\r" in block and EMPTY_LINE.search(block) is not None)
    )
    return int(np.count_nonzero(is_end)), has_blank


def _refuse_binary(block: bytes, rest: bytes, before: int, resource: Resource) -> None:
    """Raises UnusableFileError for a NUL byte, or a line that is longer than any line of text."""
    if (found := block.find(b"\0")) >= 0:
        line, what = before + block.count(b"\n", 0, found) + 1, "holds a NUL byte"
    elif len(rest) > LONGEST_LINE:
        line, what = before + block.count(b"\n") + 1, f"is longer than {LONGEST_LINE} bytes"
    elif (begins := _too_long(block)) is not None:
        line, what = before + block.count(b"\n", 0, begins) + 1, f"is longer than {LONGEST_LINE} bytes"
    else:
        return
    raise UnusableFileError(f"{resource.path}: line {line} {what}: not a text file as agreed; deliver it again")


def _too_long(block: bytes) -> int | None:
    """Where the first line begins that is too long; looks at a few places of the block, not at every line."""
    begins = 0
    while len(block) - begins > LONGEST_LINE:
        end = block.rfind(b"\n", begins, begins + LONGEST_LINE + 1)
        if end < 0:
            return begins
        begins = end + 1
    return None


def _as_utf8(block: bytes, resource: Resource, before: int) -> bytes:
    if block.isascii():
        return block
    is_cp1252 = resource.encoding == "cp1252"
    try:
        text = block.decode("cp1252" if is_cp1252 else "utf-8")
    except UnicodeDecodeError as error:
        line = before + block.count(b"\n", 0, error.start) + 1
        raise UnusableFileError(
            f"{resource.path}: line {line} is not {resource.encoding}: correct the encoding in the manifest or the file"
        ) from None
    return text.encode() if is_cp1252 else block


def _header(line: str, resource: Resource) -> tuple[str, ...]:
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=resource.dialect.delimiter), [])
    except csv.Error:
        raise UnusableFileError(
            f"{resource.path}: line 1 is no header: deliver it again, with lines that end"
        ) from None
    return tuple(cell.strip().lower() for cell in cells)


def line_of_open_quote(file: CheckedFile) -> int | None:
    """The first line whose quotes do not pair up: the one not closed, or the first of a cell with a line break."""
    with file.readable.open("rb") as stream:
        return next((number for number, line in enumerate(stream, start=1) if line.count(b'"') % 2), None)
