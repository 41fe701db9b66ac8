"""What still holds a forgotten person: releases, by pseudonym, and delivered files, by hash.

Belongs here: searching. Does not belong here: removing; files of deliveries are never touched.
"""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from contracts.checks import identifier
from orchestration.forgotten import hash_of, written_out

BLOCK = 4 * 1024 * 1024
LONGEST = 16
"""Bytes of overlap between blocks: a number is shorter."""
NUMBER = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9]{10}|[Zz][0-9]{9}|[Cc][0-9]{8}|[0-9][A-Za-z]{2}[0-9]{4})(?![0-9A-Za-z])")
"""Anything that looks like a number of a person (`forgotten.PATTERNS`)."""


def release_holds(release: Path, pseudonyms: Sequence[str]) -> bool:
    """Whether any column of a release holds one of the pseudonyms. A release that cannot be read counts as holding."""
    try:
        with duckdb.connect() as connection:
            connection.register("meant", pa.table({"pseudonym": pa.array(pseudonyms, pa.string())}))
            connection.execute(f"attach '{release / 'chain.duckdb'}' as release (read_only)")
            columns = connection.execute(
                """select schema_name, table_name, column_name from duckdb_columns()
                where database_name = 'release' and data_type = 'VARCHAR' and not internal order by all"""
            ).fetchall()
            return any(
                connection.execute(
                    f"""select 1 from release.{identifier(schema)}.{identifier(table)}
                    where {identifier(column)} in (select pseudonym from meant) limit 1"""
                ).fetchone()
                for schema, table, column in columns
            )
    except duckdb.Error:
        return True


def delivery_files(deliveries: Path, key: bytes, hashes: frozenset[str]) -> tuple[list[str], list[str]]:
    """The files below deliveries/ that hold a number with one of the hashes, and those that could not be searched.

    Every file is searched, whatever the state of its delivery.
    """
    holding, unreadable = [], []
    known: dict[bytes, bool] = {}
    for file in sorted(path for path in deliveries.rglob("*") if path.is_file() and not path.is_symlink()):
        name = str(file.relative_to(deliveries))
        try:
            if any(_is_meant(number, key, hashes, known) for number in _numbers(file)):
                holding.append(name)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, pa.ArrowException):
            unreadable.append(name)
    return holding, unreadable


def _is_meant(number: bytes, key: bytes, hashes: frozenset[str], known: dict[bytes, bool]) -> bool:
    if number not in known:
        named = written_out(number.decode())
        known[number] = named is not None and hash_of(key, *named) in hashes
    return known[number]


def _numbers(file: Path) -> Iterator[bytes]:
    """Everything in a file that looks like a number of a person, block by block without repetition."""
    for block in _blocks(file):
        yield from set(NUMBER.findall(block))


def _blocks(file: Path) -> Iterator[bytes]:
    """The content of a file as blocks of text, unpacked."""
    if file.suffix == ".parquet":
        with pyarrow.parquet.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches():
                for column in batch.columns:
                    texts = pyarrow.compute.unique(column.cast(pa.string())).to_pylist()
                    yield "\n".join(text for text in texts if text).encode()
    elif file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as book:
            for member in book.namelist():
                yield book.read(member)
    else:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            rest = b""
            while block := stream.read(BLOCK):
                yield rest + block
                rest = block[-LONGEST:]
