"""Intermediate tables about persons: who is who, and when they are in reception."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal18, Pseudonym, column
from contracts.sources import codes


class VNumberPerson(Contract):
    """Which person a v_number belongs to: one row a v_number."""

    v_number_id: Pseudonym = dim.v_number_id()
    person_id: Pseudonym = dim.person_id()

    class Config:
        name = "intermediate.v_number_person"
        unique = ["v_number_id"]


class Reception(Contract):
    """Periods of reception with their person: one row a resident's period."""

    resident_id: Pseudonym = column("pseudonym of the COA number", source="coa.bewoner.coa_nummer")
    person_id: Pseudonym = dim.person_id()
    v_number_id: Pseudonym = dim.v_number_id(nullable=True)
    from_on: date = column("first day", source="coa.bewoner.datum_instroom")
    until_on: date = column("day of leaving; empty = open", source="coa.bewoner.datum_uitstroom", nullable=True)
    exit_reason: str = column("why it ended", nullable=True, isin=codes.EXIT_REASONS)
    link_method: str = column("how the person was found", source="linking.md", isin=dim.LINK_METHODS)

    class Config:
        name = "intermediate.reception"
        unique = ["resident_id"]
        not_before = {"later": "until_on", "earlier": "from_on"}


class ReceptionSpell(Contract):
    """Unbroken periods in reception: one row a person and period."""

    person_id: Pseudonym = dim.person_id()
    from_on: date = column("first day")
    until_on: date = column("first day no longer; 9999-12-31 = open")

    class Config:
        name = "intermediate.reception_spell"
        unique = ["person_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        no_overlap = {"by": "person_id", "begins": "from_on", "ends": "until_on", "rule": "overlapping_spell"}


class Certificate(Contract):
    """Legal aid certificates with their person and case: one row a certificate."""

    certificate_id: Pseudonym = column("pseudonym of the certificate", source="rvr.toevoeging.toevoegingsnummer")
    person_id: Pseudonym = dim.person_id()
    case_id: Pseudonym = dim.case_id(nullable=True)
    link_method: str = column("how the person was found", source="linking.md", isin=dim.LINK_METHODS)
    link_probability: float = column("probability of the link; empty when unlinked", nullable=True, in_range=(0, 1))
    v_number_id: Pseudonym = dim.v_number_id(nullable=True)
    named_case_id: Pseudonym = dim.case_id(nullable=True)
    birth_date: str = column("birth date, unknown parts 00", nullable=True)
    nationality_name: str = column("nationality in Dutch words", nullable=True)
    sex: str = column("sex: M, V, O", nullable=True, isin=codes.SEXES)
    lawyer_id: Pseudonym = column("pseudonym of the lawyer", source="rvr.toevoeging.advocaat_code")
    case_code: str = column("kind of matter", source="rvr.toevoeging.zaakcode")
    kind: str = column("kind of certificate", source="rvr.toevoeging.soort", isin=codes.CERTIFICATE_KINDS)
    is_written: bool = column("for a written hearing", nullable=True)
    requested_on: date = column("day the request was received")
    decided_on: date = column("day it was decided", nullable=True)
    decision: str = column("the decision", nullable=True, isin=codes.CERTIFICATE_DECISIONS)
    settled_on: date = column("day the fee was settled", nullable=True)
    points: Decimal18 = column("fee in points", unit="points", nullable=True, ge=0)
    amount_eur: Decimal18 = column("fee in euros", unit="EUR", nullable=True, ge=0)

    class Config:
        name = "intermediate.certificate"
        unique = ["certificate_id"]
        filled_exactly_when = {
            "column": "link_probability",
            "when": {"link_method": ("v_number", "case", "probabilistic")},
        }
        exists_in = {"column": "case_id", "parent": "intermediate.application", "parent_column": "case_id"}
