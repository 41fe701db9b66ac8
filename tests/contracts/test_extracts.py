"""The extracts of the specification are all here, with its columns, types, empty cells and rules, and no others."""

import re
from pathlib import Path

import duckdb
import pytest

import contracts
from contracts.cells import cast_sql
from contracts.checks import identifier
from contracts.compile import broken_list, row_rules

EXAMPLES = Path(__file__).parents[1] / "golden" / "examples" / "home" / "deliveries"

# extracts.md. Key columns carry *, columns that may be empty ?, columns that may lie in the future >.
SPECIFIED = {
    "ind.aanvraag": """zaaknummer* v_nummer gezin_id? soort_aanvraag datum_aanmelding? datum_loopbrief? datum_aanvraag
        datum_nl_verantwoordelijk? nationaliteit geboortedatum? geslacht amv spoor? procedure? complexiteit? team?
        project? schriftelijk_aangeboden?""",
    "ind.processtap": """zaaknummer* volgnummer* stap datum_gepland?> datum_gerealiseerd? status reden? vorm? pool?
        team? uren?""",
    "ind.beslissing": """zaaknummer* volgnummer* datum_beslissing datum_bekendmaking? uitkomst pool? team? uren?""",
    "ind.rechtsmiddel": """zaaknummer* volgnummer* soort indiener? datum_ingesteld datum_uitspraak? uitspraak?
        beslistermijn_dagen? dwangsom_per_dag? dwangsom_maximum?""",
    "ind.ingebrekestelling": "zaaknummer* volgnummer* datum_ontvangst datum_ingetrokken?",
    "ind.termijnmutatie": "zaaknummer* volgnummer* soort grondslag maanden? datum_vanaf datum_tot?>",
    "ind.dwangsombetaling": "betaling_id* zaaknummer soort datum_betaling bedrag_eur",
    "ind.capaciteit": """week*> team* pool* rol* fte fte_in_opleiding uren_beschikbaar uren_productief
        gepland_gehoren? gepland_beslissingen?""",
    "coa.bewoner": """coa_nummer* v_nummer? geboortedatum nationaliteit geslacht gezin_id? datum_instroom
        datum_uitstroom? reden_uitstroom?""",
    "coa.verblijf": "verblijf_id* coa_nummer locatiecode datum_aankomst datum_vertrek?",
    "coa.locatie": "locatiecode* geldig_vanaf* geldig_tot?> naam gemeentecode soort capaciteit",
    "coa.huisvesting": """coa_nummer* volgnummer* datum_vergunning datum_koppeling? gemeentecode? datum_verhuizing?
        status""",
    "rvr.toevoeging": """toevoegingsnummer* v_nummer? zaaknummer? geboortedatum? nationaliteit? geslacht? advocaat_code
        zaakcode soort schriftelijk? datum_ontvangst datum_besluit? besluit? datum_vaststelling? punten? bedrag_eur?""",
    "rvr.rooster": "week*> ac_locatie* dagdelen_beschikbaar dagdelen_ingepland dagdelen_benut?",
}
OF_A_CASE = ("processtap", "beslissing", "rechtsmiddel", "ingebrekestelling", "termijnmutatie", "dwangsombetaling")
REFERENCES = {
    **{f"raw.ind__{child}": [("zaaknummer", "raw.ind__aanvraag", "zaaknummer")] for child in OF_A_CASE},
    "raw.coa__verblijf": [("coa_nummer", "raw.coa__bewoner", "coa_nummer")],
}

# One good row of every extract, as text; each case below changes cells of it.
GOOD = {
    "aanvraag": """zaaknummer=Z000000001 v_nummer=0001234501 soort_aanvraag=EERSTE datum_aanmelding=2021-03-01
        datum_loopbrief=2021-03-02 datum_aanvraag=2021-03-08 nationaliteit=0336 geboortedatum=1990-00-00 geslacht=M
        amv=N spoor=4 procedure=AA+ complexiteit=ZEER_COMPLEX""",
    "processtap": """zaaknummer=Z1 volgnummer=1 stap=NADER_GEHOOR datum_gepland=2026-01-01 datum_gerealiseerd=2021-01-01
        status=GEREALISEERD vorm=VIDEO pool=INTERN uren=6.5""",
    "beslissing": """zaaknummer=Z1 volgnummer=1 datum_beslissing=2021-01-01 datum_bekendmaking=2021-01-01
        uitkomst=OVERIG uren=100""",
    "rechtsmiddel": """zaaknummer=Z1 volgnummer=1 soort=BEROEP_NTB datum_ingesteld=2021-01-01 datum_uitspraak=2021-01-01
        uitspraak=GEGROND beslistermijn_dagen=366 dwangsom_per_dag=100 dwangsom_maximum=7500""",
    "ingebrekestelling": "zaaknummer=Z1 volgnummer=1 datum_ontvangst=2021-01-01",
    "termijnmutatie": "zaaknummer=Z1 volgnummer=1 soort=VERLENGING grondslag=WBV maanden=15 datum_vanaf=2021-01-01",
    "dwangsombetaling": "betaling_id=B1 zaaknummer=Z1 soort=RECHTERLIJK datum_betaling=2021-01-01 bedrag_eur=0.01",
    "capaciteit": """week=2026-01-05 team=T pool=EXTERN rol=HOREN fte=2.5 fte_in_opleiding=2.5 uren_beschikbaar=90
        uren_productief=90""",
    "bewoner": """coa_nummer=C00000001 v_nummer=0001234501 geboortedatum=1990-05-17 nationaliteit=XXB geslacht=O
        datum_instroom=2021-01-01 datum_uitstroom=2021-01-01 reden_uitstroom=MOB""",
    "verblijf": "verblijf_id=S1 coa_nummer=C00000001 locatiecode=L1 datum_aankomst=2021-01-01",
    "locatie": """locatiecode=L1 geldig_vanaf=2021-01-01 geldig_tot=2030-01-01 naam=L gemeentecode=GM0363 soort=AZC
        capaciteit=0""",
    "huisvesting": """coa_nummer=C00000001 volgnummer=1 datum_vergunning=2021-01-01 datum_koppeling=2021-02-01
        datum_verhuizing=2021-02-01 status=VERHUISD""",
    "toevoeging": """toevoegingsnummer=1AB2345 v_nummer=12.34.567.8901 geboortedatum=1990-05-17 nationaliteit=Syrische
        advocaat_code=A1 zaakcode=V010 soort=DUBLIN schriftelijk=J datum_ontvangst=2021-01-01 datum_besluit=2021-01-02
        besluit=VERLEEND punten=8.5 bedrag_eur=0""",
    "rooster": "week=2030-01-07 ac_locatie=TER_APEL dagdelen_beschikbaar=4 dagdelen_ingepland=3",
}
BROKEN = [
    ("aanvraag", "zaaknummer=Z00000001", ["str_matches:zaaknummer"]),
    ("aanvraag", "zaaknummer=", ["not_null:zaaknummer"]),
    ("aanvraag", "v_nummer=123456789", ["str_matches:v_nummer"]),
    ("aanvraag", "soort_aanvraag=TWEEDE", ["isin:soort_aanvraag"]),
    ("aanvraag", "soort_aanvraag=nareis", []),
    ("aanvraag", "datum_aanmelding=2021-03-03", ["not_before:datum_loopbrief"]),
    ("aanvraag", "datum_loopbrief=2021-03-09", ["at_most:datum_loopbrief"]),
    ("aanvraag", "datum_aanmelding=2021-03-09 datum_loopbrief=", ["at_most:datum_aanmelding"]),
    ("aanvraag", "datum_aanvraag=2025-08-01", ["not_future:datum_aanvraag"]),
    ("aanvraag", "datum_aanvraag=2021-02-29", ["type:datum_aanvraag", "not_null:datum_aanvraag"]),
    ("aanvraag", "datum_aanmelding=1989-12-31", ["not_too_early:datum_aanmelding"]),
    ("aanvraag", "nationaliteit=9998", ["isin:nationaliteit"]),
    ("aanvraag", "geboortedatum=1990-13-01", ["str_matches:geboortedatum"]),
    ("aanvraag", "geboortedatum=2025-09-00", ["not_future:geboortedatum"]),
    ("aanvraag", "geboortedatum=1930-01-01", []),
    ("aanvraag", "amv=ja", ["type:amv", "not_null:amv"]),
    ("aanvraag", "spoor=6", ["in_range:spoor"]),
    ("processtap", "volgnummer=0", ["greater_than_or_equal_to:volgnummer"]),
    ("processtap", "status=GEPLAND", ["filled_exactly_when:datum_gerealiseerd"]),
    ("processtap", "datum_gerealiseerd=", ["filled_exactly_when:datum_gerealiseerd"]),
    ("processtap", "reden=TOLK", ["only_with:reden"]),
    ("processtap", "reden=TOLK status=VERZET datum_gerealiseerd= vorm=", []),
    ("processtap", "vorm=", ["required_with:vorm"]),
    ("processtap", "vorm= stap=RVT_EINDE", []),
    ("processtap", "uren=100.01", ["in_range:uren"]),
    ("processtap", "uren=6,5", ["type:uren"]),
    ("beslissing", "datum_bekendmaking=2020-12-31", ["not_before:datum_bekendmaking"]),
    ("beslissing", "uitkomst=INWILLIGING", ["isin:uitkomst"]),
    ("rechtsmiddel", "uitspraak= beslistermijn_dagen=", ["filled_exactly_with:uitspraak"]),
    ("rechtsmiddel", "datum_uitspraak=", ["filled_exactly_with:uitspraak"]),
    ("rechtsmiddel", "beslistermijn_dagen=", ["required_with:beslistermijn_dagen"]),
    ("rechtsmiddel", "beslistermijn_dagen= soort=BEROEP dwangsom_per_dag= dwangsom_maximum=", []),
    ("rechtsmiddel", "beslistermijn_dagen=367", ["in_range:beslistermijn_dagen"]),
    ("rechtsmiddel", "dwangsom_per_dag=-1", ["greater_than_or_equal_to:dwangsom_per_dag"]),
    ("ingebrekestelling", "datum_ingetrokken=2020-12-31", ["not_before:datum_ingetrokken"]),
    ("termijnmutatie", "maanden=16", ["in_range:maanden"]),
    ("termijnmutatie", "soort=OPSCHORTING", ["filled_exactly_when:maanden"]),
    ("termijnmutatie", "soort=OPSCHORTING maanden= datum_tot=2030-01-01", []),
    ("termijnmutatie", "datum_tot=2030-01-01", ["only_with:datum_tot"]),
    ("dwangsombetaling", "bedrag_eur=0", ["greater_than:bedrag_eur"]),
    ("capaciteit", "week=2026-01-06", ["monday:week"]),
    ("capaciteit", "fte=2.49", ["at_most:fte_in_opleiding"]),
    ("capaciteit", "uren_productief=90.5", ["at_most:uren_productief"]),
    ("bewoner", "coa_nummer=C0000001", ["str_matches:coa_nummer"]),
    ("bewoner", "nationaliteit=QQQ", ["isin:nationaliteit"]),
    ("bewoner", "reden_uitstroom=", ["filled_exactly_with:reden_uitstroom"]),
    ("bewoner", "v_nummer=", []),
    ("verblijf", "datum_vertrek=2020-12-31", ["not_before:datum_vertrek"]),
    ("locatie", "gemeentecode=0363", ["str_matches:gemeentecode"]),
    ("locatie", "capaciteit=-1", ["greater_than_or_equal_to:capaciteit"]),
    ("locatie", "geldig_vanaf=2030-01-01", ["not_future:geldig_vanaf"]),
    ("huisvesting", "datum_koppeling=2021-02-02", ["not_before:datum_verhuizing"]),
    ("toevoeging", "toevoegingsnummer=1ab2345", ["str_matches:toevoegingsnummer"]),
    ("toevoeging", "v_nummer=12.34.567.89012", ["str_length:v_nummer"]),
    ("toevoeging", "zaakcode=V10", ["str_matches:zaakcode"]),
    ("toevoeging", "besluit=", ["filled_exactly_with:besluit"]),
    ("toevoeging", "punten=1000", ["type:punten"]),
    ("rooster", "week=2030-01-08", ["monday:week"]),
    ("rooster", "ac_locatie=Ter_Apel", []),
    ("rooster", "dagdelen_benut=-1", ["greater_than_or_equal_to:dagdelen_benut"]),
]


def test_the_extracts_are_those_of_the_specification() -> None:
    assert {f"{one.partner}.{one.extract}" for one in contracts.extracts().values()} == set(SPECIFIED)
    assert {one.version for one in contracts.extracts().values()} == {"1.0"}


@pytest.mark.parametrize("extract", contracts.extracts().values(), ids=lambda extract: extract.table)
def test_an_extract_has_the_columns_of_the_specification(extract) -> None:  # type: ignore[no-untyped-def]
    specified = SPECIFIED[f"{extract.partner}.{extract.extract}"].split()
    not_future = {rule.column for rule in row_rules(extract) if rule.name.startswith("not_future:")}
    dates = {name for name, info in extract.columns.items() if info.type == "DATE"}
    assert [
        name + "*" * (name in extract.key) + "?" * info.nullable + ">" * (name in dates and name not in not_future)
        for name, info in extract.columns.items()
    ] == specified
    assert list(extract.key) == [re.sub(r"\W", "", name) for name in specified if "*" in name]
    assert extract.references == REFERENCES.get(extract.table, [])


@pytest.mark.parametrize("name", GOOD)
def test_a_good_row_breaks_nothing(name: str) -> None:
    assert broken(name, _cells(GOOD[name])) == []


@pytest.mark.parametrize(("name", "change", "rules"), BROKEN)
def test_a_changed_cell_breaks_exactly(name: str, change: str, rules: list[str]) -> None:
    assert broken(name, {**_cells(GOOD[name]), **_cells(change)}) == rules


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*/*/*.csv")), ids=lambda file: file.stem)
def test_the_worked_cases_break_nothing(file: Path) -> None:
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(header.split(";"), line.split(";"), strict=True)) for line in lines]
    assert [row for row in rows if broken(file.stem, row)] == []


def broken(name: str, cells: dict[str, str]) -> list[str]:
    """The rules that a row of text cells breaks on 2025-07-31, unreadable cells first, as the intake finds them."""
    extract = next(one for one in contracts.extracts().values() if one.extract == name)
    given = {column: cells.get(column, "") for column in extract.columns}
    casts = ", ".join(f"{cast_sql(extract, column, f'${column}')} as {identifier(column)}" for column in given)
    unread = ", ".join(
        f"case when {identifier(column)} is null and ${column} <> '' then 'type:{column}' end" for column in given
    )
    rules = f"list_filter([{unread}], lambda rule: rule is not null) || {broken_list(row_rules(extract))}"
    row = f"select {casts}, date '2025-07-31' as _reference_on"
    ((found,),) = duckdb.execute(f"select {rules} from ({row})", given).fetchall()
    return found


def _cells(text: str) -> dict[str, str]:
    return dict(cell.split("=") for cell in text.split())
