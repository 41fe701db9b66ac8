"""What the deliveries of a home say as of a day, typed.

Belongs here: reading files. Does not belong here: which rows belong together (`linking`), any figure.
"""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

Row = SimpleNamespace
"""One delivered row: an attribute per column of extracts.md, under the partner's name for it."""

Rows = Mapping[str, Iterable[Mapping[str, Any]]]
"""Rows per extract name, as text or typed."""

EXTRACTS = {
    "ind": [
        "aanvraag", "processtap", "beslissing", "rechtsmiddel", "ingebrekestelling", "termijnmutatie",
        "dwangsombetaling", "capaciteit",
    ],
    "coa": ["bewoner", "verblijf", "locatie", "huisvesting"],
    "rvr": ["toevoeging", "rooster"],
}  # fmt: skip

DATES = re.compile(r"datum_|geldig_|week$|schriftelijk_aangeboden$")
INTEGERS = re.compile(r"volgnummer$|spoor$|maanden$|beslistermijn_dagen$|capaciteit$|gepland_|dagdelen_")
DECIMALS = re.compile(r"uren|bedrag_eur$|dwangsom_|punten$|fte")
BOOLEANS = re.compile(r"amv$|schriftelijk$")
ENUMS = re.compile(
    r"soort|procedure$|stap$|status$|vorm$|uitkomst$|uitspraak$|indiener$|besluit$|geslacht$|reden|complexiteit$|rol$|pool$|ac_locatie$"
)


def typed(column: str, value: Any) -> Any:
    """A cell as a value: empty is None, text is trimmed, enums are case-insensitive, J/N are booleans."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    if DATES.match(column):
        if re.fullmatch(r"\d\d-\d\d-\d{4}", text):
            text = "-".join(reversed(text.split("-")))
        return date.fromisoformat(text)
    if INTEGERS.match(column):
        return int(text)
    if DECIMALS.match(column):
        return Decimal(text.replace(",", "."))
    if BOOLEANS.match(column):
        return text.upper() == "J"
    return text.upper() if ENUMS.match(column) else text


def read_delivery(folder: Path) -> dict[str, list[Row]]:
    """The csv files of a full delivery; of the manifest only encoding and delimiter are used."""
    manifest = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    found = {}
    for resource in manifest["resources"]:
        path = folder / resource["path"]
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = raw.decode(resource.get("encoding", "utf-8")).splitlines()
        table = csv.DictReader(lines, delimiter=resource.get("dialect", {}).get("delimiter", ","))
        found[resource["name"]] = [Row(**{k: typed(k, v) for k, v in row.items()}) for row in table]
    return found


@dataclass
class Known:
    """What the deliveries of a home say as of A."""

    rows: dict[str, list[Row]]
    as_of: date
    carried: dict[str, set[str]]
    """The v_numbers that each zaaknummer and coa_nummer has carried in deliveries up to A."""


def read_home(home: Path, as_of: date | None = None) -> Known:
    """Full csv deliveries of a home as of a date.

    A is `as_of`, else the newest reference date of ind. Per partner and date the highest number replaces the
    others; a delivery that leaves an extract out leaves its last content.
    """
    newest = max(date.fromisoformat(p.name[:10]) for p in (home / "deliveries" / "ind").iterdir())
    known = as_of or newest
    rows: dict[str, list[Row]] = {}
    carried: dict[str, set[str]] = {}
    for partner in EXTRACTS:
        by_date: dict[date, tuple[int, Path]] = {}
        for folder in (home / "deliveries" / partner).glob("*"):
            day, _, number = folder.name.partition(".")
            sequence = int(number or 1)
            if (folder / "datapackage.json").exists() and sequence > by_date.get(date.fromisoformat(day), (0, folder))[
                0
            ]:
                by_date[date.fromisoformat(day)] = (sequence, folder)
        for day_of_delivery in sorted(d for d in by_date if d <= known):
            delivery = read_delivery(by_date[day_of_delivery][1])
            rows.update(delivery)
            note_v_numbers(delivery, carried)
    return Known(rows, known, carried)


def note_v_numbers(rows: Mapping[str, Iterable[Row]], carried: dict[str, set[str]]) -> None:
    """Adds which v_number each zaaknummer and coa_nummer carries in these rows."""
    for extract, key in (("aanvraag", "zaaknummer"), ("bewoner", "coa_nummer")):
        for row in rows.get(extract, []):
            if row.v_nummer:
                carried.setdefault(getattr(row, key), set()).add(normalised(row.v_nummer))


def normalised(v_nummer: str) -> str:
    """Digits only, left-padded to 10 (linking.md, step 1)."""
    return re.sub(r"\D", "", v_nummer).rjust(10, "0")
