"""marts.md, "Lead time": the intervals of the twelve segments. Belongs here: begin, end, exit. Not: statistics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.oracle.case import Case
from tests.oracle.legal_aid import Certificate, granted_on
from tests.oracle.timeline import first_grant, housed_on, outcome_group, realised, remedies


@dataclass(frozen=True)
class Interval:
    """One interval of a segment; neither ended nor exited = open on A."""

    segment: str
    zaaknummer: str | None
    """None for a certificate without a case."""
    begin: date
    end: date | None
    exit: date | None


def interval(segment: str, case: Case | None, begin: date | None, end: date | None, out: date | None) -> list[Interval]:
    """The interval, unless it never begins or ends before it begins; an exit on the day of the end is an end."""
    if begin is None or (end is not None and end < begin):
        return []
    if end is not None and out is not None:
        end, out = (end, None) if end <= out else (None, out)
    return [Interval(segment, case.zaaknummer if case else None, begin, end, out)]


def first(case: Case, stap: str) -> date | None:
    """Day of the first realised step of a name."""
    steps = realised(case, stap)
    return steps[0].datum_gerealiseerd if steps else None


def until_decision(case: Case, day: date | None) -> date | None:
    """An event later than the first decision neither begins nor ends a segment with decided_on as end or exit."""
    late = day is not None and case.decided_on is not None and day > case.decided_on
    return None if late else day


def left_unhoused(case: Case, begin: date | None) -> date | None:
    """The first LEFT_RECEPTION on or after the begin, when the person was not housed on or before it.

    LEFT_RECEPTION: datum_uitstroom of the person, if no other reception of that person is open that day.
    """
    left = [r.datum_uitstroom for r in case.bewoner if r.datum_uitstroom and not case.in_reception(r.datum_uitstroom)]
    out = min((day for day in left if begin is not None and day >= begin), default=None)
    housed = housed_on(case)
    return None if out is not None and housed is not None and housed <= out else out


def earliest(*days: date | None) -> date | None:
    """The earliest of the days that there are."""
    return min((day for day in days if day is not None), default=None)


def case_intervals(case: Case, irrevocable_on: date | None, certificates: Iterable[Certificate]) -> list[Interval]:
    """Every interval of one case, save those of certificates; the rows of the table in marts.md, in order."""
    decided, registered, applied = case.decided_on, case.registered_on, case.applied_on

    def bounded(day: date | None) -> date | None:
        return until_decision(case, day)

    interview, heard = bounded(first(case, "AANMELDGEHOOR")), bounded(first(case, "NADER_GEHOOR"))
    intended, viewed = bounded(first(case, "VOORNEMEN")), bounded(first(case, "ZIENSWIJZE"))
    grant, housed = first_grant(case), housed_on(case)
    refused_on = decided if case.outcome and outcome_group(case.outcome) != "granted" else None
    found = [
        *interval("registration_to_application", case, registered, applied, None),
        *interval("application_to_first_interview", case, applied, interview, decided),
        *interval("first_interview_to_hearing", case, interview, heard, decided),
        *interval("hearing_to_decision", case, heard, decided, None),
        *interval("application_to_decision", case, applied, decided, None),
        *interval("intention_to_view", case, intended, viewed, decided),
        *interval("grant_to_housing", case, grant, housed, left_unhoused(case, grant)),
        *interval("application_to_irrevocable", case, applied, irrevocable_on, None),
        *interval("application_to_housing", case, applied, housed, earliest(refused_on, left_unhoused(case, applied))),
        *interval("first_interview_to_legal_aid", case, interview, bounded(granted_on(case, certificates)), decided),
    ]
    for remedy in remedies(case):
        found += interval("appeal_to_ruling", case, remedy.datum_ingesteld, remedy.datum_uitspraak, None)
    return found


def certificate_interval(certificate: Certificate) -> list[Interval]:
    """legal_aid_request_to_grant: each certificate, also one without a case."""
    row = certificate.row
    granted = row.besluit == "VERLEEND"
    end, out = (row.datum_besluit, None) if granted else (None, row.datum_besluit)
    return interval("legal_aid_request_to_grant", certificate.case, row.datum_ontvangst, end, out)
