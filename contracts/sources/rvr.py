"""What the RvR (legal aid board) delivers: certificates and rosters (extracts.md, RvR)."""

from datetime import date

from contracts.base import Extract
from contracts.columns import Decimal5, Decimal10, column
from contracts.sources import codes


class RawRvrToevoeging(Extract):
    """Legal aid certificates as RvR delivers them: one row a certificate, in the main applicant's name.

    v_nummer is typed by hand: it is checked for its length only, the rest is the work of linking.
    """

    toevoegingsnummer: str = column("number of the certificate", str_matches=r"^[0-9][A-Z]{2}[0-9]{4}$")
    v_nummer: str = column("number of the foreign national as typed", nullable=True, str_length={"max_value": 14})
    zaaknummer: str = column("IND case number as typed", nullable=True)
    geboortedatum: str = column("birth date, unknown parts 00", nullable=True, birth=True, str_matches=codes.BIRTH_DATE)
    nationaliteit: str = column("nationality in Dutch words, such as Syrische", nullable=True)
    geslacht: str = column("sex: M, V, O", nullable=True, isin=codes.SEXES)
    advocaat_code: str = column("lawyer")
    zaakcode: str = column("kind of matter", str_matches=r"^V[0-9]{3}$")
    soort: str = column("kind of certificate", isin=codes.CERTIFICATE_KINDS)
    schriftelijk: bool = column("for a written hearing", nullable=True)
    datum_ontvangst: date = column("day the request was received")
    datum_besluit: date = column("day it was decided", nullable=True)
    besluit: str = column("decision on the request", nullable=True, isin=codes.CERTIFICATE_DECISIONS)
    datum_vaststelling: date = column("day the fee was settled", nullable=True)
    punten: Decimal5 = column("fee in points", unit="points", nullable=True, ge=0)
    bedrag_eur: Decimal10 = column("fee in euros", unit="EUR", nullable=True, ge=0)

    class Config:
        name = "raw.rvr__toevoeging"
        unique = ["toevoegingsnummer"]
        not_before = {"later": "datum_besluit", "earlier": "datum_ontvangst"}
        filled_exactly_with = {"column": "besluit", "other": "datum_besluit"}


class RawRvrRooster(Extract):
    """Rosters of lawyers as RvR delivers them: one row a week and application centre."""

    week: date = column("Monday of the week", future=True)
    ac_locatie: str = column("application centre", isin=codes.APPLICATION_CENTRES)
    dagdelen_beschikbaar: int = column("sessions available", unit="half days", ge=0)
    dagdelen_ingepland: int = column("sessions planned", unit="half days", ge=0)
    dagdelen_benut: int = column("sessions used; empty for weeks to come", unit="half days", nullable=True, ge=0)

    class Config:
        name = "raw.rvr__rooster"
        unique = ["week", "ac_locatie"]
        monday = {"column": "week"}
