"""`marts._metadata` and the comments: what a published file says of itself.

Belongs here: what was known, by which rules and code, and rows and hash of every table. Does not belong here: figures;
what a hash covers (`content_hash`).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import duckdb

from contracts.base import Contract, Extract
from orchestration import content_hash
from orchestration.durable import reached
from orchestration.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds"

HASHED_AT_ONCE = 2
"""Tables; reading one and hashing it take turns, on one processor."""


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The marts in the build, by name."""
    found = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts' order by table_name")
    return [name for (name,) in found.fetchall() if name != "_metadata"]


def rules_versions() -> Iterator[tuple[str, str]]:
    """Per rule table the first twelve digits of the SHA-256 of its file."""
    for seed in sorted(SEEDS.rglob("*.csv")):
        yield seed.stem, hashlib.sha256(seed.read_bytes()).hexdigest()[:12]


def _contents(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    """Name, row count and content hash of every mart in the build."""
    names = tables(connection)
    with ThreadPoolExecutor(HASHED_AT_ONCE) as pool:
        found = pool.map(lambda name: content_hash.of(connection.cursor(), name), names)
        return [(name, count, digest) for name, (count, digest) in zip(names, found, strict=True)]


def write(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: date,
    newest: dict[str, date | None],
    extracts: Sequence[type[Extract]],
    code_version: str,
    published_at: str,
    provenance: Iterable[tuple[str, str]],
) -> dict[str, str]:
    """Create `marts._metadata` in the build and return the content hash per table.

    Keys: `as_of_on`, `newest_reference_on.<partner>`, `contract_version.<table>`, `rules_version.<seed>`,
    `code_version`, `row_count.<table>`, `content_hash.<table>`; those of `provenance`; and `published_at`, which no
    hash covers.
    """
    entries: list[tuple[str, str | None]] = [("as_of_on", str(as_of)), ("code_version", code_version)]
    entries += [(f"newest_reference_on.{partner}", str(day) if day else None) for partner, day in newest.items()]
    entries += [(f"contract_version.{extract.table}", extract.version) for extract in extracts]
    entries += [(f"rules_version.{seed}", found) for seed, found in rules_versions()]
    entries += provenance
    hashes = {}
    for table, count, found in _contents(connection):
        hashes[table] = found
        entries += [(f"row_count.{table}", str(count)), (f"content_hash.{table}", found)]
    entries.append(("published_at", published_at))
    connection.execute("create or replace table marts._metadata (key varchar primary key, value varchar)")
    reached("metadata.created")
    keys, values = zip(*sorted(entries), strict=True)
    # One statement: each is a transaction of its own, and hundreds of them take seconds.
    connection.execute("insert into marts._metadata select unnest(?), unnest(?)", [list(keys), list(values)])
    reached("metadata.written")
    return hashes


def comment(connection: duckdb.DuckDBPyConnection, contracts: Sequence[type[Contract]]) -> None:
    """Put description, unit and source of every table and column into the build."""
    # One transaction: each of some four hundred would write the catalogue to the disk.
    connection.begin()
    for contract in contracts:
        for statement in contract.comments_sql():
            connection.execute(statement)
    connection.commit()
    reached("metadata.commented")
