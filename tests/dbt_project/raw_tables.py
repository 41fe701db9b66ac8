"""Puts rows straight into schema `raw`, as the intake would leave them after one good delivery of each partner.

Belongs here: what model tests need to run without the intake. Does not belong here: what a test expects.
"""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
from dateutil.easter import easter

from orchestration.raw.store import LAYOUT

FOREVER = date(9999, 12, 31)

EXTRACTS: Mapping[str, str] = {
    "ind__aanvraag": """zaaknummer varchar, v_nummer varchar, gezin_id varchar, soort_aanvraag varchar,
        datum_aanmelding date, datum_loopbrief date, datum_aanvraag date, datum_nl_verantwoordelijk date,
        nationaliteit varchar, geboortedatum varchar, geslacht varchar, amv boolean, spoor bigint, procedure varchar,
        complexiteit varchar, team varchar, project varchar, schriftelijk_aangeboden date""",
    "ind__processtap": """zaaknummer varchar, volgnummer bigint, stap varchar, datum_gepland date,
        datum_gerealiseerd date, status varchar, reden varchar, vorm varchar, pool varchar, team varchar,
        uren decimal(6, 2)""",
    "ind__beslissing": """zaaknummer varchar, volgnummer bigint, datum_beslissing date, datum_bekendmaking date,
        uitkomst varchar, pool varchar, team varchar, uren decimal(6, 2)""",
    "ind__rechtsmiddel": """zaaknummer varchar, volgnummer bigint, soort varchar, indiener varchar,
        datum_ingesteld date, datum_uitspraak date, uitspraak varchar, beslistermijn_dagen bigint,
        dwangsom_per_dag decimal(12, 2), dwangsom_maximum decimal(12, 2)""",
    "ind__ingebrekestelling": """zaaknummer varchar, volgnummer bigint, datum_ontvangst date,
        datum_ingetrokken date""",
    "ind__termijnmutatie": """zaaknummer varchar, volgnummer bigint, soort varchar, grondslag varchar,
        maanden bigint, datum_vanaf date, datum_tot date""",
    "ind__dwangsombetaling": """betaling_id varchar, zaaknummer varchar, soort varchar, datum_betaling date,
        bedrag_eur decimal(12, 2)""",
    "ind__capaciteit": """week date, team varchar, pool varchar, rol varchar, fte decimal(12, 2),
        fte_in_opleiding decimal(12, 2), uren_beschikbaar decimal(12, 2), uren_productief decimal(12, 2),
        gepland_gehoren bigint, gepland_beslissingen bigint""",
    "coa__bewoner": """coa_nummer varchar, v_nummer varchar, geboortedatum varchar, nationaliteit varchar,
        geslacht varchar, gezin_id varchar, datum_instroom date, datum_uitstroom date, reden_uitstroom varchar""",
    "coa__verblijf": """verblijf_id varchar, coa_nummer varchar, locatiecode varchar, datum_aankomst date,
        datum_vertrek date""",
    "coa__locatie": """locatiecode varchar, geldig_vanaf date, geldig_tot date, naam varchar, gemeentecode varchar,
        soort varchar, capaciteit bigint""",
    "coa__huisvesting": """coa_nummer varchar, volgnummer bigint, datum_vergunning date, datum_koppeling date,
        gemeentecode varchar, datum_verhuizing date, status varchar""",
    "rvr__toevoeging": """toevoegingsnummer varchar, v_nummer varchar, zaaknummer varchar, geboortedatum varchar,
        nationaliteit varchar, geslacht varchar, advocaat_code varchar, zaakcode varchar, soort varchar,
        schriftelijk boolean, datum_ontvangst date, datum_besluit date, besluit varchar, datum_vaststelling date,
        punten decimal(5, 2), bedrag_eur decimal(10, 2)""",
    "rvr__rooster": """week date, ac_locatie varchar, dagdelen_beschikbaar bigint, dagdelen_ingepland bigint,
        dagdelen_benut bigint""",
}

PSEUDONYM_KINDS: Mapping[str, Sequence[tuple[str, str]]] = {
    "v_nummer": [("ind__aanvraag", "v_nummer"), ("coa__bewoner", "v_nummer"), ("rvr__toevoeging", "v_nummer")],
    "zaaknummer": [("ind__aanvraag", "zaaknummer"), ("rvr__toevoeging", "zaaknummer")],
    "ind_gezin_id": [("ind__aanvraag", "gezin_id")],
    "coa_gezin_id": [("coa__bewoner", "gezin_id")],
    "coa_nummer": [("coa__bewoner", "coa_nummer")],
    "toevoegingsnummer": [("rvr__toevoeging", "toevoegingsnummer")],
    "advocaat_code": [("rvr__toevoeging", "advocaat_code")],
}


def create(database: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Every table of schema `raw` that dbt reads: extracts empty, Easter and the as-of date filled."""
    database.execute("create schema raw")
    for extract, columns in EXTRACTS.items():
        database.execute(
            f"create table raw.{extract} ({columns}, _reference_on date, _sequence bigint, _line bigint,"
            " _word_from date, _word_to date, _valid_from date, _valid_to date)"
        )
    database.execute("create table raw.pseudonym (kind varchar, identifier varchar, pseudonym varchar)")
    database.execute("create table raw.as_of as select ?::date as as_of_on", [as_of])
    database.execute(f"create table raw.last_build ({LAYOUT['raw.last_build']})")
    database.execute(
        "create table raw.setting as"
        " from (values ('landmark_days', '14'), ('restatement_months', '36')) as setting (name, value)"
    )
    database.execute("create table raw.easter (year bigint, easter_on date)")
    database.executemany("insert into raw.easter values (?, ?)", [(y, easter(y)) for y in range(1990, 2101)])
    database.execute(
        "create table raw.delivery (partner varchar, reference_on date, sequence bigint, state varchar,"
        " reason varchar, mode varchar, base_name varchar, contract_version varchar, fingerprint varchar)"
    )
    database.execute(
        "create table raw.delivery_count (partner varchar, reference_on date, sequence bigint, extract varchar,"
        " rule varchar, row_count bigint)"
    )


def load_csv(database: duckdb.DuckDBPyConnection, extract: str, file: Path, reference_on: date) -> None:
    """The rows of one delivered file (`;` between cells), in force from its reference date on."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    insert(database, extract, rows, reference_on)


def insert(
    database: duckdb.DuckDBPyConnection,
    extract: str,
    rows: Sequence[Mapping[str, str | None]],
    word_from: date,
    word_to: date = FOREVER,
) -> None:
    """Rows as text by column name; a missing column or an empty text is null, J and N are booleans.

    A row that has `_valid_from` and `_valid_to` cells is a version: the others are in force from `word_from` on.
    """
    columns = [c[0] for c in database.execute(f"from raw.{extract} limit 0").description]
    kept = {"_reference_on": word_from, "_sequence": 1, "_word_from": word_from, "_word_to": word_to}
    kept |= {"_valid_from": word_from, "_valid_to": word_to}
    words = {"J": "true", "N": "false"}
    booleans = {"amv", "schriftelijk"}
    values = [
        [words[row[c] or ""] if c in booleans and row.get(c) else row.get(c) or (kept | {"_line": line}).get(c)
         for c in columns]
        for line, row in enumerate(rows, start=2)
    ]  # fmt: skip
    if values:
        marks = ", ".join("?" for _ in columns)
        database.executemany(f"insert into raw.{extract} values ({marks})", values)


def pseudonymise(database: duckdb.DuckDBPyConnection) -> None:
    """Fills `raw.pseudonym` for every identifier: a plain hash, as no key is at stake in a test."""
    for kind, columns in PSEUDONYM_KINDS.items():
        identifiers: set[str] = set()
        for extract, column in columns:
            found = database.execute(f"select distinct {column} from raw.{extract} where {column} is not null")
            identifiers |= {normalised(kind, row[0]) for row in found.fetchall()}
        for identifier in sorted(identifiers):
            database.execute(
                "insert into raw.pseudonym values (?, ?, ?)", [kind, identifier, pseudonym(kind, identifier)]
            )


def normalised(kind: str, identifier: str) -> str:
    """A v_nummer as digits only, padded to ten; any other identifier as it stands."""
    return "".join(c for c in identifier if c in "0123456789").zfill(10) if kind == "v_nummer" else identifier


def pseudonym(kind: str, identifier: str) -> str:
    """The pseudonym that `pseudonymise` gives."""
    return hashlib.sha256(f"{kind}:{identifier}".encode()).hexdigest()[:32]
