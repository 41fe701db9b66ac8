"""Intermediate tables about what was known when, for fct_restatement. Months are numbered from January 1990 = 0."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Pseudonym, column
from contracts.sources import codes

OF_VERSION = {"column": "version_id", "parent": "intermediate.restated_case", "parent_column": "version_id"}


class KnowledgeDate(Contract):
    """The month ends of the last restatement_months at which a refresh would have published: one row a month end."""

    knowledge_no: int = column("number of the month", unit="months")
    knowledge_on: date = column("its last day, at most the as-of date")
    is_reception_known: bool = column("COA had delivered by then")

    class Config:
        name = "intermediate.knowledge_date"
        unique = ["knowledge_no"]


class RestatedCase(Contract):
    """Applications as the knowledge dates saw them: one row an application and span of knowledge.

    Within a span nothing changes that its stock or its legal clock depends on: neither rows nor announced rules.
    """

    version_id: int = column("number of the row; the same history gives the same")
    case_id: Pseudonym = dim.case_id()
    known_from: int = column("first knowledge month", unit="months")
    known_until: int = column("first knowledge month no longer", unit="months")
    as_of_on: date = column("last knowledge date of the span: the as-of date of its clock")
    application_code: str = column("IND's code of the kind; rules match on it", isin=codes.APPLICATION_KINDS)
    applied_on: date = column("day the application was signed")
    nl_responsible_on: date = column("day the Netherlands became responsible (Dublin)", nullable=True)
    track: str = dim.track()
    procedure: str = dim.procedure()
    decided_on: date = column("first decision, as known then", nullable=True)
    outcome: str = dim.outcome("its outcome", nullable=True)

    class Config:
        name = "intermediate.restated_case"
        unique = ["version_id"]


class RestatedOverTerm(Contract):
    """When a version of an application was over term as applied: one row a version and period."""

    version_id: int = column("version of the application", source="intermediate.restated_case")
    from_on: date = column("first day over term")
    until_on: date = column("first day no longer; the day after the span's last knowledge date where it still is")

    class Config:
        name = "intermediate.restated_over_term"
        unique = ["version_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        exists_in = OF_VERSION


class RestatedPresence(Contract):
    """When somebody was in reception, as the knowledge dates saw it: one row a resident, knowledge span and period."""

    version_id: int = column("number of resident and span of knowledge")
    known_from: int = column("first knowledge month", unit="months")
    known_until: int = column("first knowledge month no longer", unit="months")
    from_on: date = column("first day")
    until_on: date = column("first day no longer; 9999-12-31 = open")

    class Config:
        name = "intermediate.restated_presence"
        unique = ["version_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
