"""What a publication came from, written into it: per mart its lineage, per delivery its files with their hashes.

Belongs here: the entries of `marts._metadata` that `explain` reads, and reading them. Does not belong here: how they
are shown. A release answers for itself: what has been delivered or rebuilt since does not alter its entries.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from contracts.checks import identifier
from orchestration.manifest import DeliveryName

LINEAGE = "lineage."
DELIVERY = "delivery."


@dataclass(frozen=True)
class Lineage:
    """What a mart is computed from, by dbt's graph: its file, the tables it reads, and behind these, as far as they
    go, rule tables, extracts (`ind.aanvraag`) and whether settings."""

    file: str
    reads: tuple[str, ...]
    rules: tuple[str, ...]
    extracts: tuple[str, ...]
    is_set: bool


@dataclass(frozen=True)
class File:
    """A delivered file behind a release: the rows in force on the as-of date whose content it brought first."""

    partner: str
    delivery: str
    reference_on: date
    sequence: int
    extract: str
    file: str
    sha256: str
    rows_in_force: int


def lineages(manifest: Mapping[str, Any]) -> dict[str, Lineage]:
    """The lineage of every mart, by its name."""
    tables = manifest["nodes"] | manifest["sources"]
    marts = [one for one in tables.values() if one["resource_type"] == "model" and one["schema"] == "marts"]
    extracts = {one["name"] for one in manifest["sources"].values() if "__" in one["name"]}
    # The publication writes _metadata, about everything.
    everything = Lineage(
        file="orchestration/metadata.py",
        reads=tuple(sorted(f"marts.{mart['name']}" for mart in marts)),
        rules=tuple(sorted(one["name"] for one in tables.values() if one["resource_type"] == "seed")),
        extracts=tuple(sorted(name.replace("__", ".") for name in extracts)),
        is_set=True,
    )
    return {mart["name"]: _lineage(mart, tables, extracts) for mart in marts} | {"_metadata": everything}


def _lineage(mart: Mapping[str, Any], tables: Mapping[str, Any], extracts: set[str]) -> Lineage:
    behind: dict[str, Any] = {}
    unread = [mart["unique_id"]]
    while unread:
        for name in tables[unread.pop()].get("depends_on", {}).get("nodes", ()):
            if name not in behind:
                behind[name] = tables[name]
                unread.append(name)
    raw = {one["name"] for one in behind.values() if one["resource_type"] == "source"}
    # Who counts deliveries is about all of them, whichever extracts it may read besides.
    read = extracts if "delivery_count" in raw or not raw & extracts else raw & extracts
    direct = [tables[name] for name in mart["depends_on"]["nodes"]]
    return Lineage(
        file=f"dbt_project/{mart['original_file_path']}",
        reads=tuple(sorted(f"{one['schema']}.{one['name']}" for one in direct if one["name"] != "as_of")),
        rules=tuple(sorted(one["name"] for one in behind.values() if one["resource_type"] == "seed")),
        extracts=tuple(sorted(name.replace("__", ".") for name in read)),
        is_set="setting" in raw,
    )


def entries(
    connection: duckdb.DuckDBPyConnection, as_of: date, manifest: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Keys and values for `marts._metadata`: `lineage.<mart>`, `delivery.<partner>/<name>`, `setting.<name>`.

    `connection` is to the working database. Deliveries in force up to the as-of date; names of files and hashes, no
    content. All are functions of the deliveries, the settings and the code.
    """
    for mart, lineage in lineages(manifest).items():
        yield f"{LINEAGE}{mart}", json.dumps(asdict(lineage), sort_keys=True)
    for name, value in connection.execute("select name, value from raw.setting").fetchall():
        yield f"setting.{name}", value
    delivered = connection.execute(
        """select partner, name, mode, base_name, contract_version, content_id, reference_on, sequence
        from raw.delivery where state = 'in_force' and reference_on <= ?""",
        [as_of],
    ).fetchall()
    files = _files(connection, as_of)
    for partner, name, mode, base, contract, content_id, reference_on, sequence in delivered:
        said = {"mode": mode, "base": base, "contract": contract, "manifest_sha256": content_id}
        yield (
            f"{DELIVERY}{partner}/{name}",
            json.dumps(said | {"files": files.get((partner, reference_on, sequence), [])}, sort_keys=True),
        )


def _files(
    connection: duckdb.DuckDBPyConnection, as_of: date
) -> dict[tuple[str, date, int], list[dict[str, str | int]]]:
    """The files of each delivery, in order of extract; a file that no contract knows is behind no figure."""
    found: dict[tuple[str, date, int], list[dict[str, str | int]]] = {}
    brought: dict[tuple[str, str], dict[tuple[date, int], int]] = {}
    for partner, extract, reference_on, sequence, file, sha256 in connection.execute(
        """select partner, extract, reference_on, sequence, file, sha256
        from raw.delivery_file
        semi join (from duckdb_tables() where schema_name = 'raw') as known
            on known.table_name = partner || '__' || extract
        order by partner, reference_on, sequence, extract"""
    ).fetchall():
        if (partner, extract) not in brought:
            brought[partner, extract] = _brought(connection, f"raw.{identifier(f'{partner}__{extract}')}", as_of)
        said = {"extract": extract, "file": file, "sha256": sha256}
        rows = brought[partner, extract].get((reference_on, sequence), 0)
        found.setdefault((partner, reference_on, sequence), []).append(said | {"rows_in_force": rows})
    return found


def _brought(connection: duckdb.DuckDBPyConnection, table: str, as_of: date) -> dict[tuple[date, int], int]:
    rows = connection.execute(
        f"""select _reference_on, _sequence, count(*) from {table}
        where _valid_from <= $as_of and $as_of < _valid_to group by all""",
        {"as_of": as_of},
    ).fetchall()
    return {(reference_on, sequence): count for reference_on, sequence, count in rows}


def lineage_of(facts: Mapping[str, str | None], mart: str) -> Lineage | None:
    """The lineage of a mart in a release, from its `_metadata`; None where the release does not say it."""
    text = facts.get(f"{LINEAGE}{mart}")
    if text is None:
        return None
    said: dict[str, Any] = json.loads(text)
    said |= {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    return Lineage(**said)


def files_of(facts: Mapping[str, str | None]) -> list[File]:
    """Every delivered file behind a release, from its `_metadata`, newest delivery first within an extract."""
    found = [
        File(partner=partner, delivery=f"{partner}/{name}", reference_on=on.reference_on, sequence=on.sequence, **one)
        for key, value in facts.items()
        if key.startswith(DELIVERY) and value
        for partner, name in [key.removeprefix(DELIVERY).split("/", 1)]
        for on in [DeliveryName.parse(name)]
        for one in json.loads(value)["files"]
    ]
    found.sort(key=lambda one: (one.reference_on, one.sequence), reverse=True)
    return sorted(found, key=lambda one: (one.partner, one.extract))
