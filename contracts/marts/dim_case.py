"""marts.dim_case."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal18, column
from contracts.sources import codes

LAWFUL = "rules.statutory_terms, ind.termijnmutatie; rules.md, Decision term"
DEADLINE = (
    "start (applied_on; in spoor_1 datum_nl_verantwoordelijk) + base months or weeks + extensions, at most the cap, + "
    "suspended days; rolled as the rule says"
)


class DimCase(Contract):
    """Applications on the as-of date: one row an application (zaak)."""

    case_id: str = dim.case_id()
    person_id: str = dim.person_id()
    family_id: str = column("pseudonym of the family", source="ind.aanvraag.gezin_id", nullable=True)
    application_kind: str = dim.application_kind()
    nationality_code: str = dim.nationality_code(source="ind.aanvraag.nationaliteit, rules.nationalities")
    nationality_group: str = dim.nationality_group()
    birth_year: int = dim.birth_year(source="ind.aanvraag.geboortedatum")
    sex: str = dim.sex()
    is_unaccompanied_minor: bool = column(
        "unaccompanied minor (alleenstaande minderjarige vreemdeling)", source="ind.aanvraag.amv"
    )
    track: str = dim.track()
    procedure: str = dim.procedure()
    complexity: str = dim.complexity()
    team: str = column("IND team", source="ind.aanvraag.team", nullable=True)
    project: str = dim.project()
    registered_on: date = column(
        "day of reporting (aanmelding), else of the application",
        source="ind.aanvraag.datum_aanmelding, datum_aanvraag",
    )
    applied_on: date = column("day the application was signed (aanvraag)", source="ind.aanvraag.datum_aanvraag")
    first_interview_on: date = column(
        "first AANMELDGEHOOR held", source="ind.processtap.datum_gerealiseerd", nullable=True
    )
    prepared_on: date = column(
        "first end of rest and preparation (RVT_EINDE)", source="ind.processtap.datum_gerealiseerd", nullable=True
    )
    file_ready_on: date = column(
        "first day the file was ready (DOSSIER_GEREED)", source="ind.processtap.datum_gerealiseerd", nullable=True
    )
    heard_on: date = column("first NADER_GEHOOR held", source="ind.processtap.datum_gerealiseerd", nullable=True)
    hearing_mode: str = column(
        "how that hearing was held (vorm)", source="ind.processtap.vorm", nullable=True, isin=dim.HEARING_MODES
    )
    intended_on: date = column(
        "first intention to refuse (VOORNEMEN)", source="ind.processtap.datum_gerealiseerd", nullable=True
    )
    viewed_on: date = column(
        "first view on an intention (ZIENSWIJZE)", source="ind.processtap.datum_gerealiseerd", nullable=True
    )
    decided_on: date = column("first decision (beslissing)", source="ind.beslissing.datum_beslissing", nullable=True)
    outcome: str = dim.outcome("outcome of the first decision (uitkomst), IND's code", nullable=True)
    outcome_group: str = column(
        "outcome of the first decision: granted (INWILLIGING_*), refused, other",
        source="ind.beslissing.uitkomst; timeline.md",
        nullable=True,
        isin=dim.OUTCOME_GROUPS,
    )
    pool: str = dim.pool("staff pool of the first decision", nullable=True)
    last_decided_on: date = column("latest decision", source="ind.beslissing.datum_beslissing", nullable=True)
    last_outcome: str = dim.outcome("outcome of the latest decision, IND's code", nullable=True)
    decision_count: int = column("decisions", unit="decisions", source="ind.beslissing", ge=0)
    appealed_on: date = column(
        "first remedy BEROEP or HOGER_BEROEP lodged", source="ind.rechtsmiddel.datum_ingesteld", nullable=True
    )
    ruled_on: date = column("ruling on that remedy", source="ind.rechtsmiddel.datum_uitspraak", nullable=True)
    ruling: str = column(
        "the ruling (uitspraak), IND's code", source="ind.rechtsmiddel.uitspraak", nullable=True, isin=codes.RULINGS
    )
    is_overturned: bool = column(
        "any such remedy was GEGROND and not lodged by IND", source="ind.rechtsmiddel.uitspraak"
    )
    irrevocable_on: date = column(
        "first day of the last unbroken stay in awaiting_housing, departure, closed that lasts on the as-of date",
        source=dim.TIMELINE,
        nullable=True,
    )
    legal_aid_requested_on: date = column(
        "first certificate (toevoeging) requested for the case or a relative's",
        source="rvr.toevoeging.datum_ontvangst",
        nullable=True,
    )
    legal_aid_granted_on: date = column(
        "first certificate granted for the case or a relative's", source="rvr.toevoeging.datum_besluit", nullable=True
    )
    reception_from: date = column(
        "earliest start of the person's receptions since registration",
        source="coa.bewoner.datum_instroom",
        nullable=True,
    )
    reception_until: date = column(
        "latest end of those receptions; empty while one is open", source="coa.bewoner.datum_uitstroom", nullable=True
    )
    housed_on: date = column(
        "moved to a municipality (VERHUISD) on or after the first grant",
        source="coa.huisvesting.datum_verhuizing",
        nullable=True,
    )
    written_offered_on: date = column(
        "a written hearing was offered", source="ind.aanvraag.schriftelijk_aangeboden", nullable=True
    )
    is_written_fallback: bool = column("offered in writing, heard otherwise", source="ind.processtap.vorm")
    stage: str = dim.stage("stage on the as-of date", isin=dim.STAGES)
    holder: str = dim.holder()
    stage_since: date = column("first day in that stage; of a closed case the day of closing", source=dim.TIMELINE)
    is_open: bool = column("not closed", source=dim.TIMELINE)
    is_impeded: bool = column("an impediment (belemmering) is open on the as-of date", source="ind.processtap.stap")
    is_suspended: bool = column(
        "undecided and the term is suspended (opschorting) on the as-of date", source="ind.termijnmutatie"
    )
    left_before_decision: bool = column(
        "the person left reception before the first decision", source="coa.bewoner.datum_uitstroom"
    )
    deadline_as_applied: date = column(
        "end of the decision term with every announced rule, withdrawn or not",
        formula=DEADLINE,
        source=LAWFUL,
        nullable=True,
    )
    deadline_in_hindsight: date = column(
        "end of the decision term without the rules withdrawn by the as-of date",
        formula=DEADLINE,
        source=LAWFUL,
        nullable=True,
    )
    deadline_from_loopbrief: date = column(
        "end of the decision term counted from the registration letter",
        formula="datum_loopbrief + base months or weeks + general extensions, at most the cap; rolled as the rule says",
        source=LAWFUL,
        nullable=True,
    )
    is_over_term: bool = column(
        "over term (buiten de termijn) on the as-of date, as applied",
        formula="undecided, not is_suspended, deadline_as_applied < as-of date",
        source=LAWFUL,
    )
    is_over_term_in_hindsight: bool = column(
        "over term on the as-of date, in hindsight",
        formula="undecided, not is_suspended, deadline_in_hindsight < as-of date",
        source=LAWFUL,
    )
    decided_in_term: bool = column(
        "first decision in term as applied; empty while undecided or without deadline",
        formula="decided_on <= deadline_as_applied",
        source=LAWFUL,
        nullable=True,
    )
    decided_in_term_in_hindsight: bool = column(
        "first decision in term in hindsight; empty while undecided or without deadline",
        formula="decided_on <= deadline_in_hindsight",
        source=LAWFUL,
        nullable=True,
    )
    ind_hours: Decimal18 = column(
        "staff hours of realised steps and decisions",
        unit="hours",
        source="ind.processtap.uren, ind.beslissing.uren",
        ge=0,
    )

    class Config:
        name = "marts.dim_case"
        unique = ["case_id"]
        at_most = {"column": "registered_on", "limit": "applied_on"}
        not_before = {"later": "last_decided_on", "earlier": "decided_on"}
        filled_exactly_with = (
            {"column": "outcome", "other": "decided_on"},
            {"column": "outcome_group", "other": "decided_on"},
            {"column": "last_outcome", "other": "last_decided_on"},
        )
