"""Keyed pseudonyms: computed once per new identifier, in Python, so that the key never enters SQL.

Belongs here: which columns hold which kind of number, and the hash. Does not belong here: who reads the map (staging).
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256

import duckdb
import pyarrow as pa

from contracts.base import Extract
from contracts.checks import identifier
from orchestration.raw.store import Store

KINDS = {
    "zaaknummer": "zaaknummer",
    "v_nummer": "v_nummer",
    "coa_nummer": "coa_nummer",
    "toevoegingsnummer": "toevoegingsnummer",
    "advocaat_code": "advocaat_code",
}
"""Column of an extract -> kind of number. gezin_id is a kind per partner: they number families apart."""


def kind_of(extract: type[Extract], column: str) -> str | None:
    """The kind of number that a column holds; None for a column that is no identifier."""
    return f"{extract.partner}_gezin_id" if column == "gezin_id" else KINDS.get(column)


def normalised(kind: str, text: str) -> str:
    """SQL of an identifier as it is hashed: of a v_nummer only the digits, padded to ten (linking.md, Exact).

    As the macro `normalised_v_number` of the models has it: more than ten digits are kept, and match nobody.
    """
    if kind != "v_nummer":
        return text
    digits = f"nullif(regexp_replace({text}, '[^0-9]', '', 'g'), '')"
    return f"lpad({digits}, cast(greatest(10, length({digits})) as integer), '0')"


def pseudonym(key: bytes, kind: str, number: str) -> str:
    """HMAC-SHA-256 with the kind as domain prefix, 128 bits as 32 hex digits (linking.md, Pseudonyms)."""
    return next(_pseudonyms(key, kind, [number])).hex()


def _pseudonyms(key: bytes, kind: str, numbers: Iterable[str]) -> Iterator[bytes]:
    """The first 16 bytes of the HMAC of each number, as RFC 2104 writes it out.

    What comes before the number is hashed once for all of them.
    """
    padded = key.ljust(sha256().block_size, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in padded) + f"{kind}:".encode())
    outer = sha256(bytes(byte ^ 0x5C for byte in padded))
    for number in numbers:
        one, two = inner.copy(), outer.copy()
        one.update(number.encode())
        two.update(one.digest())
        yield two.digest()[:16]


def digits(pseudonym: str) -> str:
    """SQL of a pseudonym of the working database as its 32 hex digits: it holds the 128 bits, as UUID."""
    return f"replace(cast({pseudonym} as varchar), '-', '')"


class ForeignKeyError(Exception):
    """The working database was built with another key."""


def key_check(key: bytes) -> str:
    """A pseudonym of nothing, by which a working database tells whether it is given the key that built it."""
    return pseudonym(key, "key", "check")


def built_with(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The `key_check` of the key under which the map was begun; None when it is not begun."""
    row = connection.execute(f"select {digits('pseudonym')} from raw.pseudonym where kind = 'key'").fetchone()
    return str(row[0]) if row else None


def knows_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> bool:
    """Whether the map was begun under this key; false when it is not begun. Raises ForeignKeyError: under another."""
    known = built_with(connection)
    if known is not None and known != key_check(key):
        raise ForeignKeyError(
            "this home was built with another key: give that key, or rebuild everything under the new one with "
            "`ketenzicht refresh --full`"
        )
    return known is not None


def refuse_other_key(store: Store, key: bytes) -> None:
    """Two keys in one map would split every person in two. Raises ForeignKeyError."""
    if not knows_key(store.connection, key):
        store.run("insert into raw.pseudonym values ('key', 'check', ?)", [key_check(key)])


def extend_map(store: Store, extracts: Mapping[str, type[Extract]], key: bytes) -> None:
    """Give every identifier of the history that has none yet its pseudonym."""
    hashed: list[tuple[str, Future[pa.Table]]] = []
    # numbers of one kind are hashed while those of the next are looked for
    with ThreadPoolExecutor(max_workers=1) as beside:
        for kind, sources in _columns_by_kind(extracts).items():
            found = " union ".join(
                f"select {normalised(kind, identifier(column))} as number from {table}" for table, column in sources
            )
            numbers = store.run(
                f"""select distinct number from ({found}) as found
                where number is not null
                    and number not in (select identifier from raw.pseudonym where kind = '{kind}')
                order by number"""
            ).to_arrow_table()["number"]
            if len(numbers):
                hashed.append((kind, beside.submit(_with_pseudonyms, key, kind, numbers)))
        for kind, fresh in hashed:
            store.connection.register("fresh", fresh.result())
            store.run(f"insert into raw.pseudonym select '{kind}', identifier, cast(bits as uuid) from fresh")
            store.connection.unregister("fresh")


def _with_pseudonyms(key: bytes, kind: str, numbers: pa.ChunkedArray) -> pa.Table:
    """Numbers as `identifier`, and their pseudonyms as `bits`."""
    hashed = b"".join(_pseudonyms(key, kind, numbers.to_pylist()))
    bits = pa.Array.from_buffers(pa.binary(16), len(numbers), [None, pa.py_buffer(hashed)])
    return pa.table({"identifier": numbers, "bits": bits})


def _columns_by_kind(extracts: Mapping[str, type[Extract]]) -> dict[str, list[tuple[str, str]]]:
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in _identifying(extracts):
        by_kind.setdefault(kind, []).append((table, column))
    return by_kind


def _identifying(extracts: Mapping[str, type[Extract]]) -> Iterator[tuple[str, str, str]]:
    for extract in extracts.values():
        for column in extract.columns:
            if kind := kind_of(extract, column):
                yield extract.table, column, kind
