"""What happens in a generated chain, and what a partner can have written of it on a given day.

Belongs here: the columns of every extract (extracts.md), and cutting a fact back to a reference date so that the row
keeps its contract. Does not belong here: making facts up (`cases`, `partners`), files (`writing`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
"""Cells by column: str, int, bool, Decimal, date or None."""

Rows = dict[str, list[Row]]
"""Rows by extract name."""

DAY = timedelta(days=1)

PARTNER_EXTRACTS = {
    "ind": [
        "aanvraag", "processtap", "beslissing", "rechtsmiddel", "ingebrekestelling", "termijnmutatie",
        "dwangsombetaling", "capaciteit",
    ],
    "coa": ["bewoner", "verblijf", "locatie", "huisvesting"],
    "rvr": ["toevoeging", "rooster"],
}  # fmt: skip

COLUMNS = {
    "aanvraag": "zaaknummer v_nummer gezin_id soort_aanvraag datum_aanmelding datum_loopbrief datum_aanvraag "
    "datum_nl_verantwoordelijk nationaliteit geboortedatum geslacht amv spoor procedure complexiteit team "
    "project schriftelijk_aangeboden",
    "processtap": "zaaknummer volgnummer stap datum_gepland datum_gerealiseerd status reden vorm pool team uren",
    "beslissing": "zaaknummer volgnummer datum_beslissing datum_bekendmaking uitkomst pool team uren",
    "rechtsmiddel": "zaaknummer volgnummer soort indiener datum_ingesteld datum_uitspraak uitspraak "
    "beslistermijn_dagen dwangsom_per_dag dwangsom_maximum",
    "ingebrekestelling": "zaaknummer volgnummer datum_ontvangst datum_ingetrokken",
    "termijnmutatie": "zaaknummer volgnummer soort grondslag maanden datum_vanaf datum_tot",
    "dwangsombetaling": "betaling_id zaaknummer soort datum_betaling bedrag_eur",
    "capaciteit": "week team pool rol fte fte_in_opleiding uren_beschikbaar uren_productief gepland_gehoren "
    "gepland_beslissingen",
    "bewoner": "coa_nummer v_nummer geboortedatum nationaliteit geslacht gezin_id datum_instroom "
    "datum_uitstroom reden_uitstroom",
    "verblijf": "verblijf_id coa_nummer locatiecode datum_aankomst datum_vertrek",
    "locatie": "locatiecode geldig_vanaf geldig_tot naam gemeentecode soort capaciteit",
    "huisvesting": "coa_nummer volgnummer datum_vergunning datum_koppeling gemeentecode datum_verhuizing status",
    "toevoeging": "toevoegingsnummer v_nummer zaaknummer geboortedatum nationaliteit geslacht advocaat_code "
    "zaakcode soort schriftelijk datum_ontvangst datum_besluit besluit datum_vaststelling punten bedrag_eur",
    "rooster": "week ac_locatie dagdelen_beschikbaar dagdelen_ingepland dagdelen_benut",
}

KEYS = {
    "aanvraag": ["zaaknummer"],
    "dwangsombetaling": ["betaling_id"],
    "capaciteit": ["week", "team", "pool", "rol"],
    "bewoner": ["coa_nummer"],
    "verblijf": ["verblijf_id"],
    "locatie": ["locatiecode", "geldig_vanaf"],
    "huisvesting": ["coa_nummer", "volgnummer"],
    "toevoeging": ["toevoegingsnummer"],
    "rooster": ["week", "ac_locatie"],
} | {
    extract: ["zaaknummer", "volgnummer"]
    for extract in ("processtap", "beslissing", "rechtsmiddel", "ingebrekestelling", "termijnmutatie")
}

DROPPED_BEFORE = {
    "aanvraag": "datum_aanvraag",
    "beslissing": "datum_beslissing",
    "rechtsmiddel": "datum_ingesteld",
    "ingebrekestelling": "datum_ontvangst",
    "termijnmutatie": "datum_vanaf",
    "dwangsombetaling": "datum_betaling",
    "bewoner": "datum_instroom",
    "verblijf": "datum_aankomst",
    "locatie": "geldig_vanaf",
    "huisvesting": "datum_vergunning",
    "toevoeging": "datum_ontvangst",
}
"""The date before which there is nothing to write."""

EMPTY_UNTIL: dict[str, dict[str, list[str]]] = {
    "aanvraag": {"datum_nl_verantwoordelijk": [], "schriftelijk_aangeboden": []},
    "beslissing": {"datum_bekendmaking": []},
    "rechtsmiddel": {"datum_uitspraak": ["uitspraak", "beslistermijn_dagen", "dwangsom_per_dag", "dwangsom_maximum"]},
    "ingebrekestelling": {"datum_ingetrokken": []},
    "bewoner": {"datum_uitstroom": ["reden_uitstroom"]},
    "verblijf": {"datum_vertrek": []},
    "huisvesting": {"datum_koppeling": ["gemeentecode"], "datum_verhuizing": []},
    "toevoeging": {"datum_besluit": ["besluit"], "datum_vaststelling": ["punten", "bedrag_eur"]},
}
"""Dates that stay empty until their day, each with the cells that come with it."""


@dataclass
class Fact:
    """One row of one extract, with what its partner does to it over time."""

    extract: str
    row: Row
    known_from: date = date.min
    """First reference date at which the partner has it: later than its dates when it is recorded late."""
    gone_from: date | None = None
    """First reference date at which the partner has withdrawn it."""
    changes: list[tuple[date, Row]] = field(default_factory=list)
    """Cells that change, and the first reference date at which they have."""

    def seen(self, on: date) -> Row | None:
        """The row as a delivery of that reference date holds it; None when it does not."""
        if self.known_from > on or (self.gone_from is not None and self.gone_from <= on):
            return None
        row = dict(self.row)
        for changed_on, cells in self.changes:
            if changed_on <= on:
                row |= cells
        row = {column: row[column] for column in COLUMNS[self.extract].split()}
        return cut(self.extract, row, on)


def cut(extract: str, row: Row, on: date) -> Row | None:
    """The row without what had not happened at the end of `on`; None when nothing of it had."""
    first = DROPPED_BEFORE.get(extract)
    if first is not None and row[first] > on:
        return None
    for column, companions in EMPTY_UNTIL.get(extract, {}).items():
        if row[column] is not None and row[column] > on:
            row |= dict.fromkeys([column, *companions])
    if extract == "processtap" and row["datum_gerealiseerd"] is not None and row["datum_gerealiseerd"] > on:
        row |= {"status": "GEPLAND", "datum_gepland": row["datum_gerealiseerd"], "vorm": None, "uren": None}
        row["datum_gerealiseerd"] = None
    if extract == "huisvesting" and row["status"] == "VERHUISD" and row["datum_verhuizing"] is None:
        row["status"] = "TE_KOPPELEN" if row["datum_koppeling"] is None else "GEKOPPELD"
    return row


def seen(facts: Iterable[Fact], on: date) -> Rows:
    """Every extract as of `on`; rows whose parent is not there are left out ("exists in", extracts.md)."""
    rows: Rows = {extract: [] for extracts in PARTNER_EXTRACTS.values() for extract in extracts}
    for fact in facts:
        row = fact.seen(on)
        if row is not None:
            rows[fact.extract].append(row)
    return without_orphans(rows)


def without_orphans(rows: Rows) -> Rows:
    """Leaves out rows that refer to an application or resident that is not in `rows`."""
    cases = {row["zaaknummer"] for row in rows["aanvraag"]}
    residents = {row["coa_nummer"] for row in rows["bewoner"]}
    parents = dict.fromkeys(PARTNER_EXTRACTS["ind"][1:7], ("zaaknummer", cases))
    parents |= dict.fromkeys(["verblijf", "huisvesting"], ("coa_nummer", residents))
    return {
        extract: [row for row in content if extract not in parents or row[parents[extract][0]] in parents[extract][1]]
        for extract, content in rows.items()
    }


def key_of(extract: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The key cells of a row."""
    return tuple(row[column] for column in KEYS[extract])
