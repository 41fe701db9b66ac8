"""Delivered rows -> cases with everything that belongs to them.

Belongs here: reading, linking, and what is open on a day. Not: any figure.
"""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
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


def persons(carried: Mapping[str, set[str]]) -> dict[str, str]:
    """v_number -> person: those that one zaaknummer or coa_nummer carried are one person (linking.md, 1)."""
    group: dict[str, set[str]] = {}
    for numbers in carried.values():
        together = set(numbers).union(*(group.get(n, set()) for n in numbers))
        for number in together:
            group[number] = together
    return {number: min(members) for number, members in group.items()}


@dataclass
class Case:
    """One application with all rows that can matter to it."""

    aanvraag: Row
    person: str
    processtap: list[Row] = field(default_factory=list)
    beslissing: list[Row] = field(default_factory=list)
    rechtsmiddel: list[Row] = field(default_factory=list)
    ingebrekestelling: list[Row] = field(default_factory=list)
    termijnmutatie: list[Row] = field(default_factory=list)
    dwangsombetaling: list[Row] = field(default_factory=list)
    bewoner: list[Row] = field(default_factory=list)
    """Receptions of the person."""
    huisvesting: list[Row] = field(default_factory=list)
    """Matching attempts of the person."""

    def __post_init__(self) -> None:
        self.zaaknummer: str = self.aanvraag.zaaknummer
        self.soort: str = self.aanvraag.soort_aanvraag
        self.procedure: str | None = self.aanvraag.procedure
        self.applied_on: date = self.aanvraag.datum_aanvraag
        self.registered_on: date = self.aanvraag.datum_aanmelding or self.aanvraag.datum_aanvraag

    @cached_property
    def decisions(self) -> list[Row]:
        """By date, then volgnummer."""
        return sorted(self.beslissing, key=lambda b: (b.datum_beslissing, b.volgnummer))

    @cached_property
    def decided_on(self) -> date | None:
        """Day of the first decision."""
        return self.decisions[0].datum_beslissing if self.beslissing else None

    @cached_property
    def outcome(self) -> str | None:
        """Outcome of the first decision."""
        return self.decisions[0].uitkomst if self.beslissing else None

    def is_undecided(self, day: date) -> bool:
        """No decision on or before the day (rules.md)."""
        return self.decided_on is None or self.decided_on > day

    def in_reception(self, day: date) -> bool:
        """Open on d when datum_instroom <= d and datum_uitstroom is null or > d (timeline.md, rule 7)."""
        return any(
            r.datum_instroom <= day and (r.datum_uitstroom is None or r.datum_uitstroom > day) for r in self.bewoner
        )

    def is_impeded(self, day: date) -> bool:
        """More BELEMMERING_START than BELEMMERING_EINDE realised on or before the day (timeline.md, 9)."""
        begun = sum(started <= day for started in self.realised_on("BELEMMERING_START"))
        return begun > sum(ended <= day for ended in self.realised_on("BELEMMERING_EINDE"))

    def realised_on(self, stap: str) -> list[date]:
        """The days of the GEREALISEERD steps of one name, in order."""
        return self._realised.get(stap, [])

    @cached_property
    def _realised(self) -> dict[str, list[date]]:
        found: dict[str, list[date]] = {}
        for step in self.processtap:
            if step.status == "GEREALISEERD":
                found.setdefault(step.stap, []).append(step.datum_gerealiseerd)
        return {stap: sorted(days) for stap, days in found.items()}

    def is_suspended(self, day: date) -> bool:
        """Undecided, and an OPSCHORTING covers the day (rules.md, after step 6)."""
        return self.is_undecided(day) and any(
            t.datum_vanaf <= day and (t.datum_tot is None or day <= t.datum_tot)
            for t in self.termijnmutatie
            if t.soort == "OPSCHORTING"
        )


def cases_of(rows: Rows, carried: Mapping[str, set[str]] | None = None) -> list[Case]:
    """Every application with its rows, by zaaknummer; `carried`: v_numbers of earlier deliveries."""
    tables = {
        name: [r if isinstance(r, Row) else Row(**{k: typed(k, v) for k, v in r.items()}) for r in content]
        for name, content in rows.items()
    }
    all_carried = {key: set(numbers) for key, numbers in (carried or {}).items()}
    note_v_numbers(tables, all_carried)
    person_of = persons(all_carried)
    cases = {
        a.zaaknummer: Case(a, person_of[normalised(a.v_nummer)])
        for a in sorted(tables["aanvraag"], key=lambda a: a.zaaknummer)
    }
    for extract in EXTRACTS["ind"][1:7]:
        for row in tables.get(extract, []):
            getattr(cases[row.zaaknummer], extract).append(row)
    person_of_resident = {
        b.coa_nummer: person_of[normalised(b.v_nummer)] for b in tables.get("bewoner", []) if b.v_nummer
    }
    cases_of_person: dict[str, list[Case]] = {}
    for case in cases.values():
        cases_of_person.setdefault(case.person, []).append(case)
    for extract in ("bewoner", "huisvesting"):
        for row in tables.get(extract, []):
            for case in cases_of_person.get(person_of_resident.get(row.coa_nummer, ""), []):
                getattr(case, extract).append(row)
    return list(cases.values())
