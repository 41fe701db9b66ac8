"""Intermediate tables with one row an application, or a part of one."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal38, Pseudonym, column
from contracts.sources import codes

OF_APPLICATION = {"column": "case_id", "parent": "intermediate.application", "parent_column": "case_id"}


class Application(Contract):
    """Applications with their dimensions and first decision: one row an application."""

    case_id: Pseudonym = dim.case_id()
    person_id: Pseudonym = dim.person_id()
    v_number_id: Pseudonym = dim.v_number_id()
    family_id: Pseudonym = column("pseudonym of the family", source="ind.aanvraag.gezin_id", nullable=True)
    application_code: str = column("IND's code of the kind; rules match on it", isin=codes.APPLICATION_KINDS)
    application_kind: str = dim.application_kind()
    nationality_code: str = dim.nationality_code()
    nationality_group: str = dim.nationality_group()
    birth_year: int = dim.birth_year()
    sex: str = dim.sex()
    is_unaccompanied_minor: bool = column("unaccompanied minor", source="ind.aanvraag.amv")
    track: str = dim.track()
    procedure: str = dim.procedure()
    complexity: str = dim.complexity()
    team: str = column("IND team", nullable=True)
    project: str = dim.project()
    registered_on: date = column("day of reporting, else of the application")
    loopbrief_on: date = column("day of the registration letter", nullable=True)
    applied_on: date = column("day the application was signed")
    nl_responsible_on: date = column("day the Netherlands became responsible (Dublin)", nullable=True)
    written_offered_on: date = column("day a written hearing was offered", nullable=True)
    decided_on: date = column("first decision", nullable=True)
    notified_on: date = column("day the first decision was made known", nullable=True)
    outcome: str = dim.outcome("outcome of the first decision", nullable=True)
    outcome_group: str = column("outcome of the first decision", nullable=True, isin=dim.OUTCOME_GROUPS)
    pool: str = dim.pool("staff pool of the first decision", nullable=True)
    granted_on: date = column("first decision that grants", nullable=True)

    class Config:
        name = "intermediate.application"
        unique = ["case_id"]
        filled_exactly_with = (
            {"column": "outcome", "other": "decided_on"},
            {"column": "outcome_group", "other": "decided_on"},
        )


class CaseDecision(Contract):
    """Decisions of an application together: one row an application that has one."""

    case_id: Pseudonym = dim.case_id()
    decided_on: date = column("first decision")
    notified_on: date = column("day it was made known", nullable=True)
    outcome: str = dim.outcome("its outcome")
    outcome_group: str = column("its outcome in groups", isin=dim.OUTCOME_GROUPS)
    pool: str = dim.pool("its staff pool", nullable=True)
    last_decided_on: date = column("latest decision")
    last_outcome: str = dim.outcome("its outcome")
    decision_count: int = column("decisions", unit="decisions", ge=1)
    granted_on: date = column("first decision that grants", nullable=True)
    decision_hours: Decimal38 = column("staff hours", unit="hours", nullable=True, ge=0)

    class Config:
        name = "intermediate.case_decision"
        unique = ["case_id"]
        not_before = {"later": "last_decided_on", "earlier": "decided_on"}


class CaseStep(Contract):
    """First realised steps of an application: one row an application that has one."""

    case_id: Pseudonym = dim.case_id()
    first_interview_on: date = column("first AANMELDGEHOOR", nullable=True)
    prepared_on: date = column("first RVT_EINDE", nullable=True)
    file_ready_on: date = column("first DOSSIER_GEREED", nullable=True)
    heard_on: date = column("first NADER_GEHOOR", nullable=True)
    hearing_mode: str = column("how that hearing was held", nullable=True, isin=dim.HEARING_MODES)
    intended_on: date = column("first VOORNEMEN", nullable=True)
    viewed_on: date = column("first ZIENSWIJZE", nullable=True)
    step_hours: Decimal38 = column("staff hours of all realised steps", unit="hours", nullable=True, ge=0)

    class Config:
        name = "intermediate.case_step"
        unique = ["case_id"]
        filled_exactly_with = {"column": "hearing_mode", "other": "heard_on"}


class CaseRemedy(Contract):
    """BEROEP and HOGER_BEROEP of an application that count: one row an application that has one."""

    case_id: Pseudonym = dim.case_id()
    appealed_on: date = column("first one lodged")
    ruled_on: date = column("its ruling", nullable=True)
    ruling: str = column("what was ruled", nullable=True, isin=codes.RULINGS)
    is_overturned: bool = column("any of them GEGROND and not lodged by IND")

    class Config:
        name = "intermediate.case_remedy"
        unique = ["case_id"]
        filled_exactly_with = {"column": "ruling", "other": "ruled_on"}


class JudgedDecision(Contract):
    """Decisions with what became of them on remedy, redecisions too: one row a decision."""

    case_id: Pseudonym = dim.case_id()
    decision_no: int = column("number of the decision within the case", source="ind.beslissing.volgnummer", ge=1)
    decided_on: date = column("day of the decision", source="ind.beslissing.datum_beslissing")
    pool: str = dim.pool("staff pool; unknown where none is named", isin=(*codes.POOLS, "unknown"))
    procedure: str = dim.procedure()
    hearing_mode: str = column(
        "how the first hearing of the case was held; unknown where none was", isin=(*dim.HEARING_MODES, "unknown")
    )
    days: int = column("since the application was signed", unit="days")
    is_appealed: bool = column("a BEROEP or HOGER_BEROEP was lodged before the next decision")
    is_ruled: bool = column("one of those was ruled")
    is_overturned: bool = column("one of those was GEGROND and not lodged by IND")
    is_redecided: bool = column("the case has a later decision")
    is_in_term: bool = column("on or before the deadline; of a first decision with a deadline only", nullable=True)
    hours: Decimal38 = column("staff hours of it and of the steps since the decision before", unit="hours", ge=0)

    class Config:
        name = "intermediate.judged_decision"
        unique = ["case_id", "decision_no"]
        exists_in = OF_APPLICATION


class CaseLegalAid(Contract):
    """First certificates of an application or a relative's: one row an application that has one."""

    case_id: Pseudonym = dim.case_id()
    legal_aid_requested_on: date = column("first request")
    legal_aid_granted_on: date = column("first grant", nullable=True)

    class Config:
        name = "intermediate.case_legal_aid"
        unique = ["case_id"]
        exists_in = OF_APPLICATION


class CaseReception(Contract):
    """Reception of an application's person: one row an application."""

    case_id: Pseudonym = dim.case_id()
    reception_from: date = column("earliest start of the receptions that touch the case", nullable=True)
    reception_until: date = column("latest end of them; empty while one is open", nullable=True)
    housed_on: date = column("first HOUSED", nullable=True)
    left_before_decision: bool = column("left reception before the first decision")

    class Config:
        name = "intermediate.case_reception"
        unique = ["case_id"]
        not_before = {"later": "reception_until", "earlier": "reception_from"}
        exists_in = OF_APPLICATION
