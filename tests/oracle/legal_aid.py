"""linking.md for certificates: which person and which case, and the legal aid of a case.

Belongs here: RvR's rows beside the cases. Does not belong here: the persons themselves (`rows`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.case import Case
from tests.oracle.rows import Row, normalised

FIRST_AID = {"AANMELDFASE", "AA", "VA", "DUBLIN"}
"""Kinds of certificate that dim_case speaks of; the others are for a remedy of the same name."""

Name = Callable[[str], str]
"""What breaks a tie between two cases that fit equally: the marts take the pseudonym, the specification is silent."""


@dataclass(frozen=True)
class Certificate:
    """One certificate and the case it belongs to, if one can be told."""

    row: Row
    case: Case | None


@dataclass(frozen=True)
class Linker:
    """Finds the case of certificates."""

    cases: Mapping[str, Case]
    closed_on: Mapping[str, date | None]
    """Day of closing of each case, None while it is open."""
    person_of: Mapping[str, str]
    """v_number -> person, of everybody whom IND or COA knows."""
    name: Name

    def certificates(self, rows: Iterable[Row]) -> list[Certificate]:
        """Every certificate of the RvR with its case."""
        return [Certificate(row, self.case_of(row)) for row in rows]

    def case_of(self, row: Row) -> Case | None:
        """By the person of its v_number; else through the case that it names (linking.md, 1 and 2)."""
        person = self.person_of.get(normalised(row.v_nummer)) if row.v_nummer else None
        if person is None:
            return self.cases.get(row.zaaknummer or "")
        of_person = [case for case in self.cases.values() if case.person == person]
        return self.by_period(row, of_person) if row.soort in FIRST_AID else self.by_remedy(row, of_person)

    def by_remedy(self, row: Row, cases: list[Case]) -> Case | None:
        """The case with such a remedy lodged nearest to datum_ontvangst; without one, as any other kind."""
        found = [
            (
                abs(remedy.datum_ingesteld - row.datum_ontvangst),
                remedy.datum_ingesteld,
                self.name(case.zaaknummer),
                case,
            )
            for case in cases
            for remedy in case.rechtsmiddel
            if remedy.soort == row.soort
        ]
        return nearest(found) or self.by_period(row, cases)

    def by_period(self, row: Row, cases: list[Case]) -> Case | None:
        """The application open on datum_ontvangst, from registered_on to closing; nearest applied_on first."""
        found = []
        for case in cases:
            closed = self.closed_on[case.zaaknummer]
            if case.registered_on <= row.datum_ontvangst and (closed is None or row.datum_ontvangst <= closed):
                distance = abs(case.applied_on - row.datum_ontvangst)
                found.append((distance, case.applied_on, self.name(case.zaaknummer), case))
        return nearest(found)


def nearest(found: list[tuple[timedelta, date, str, Case]]) -> Case | None:
    """The case of the smallest distance, then the earliest day, then the name."""
    return min(found, key=lambda f: f[:3])[3] if found else None


def granted_on(case: Case, certificates: Iterable[Certificate]) -> date | None:
    """legal_aid_granted_on: the first grant on a certificate of the case, or of a relative's case of the same kind."""
    days = [c.row.datum_besluit for c in of_family(case, certificates) if c.row.besluit == "VERLEEND"]
    return min(days, default=None)


def requested_on(case: Case, certificates: Iterable[Certificate]) -> date | None:
    """legal_aid_requested_on: the first request on such a certificate."""
    return min((c.row.datum_ontvangst for c in of_family(case, certificates)), default=None)


def of_family(case: Case, certificates: Iterable[Certificate]) -> list[Certificate]:
    """Certificates of AANMELDFASE, AA, VA or DUBLIN of the case or of a case of the same gezin_id and kind."""
    found = []
    for certificate in certificates:
        other = certificate.case
        if other is None or certificate.row.soort not in FIRST_AID:
            continue
        family = case.aanvraag.gezin_id
        related = family is not None and other.aanvraag.gezin_id == family and other.soort == case.soort
        if other.zaaknummer == case.zaaknummer or related:
            found.append(certificate)
    return found
