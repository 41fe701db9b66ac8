"""What IND delivers: cases, steps, decisions, remedies, terms, penalties, capacity (extracts.md, IND)."""

from datetime import date

from contracts.base import Extract
from contracts.columns import Decimal6, Decimal12, Decimal18, Decimal18x4, column
from contracts.sources import codes

IN_AANVRAAG = {"column": "zaaknummer", "parent": "raw.ind__aanvraag", "parent_column": "zaaknummer"}


class RawIndAanvraag(Extract):
    """Applications as IND delivers them: one row an application."""

    zaaknummer: str = column("IND case number", str_matches=r"^Z[0-9]{9}$")
    v_nummer: str = column("number of the foreign national, leading zeros kept", str_matches=codes.V_NUMBER)
    gezin_id: str = column("IND's number of the family", nullable=True)
    soort_aanvraag: str = column("kind of application", isin=codes.APPLICATION_KINDS)
    datum_aanmelding: date = column("day of reporting at the application centre", nullable=True)
    datum_loopbrief: date = column("day of the registration letter", nullable=True)
    datum_aanvraag: date = column("day the application was signed; starts the decision term")
    datum_nl_verantwoordelijk: date = column(
        "spoor 1 (Dublin): day the Netherlands became responsible; starts the term there", nullable=True
    )
    nationaliteit: str = column(
        "nationality, code of the BRP table", str_matches=r"^[0-9]{4}$", isin=codes.BRP_NATIONALITIES
    )
    geboortedatum: str = column("birth date, unknown parts 00", nullable=True, birth=True, str_matches=codes.BIRTH_DATE)
    geslacht: str = column("sex: M, V, O", isin=codes.SEXES)
    amv: bool = column("unaccompanied minor (alleenstaande minderjarige vreemdeling)")
    spoor: int = column("track, 1 to 5", nullable=True, in_range=(1, 5))
    procedure: str = column("procedure", nullable=True, isin=codes.PROCEDURES)
    complexiteit: str = column("complexity", nullable=True, isin=codes.COMPLEXITIES)
    team: str = column("IND team", nullable=True)
    project: str = column("project that IND works the case in", nullable=True)
    schriftelijk_aangeboden: date = column("day a written hearing was offered", nullable=True)

    class Config:
        name = "raw.ind__aanvraag"
        unique = ["zaaknummer"]
        not_before = {"later": "datum_loopbrief", "earlier": "datum_aanmelding"}
        at_most = (
            {"column": "datum_aanmelding", "limit": "datum_aanvraag"},
            {"column": "datum_loopbrief", "limit": "datum_aanvraag"},
        )


class RawIndProcesstap(Extract):
    """Procedural steps as IND delivers them: one row a step, planned or done."""

    zaaknummer: str = column("IND case number")
    volgnummer: int = column("rank of the step within the case", ge=1)
    stap: str = column("kind of step", isin=codes.STEPS)
    datum_gepland: date = column("planned day", nullable=True, future=True)
    datum_gerealiseerd: date = column("day it took place", nullable=True)
    status: str = column("state of the step", isin=codes.STEP_STATES)
    reden: str = column("why it was cancelled or moved", nullable=True, isin=codes.STEP_REASONS)
    vorm: str = column("how the hearing was held", nullable=True, isin=codes.HEARING_MODES)
    pool: str = column("staff pool", nullable=True, isin=codes.POOLS)
    team: str = column("IND team", nullable=True)
    uren: Decimal6 = column("staff hours", unit="hours", nullable=True, in_range=(0, 100))

    class Config:
        name = "raw.ind__processtap"
        unique = ["zaaknummer", "volgnummer"]
        filled_exactly_when = {"column": "datum_gerealiseerd", "when": {"status": "GEREALISEERD"}}
        only_with = {"column": "reden", "when": {"status": ("GEANNULEERD", "VERZET")}}
        required_with = {"column": "vorm", "when": {"stap": codes.HEARINGS, "status": "GEREALISEERD"}}
        exists_in = IN_AANVRAAG


class RawIndBeslissing(Extract):
    """Decisions on applications as IND delivers them: one row a decision."""

    zaaknummer: str = column("IND case number")
    volgnummer: int = column("rank of the decision within the case", ge=1)
    datum_beslissing: date = column("day of the decision")
    datum_bekendmaking: date = column("day it was made known", nullable=True)
    uitkomst: str = column("outcome", isin=codes.OUTCOMES)
    pool: str = column("staff pool", nullable=True, isin=codes.POOLS)
    team: str = column("IND team", nullable=True)
    uren: Decimal6 = column("staff hours", unit="hours", nullable=True, in_range=(0, 100))

    class Config:
        name = "raw.ind__beslissing"
        unique = ["zaaknummer", "volgnummer"]
        not_before = {"later": "datum_bekendmaking", "earlier": "datum_beslissing"}
        exists_in = IN_AANVRAAG
        not_before_parent = {"later": "datum_beslissing", "earlier": "datum_aanvraag", **IN_AANVRAAG}


class RawIndRechtsmiddel(Extract):
    """Remedies (appeals and the like) as IND delivers them: one row a remedy."""

    zaaknummer: str = column("IND case number")
    volgnummer: int = column("rank of the remedy within the case")
    soort: str = column("kind of remedy", isin=codes.REMEDIES)
    indiener: str = column("who lodged it; empty = the foreign national", nullable=True, isin=codes.LODGERS)
    datum_ingesteld: date = column("day it was lodged")
    datum_uitspraak: date = column("day of the ruling", nullable=True)
    uitspraak: str = column("ruling", nullable=True, isin=codes.RULINGS)
    beslistermijn_dagen: int = column(
        "term to decide in that the court set", unit="days", nullable=True, in_range=(1, 366)
    )
    dwangsom_per_dag: Decimal18 = column("penalty that the court set", unit="EUR a day", nullable=True, ge=0)
    dwangsom_maximum: Decimal18 = column("its maximum", unit="EUR", nullable=True, ge=0)

    class Config:
        name = "raw.ind__rechtsmiddel"
        unique = ["zaaknummer", "volgnummer"]
        not_before = {"later": "datum_uitspraak", "earlier": "datum_ingesteld"}
        filled_exactly_with = {"column": "uitspraak", "other": "datum_uitspraak"}
        required_with = tuple(
            {"column": name, "when": {"soort": "BEROEP_NTB", "uitspraak": "GEGROND"}}
            for name in ("beslistermijn_dagen", "dwangsom_per_dag", "dwangsom_maximum")
        )
        exists_in = IN_AANVRAAG


class RawIndIngebrekestelling(Extract):
    """Notices of default (ingebrekestellingen) as IND delivers them: one row a notice."""

    zaaknummer: str = column("IND case number")
    volgnummer: int = column("rank of the notice within the case")
    datum_ontvangst: date = column("day it was received")
    datum_ingetrokken: date = column("day it was withdrawn", nullable=True)

    class Config:
        name = "raw.ind__ingebrekestelling"
        unique = ["zaaknummer", "volgnummer"]
        not_before = {"later": "datum_ingetrokken", "earlier": "datum_ontvangst"}
        exists_in = IN_AANVRAAG


class RawIndTermijnmutatie(Extract):
    """Changes of one case's decision term as IND delivers them: one row a change."""

    zaaknummer: str = column("IND case number")
    volgnummer: int = column("rank of the change within the case")
    soort: str = column("extension or suspension", isin=codes.TERM_CHANGES)
    grondslag: str = column("the rule it rests on, such as WBV 2022/22")
    maanden: int = column("months added", unit="months", nullable=True, in_range=(1, 15))
    datum_vanaf: date = column("extension: day it was decided; suspension: first day")
    datum_tot: date = column("last suspended day; empty = still suspended", nullable=True, future=True)

    class Config:
        name = "raw.ind__termijnmutatie"
        unique = ["zaaknummer", "volgnummer"]
        filled_exactly_when = {"column": "maanden", "when": {"soort": "VERLENGING"}}
        only_with = {"column": "datum_tot", "when": {"soort": "OPSCHORTING"}}
        exists_in = IN_AANVRAAG


class RawIndDwangsombetaling(Extract):
    """Penalty payments as IND delivers them: one row a payment."""

    betaling_id: str = column("number of the payment")
    zaaknummer: str = column("IND case number")
    soort: str = column("administrative or judicial penalty", isin=codes.PENALTY_KINDS)
    datum_betaling: date = column("day it was paid")
    bedrag_eur: Decimal12 = column("amount", unit="EUR", gt=0)

    class Config:
        name = "raw.ind__dwangsombetaling"
        unique = ["betaling_id"]
        exists_in = IN_AANVRAAG


class RawIndCapaciteit(Extract):
    """Staff capacity as IND delivers it: one row a week, team, pool and role. A week to come is a roster."""

    week: date = column("Monday of the week", future=True)
    team: str = column("IND team")
    pool: str = column("staff pool", isin=codes.POOLS)
    rol: str = column("role: prepare, hear, decide", isin=codes.ROLES)
    fte: Decimal18x4 = column("staff", unit="FTE", ge=0)
    fte_in_opleiding: Decimal18x4 = column("staff in training, part of fte", unit="FTE", ge=0)
    uren_beschikbaar: Decimal18x4 = column("hours available", unit="hours", ge=0)
    uren_productief: Decimal18x4 = column("productive hours, part of those available", unit="hours", ge=0)
    gepland_gehoren: int = column("hearings planned", nullable=True)
    gepland_beslissingen: int = column("decisions planned", nullable=True)

    class Config:
        name = "raw.ind__capaciteit"
        unique = ["week", "team", "pool", "rol"]
        monday = {"column": "week"}
        at_most = (
            {"column": "fte_in_opleiding", "limit": "fte"},
            {"column": "uren_productief", "limit": "uren_beschikbaar"},
        )
