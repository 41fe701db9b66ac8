"""Intermediate tables about terms: decision term, suspension, impediment, time over term (rules.md)."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Pseudonym, column
from contracts.sources import codes

CLOCKS = ("as_applied", "in_hindsight", "from_loopbrief")
FIRST_NO_LONGER = "first day no longer; 9999-12-31 = open"


class ImpedimentSpan(Contract):
    """Periods with an open impediment: one row a case and period."""

    case_id: Pseudonym = dim.case_id()
    from_on: date = column("first day", source="ind.processtap")
    until_on: date = column(FIRST_NO_LONGER)

    class Config:
        name = "intermediate.impediment_span"
        unique = ["case_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        no_overlap = {"by": "case_id", "begins": "from_on", "ends": "until_on", "rule": "overlapping_span"}


class SuspensionSpan(Contract):
    """Periods that a suspension covers: one row a case and period."""

    case_id: Pseudonym = dim.case_id()
    from_on: date = column("first day", source="ind.termijnmutatie")
    until_on: date = column(FIRST_NO_LONGER)

    class Config:
        name = "intermediate.suspension_span"
        unique = ["case_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        no_overlap = {"by": "case_id", "begins": "from_on", "ends": "until_on", "rule": "overlapping_span"}


class DecisionTerm(Contract):
    """Base terms: one row a case and clock that has started."""

    case_id: Pseudonym = dim.case_id()
    clock: str = column("which rules count", isin=CLOCKS)
    application_code: str = column("IND's code of the kind of application", isin=codes.APPLICATION_KINDS)
    procedure: str = dim.procedure()
    outcome: str = dim.outcome("outcome of the first decision", nullable=True)
    decided_on: date = column("first decision", nullable=True)
    starts_on: date = column("start of the term")
    rule_id: str = column("the base rule", source="rules.statutory_terms")
    months: int = column("its months", unit="months", nullable=True)
    weeks: int = column("its weeks", unit="weeks", nullable=True)
    cap_months: int = column("most months with all extensions", unit="months", nullable=True)
    rolls: str = column("whether the end rolls to a working day", isin=("true", "unextended", "false"))
    base_deadline: date = column("end of the base term")

    class Config:
        name = "intermediate.decision_term"
        unique = ["case_id", "clock"]
        not_before = {"later": "base_deadline", "earlier": "starts_on"}


class GeneralExtension(Contract):
    """General extensions that count: one row a case, clock and rule."""

    case_id: Pseudonym = dim.case_id()
    clock: str = column("which rules count", isin=CLOCKS)
    rule_id: str = column("the extension", source="rules.statutory_terms")
    family: str = column("of one family only the largest adds")
    months: int = column("its months", unit="months", ge=1)
    matches: str = column("text in a grondslag that names it", nullable=True)

    class Config:
        name = "intermediate.general_extension"
        unique = ["case_id", "clock", "rule_id"]


class LegalClock(Contract):
    """Deadlines: one row an application; empty where it has none."""

    case_id: Pseudonym = dim.case_id()
    deadline_as_applied: date = column("with every announced rule", nullable=True)
    deadline_in_hindsight: date = column("without withdrawn rules", nullable=True)
    deadline_from_loopbrief: date = column("counted from the registration letter", nullable=True)

    class Config:
        name = "intermediate.legal_clock"
        unique = ["case_id"]


class OverTermSpan(Contract):
    """Periods over term: one row a case, clock and period."""

    case_id: Pseudonym = dim.case_id()
    clock: str = column("which rules count", isin=("as_applied", "in_hindsight"))
    from_on: date = column("first day over term")
    until_on: date = column("first day no longer; 9999-12-31 = still")

    class Config:
        name = "intermediate.over_term_span"
        unique = ["case_id", "clock", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        no_overlap = {
            "by": "case_id",
            "begins": "from_on",
            "ends": "until_on",
            "rule": "overlapping_span",
            "within": ("clock",),
        }
