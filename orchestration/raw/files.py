"""One delivered file, before any row is read: does it keep the manifest's promise, and can it be read at all?

Belongs here: size, hash, encoding, lines, header; making a plain UTF-8 copy where the engine needs one. Does not belong
here: what the cells mean (`raw.judging`).
"""

import codecs
import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet

from orchestration.manifest import Resource
from orchestration.raw.xlsx import sheet_as_csv

CHUNK = 4 * 1024 * 1024
BinaryStream = IO[bytes] | gzip.GzipFile | io.BufferedReader
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
    column_types: tuple[str, ...] = field(default=())
    """Parquet only: the type of each column, as DuckDB names it."""


def check(folder: Path, resource: Resource, scratch: Path) -> CheckedFile:
    """Hold a file against its resource; copies go below `scratch`.

    Raises:
        UnusableFileError: absent, outside the folder, wrong size, hash or encoding, no header, unreadable.
    """
    file = folder / resource.path
    if file.is_symlink() or file.resolve().parent != folder.resolve():
        raise UnusableFileError(f"{resource.path}: leads out of the folder of the delivery")
    if not file.is_file():
        raise UnusableFileError(f"{resource.path}: named in the manifest, but not there")
    if (size := file.stat().st_size) != resource.bytes:
        raise UnusableFileError(f"{resource.path}: {size} bytes, the manifest says {resource.bytes}: upload it again")
    if _sha256(file) != resource.sha256:
        raise UnusableFileError(f"{resource.path}: its SHA-256 is not the manifest's: upload it again")
    copy = scratch / f"{folder.parent.name}-{folder.name}-{resource.name}.csv"
    try:
        match resource.format:
            case "csv":
                return _check_text(file, resource, copy)
            case "parquet":
                return _check_parquet(file, resource)
            case "xlsx":
                sheet_as_csv(file, copy, resource.date_format, resource.dialect.decimal_char)
                with copy.open("rb") as stream:
                    return _survey(stream, copy, resource.model_copy(update={"encoding": "utf-8"}), None)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, pa.ArrowException, OSError) as error:
        raise UnusableFileError(
            f"{resource.path}: cannot be read as {resource.format}: {type(error).__name__}"
        ) from error


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_parquet(file: Path, resource: Resource) -> CheckedFile:
    with pyarrow.parquet.ParquetFile(file) as parquet:
        schema = parquet.schema_arrow
        types = tuple(str(column.type) for column in schema)
        return CheckedFile(resource, file, tuple(schema.names), parquet.metadata.num_rows, column_types=types)


def _check_text(file: Path, resource: Resource, copy: Path) -> CheckedFile:
    """Plain UTF-8 is read where it lies; anything else gets a copy that is."""
    zipped = resource.path.endswith(".gz")
    if not zipped and resource.encoding != "cp1252":
        with file.open("rb") as stream:
            return _survey(stream, file, resource, None)
    with gzip.open(file, "rb") if zipped else file.open("rb") as stream, copy.open("wb") as target:
        return _survey(stream, copy, resource, target)


def _survey(stream: BinaryStream, readable: Path, resource: Resource, copy: IO[bytes] | None) -> CheckedFile:
    """Read a text file once: is it of its encoding, how many lines, which are blank, what is the header."""
    header: tuple[str, ...] | None = None
    blank: list[int] = []
    number = 0
    for text in _lines(stream, resource):
        if copy is not None:
            copy.write(text.encode())
        lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        if header is None:
            header = _header(lines[0], resource)
        if lines.count(""):
            blank += [number + at for at, line in enumerate(lines, start=1) if not line]
        number += len(lines)
    if header is None:
        raise UnusableFileError(f"{resource.path}: empty: a file without rows still has its header")
    return CheckedFile(resource, readable, header, number - 1 - len(blank), tuple(blank))


def _lines(stream: BinaryStream, resource: Resource) -> Iterator[str]:
    """Blocks of whole lines, decoded; the byte order mark is not part of the text."""
    encoding = "cp1252" if resource.encoding == "cp1252" else "utf-8"
    rest, number, first = b"", 0, True
    while True:
        chunk = stream.read(CHUNK)
        block, cut, tail = (rest + chunk).rpartition(b"\n") if chunk else (rest, b"", b"")
        rest = tail
        if len(rest) > LONGEST_LINE or b"\0" in block:
            what = "a NUL byte" if b"\0" in block else f"a line of more than {LONGEST_LINE} bytes"
            raise UnusableFileError(f"{resource.path}: {what} after line {number}: not a text file as agreed")
        if block or cut:
            if first:
                block, first = block.removeprefix(codecs.BOM_UTF8), False
            yield _decode(block + cut, encoding, resource, number)
            number += block.count(b"\n") + 1
        if not chunk:
            return


def _decode(block: bytes, encoding: str, resource: Resource, before: int) -> str:
    try:
        return block.decode(encoding)
    except UnicodeDecodeError as error:
        line = before + block.count(b"\n", 0, error.start) + 1
        raise UnusableFileError(
            f"{resource.path}: line {line} is not {resource.encoding}: correct the encoding in the manifest or the file"
        ) from None


def _header(line: str, resource: Resource) -> tuple[str, ...]:
    cells = next(csv.reader(io.StringIO(line), delimiter=resource.dialect.delimiter), [])
    return tuple(cell.strip().lower() for cell in cells)
