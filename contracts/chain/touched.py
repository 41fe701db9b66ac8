"""Intermediate tables of the keys whose rows a build makes anew while others stand: dbt_project/macros/touched.sql."""

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Pseudonym, column


class TouchedCase(Contract):
    """Cases whose rows this build made anew: one row a case; none when it made all."""

    case_id: Pseudonym = dim.case_id()

    class Config:
        name = "intermediate.touched_case"
        unique = ["case_id"]


class TouchedPerson(Contract):
    """Persons whose rows this build made anew: one row a name that the person has or had; none when it made all."""

    person_id: Pseudonym = dim.person_id()

    class Config:
        name = "intermediate.touched_person"
        unique = ["person_id"]


class TouchedResident(Contract):
    """Residents whose rows this build made anew: one row a COA number; none when it made all."""

    resident_id: Pseudonym = column("pseudonym of the COA number", source="coa.bewoner.coa_nummer")

    class Config:
        name = "intermediate.touched_resident"
        unique = ["resident_id"]


class TouchedCertificate(Contract):
    """Certificates whose rows this build made anew: one row a certificate; none when it made all."""

    certificate_id: Pseudonym = column("pseudonym of the certificate", source="rvr.toevoeging.toevoegingsnummer")

    class Config:
        name = "intermediate.touched_certificate"
        unique = ["certificate_id"]
