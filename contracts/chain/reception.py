"""Intermediate tables about where residents are, and what they wait for there."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Pseudonym, column
from contracts.sources import codes

RESIDENT = "pseudonym of the COA number"


class LocationPeriod(Contract):
    """What a location is over time: one row a location and period."""

    location_code: str = column("location", source="coa.locatie.locatiecode")
    location_type: str = column("kind of location", source="coa.locatie.soort", isin=codes.LOCATION_KINDS)
    municipality_code: str = column("municipality", source="coa.locatie.gemeentecode")
    capacity: int = column("places", unit="places", source="coa.locatie.capaciteit", ge=0)
    from_on: date = column("first day")
    until_on: date = column("first day no longer; a later period of the location ends an earlier one")

    class Config:
        name = "intermediate.location_period"
        unique = ["location_code", "from_on"]


class ResidentPresence(Contract):
    """Where a resident is at the day's end: one row a resident and unbroken period at one location of one kind."""

    resident_id: Pseudonym = column(RESIDENT, source="coa.bewoner.coa_nummer")
    person_id: Pseudonym = dim.person_id()
    location_code: str = column("location; empty in reception without a stay", nullable=True)
    location_type: str = column("kind of location on these days", isin=(*codes.LOCATION_KINDS, "unknown"))
    municipality_code: str = column("municipality on these days, or unknown")
    from_on: date = column("first day")
    until_on: date = column("first day no longer; 9999-12-31 = open")

    class Config:
        name = "intermediate.resident_presence"
        unique = ["resident_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        no_overlap = {"by": "resident_id", "begins": "from_on", "ends": "until_on", "rule": "overlapping_presence"}


class ResidentStatusSpan(Contract):
    """What a person in reception waits for: one row a person and unbroken period of one status and application."""

    person_id: Pseudonym = dim.person_id()
    resident_status: str = column("status, as fct_reception_daily defines it", isin=dim.RESIDENT_STATUSES)
    from_on: date = column("first day; 0001-01-01 = before any application")
    until_on: date = column("first day no longer; 9999-12-31 = open")

    class Config:
        name = "intermediate.resident_status_span"
        unique = ["person_id", "from_on"]
        after = {"later": "until_on", "earlier": "from_on"}
        no_overlap = {"by": "person_id", "begins": "from_on", "ends": "until_on", "rule": "overlapping_status"}


class StayCheck(Contract):
    """Stays held against what they belong to: one row a stay."""

    stay_id: str = column("number of the stay", source="coa.verblijf.verblijf_id")
    resident_id: Pseudonym = column("pseudonym of the COA number", source="coa.verblijf.coa_nummer")
    is_outside_reception: bool = column("a day of the stay lies outside the resident's reception")
    is_at_unknown_location: bool = column("on a day of the stay COA has no such location")

    class Config:
        name = "intermediate.stay_check"
        unique = ["stay_id"]
