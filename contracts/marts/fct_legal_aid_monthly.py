"""marts.fct_legal_aid_monthly."""

from datetime import date
from typing import Any

from contracts.base import Contract
from contracts.columns import Decimal18, column
from contracts.sources import codes

ROSTER = "rvr.rooster"


def sessions(what: str, source: str) -> Any:
    return column(
        f"half days (dagdelen) {what}, of weeks whose Monday lies in the month, weeks to come included; on `all` only",
        unit="half days",
        source=source,
        nullable=True,
        ge=0,
    )


class FctLegalAidMonthly(Contract):
    """Legal aid certificates (toevoegingen): one row a month and kind of certificate, and kind `all`.

    Where something was requested, decided, settled or rostered in the month.
    """

    month_start: date = column("first day of the month")
    kind: str = column(
        "kind of certificate (soort), or all", source="rvr.toevoeging.soort", isin=("all", *codes.CERTIFICATE_KINDS)
    )
    requested: int = column(
        "certificates requested", unit="certificates", source="rvr.toevoeging.datum_ontvangst", ge=0
    )
    granted: int = column("certificates granted (VERLEEND)", unit="certificates", source="rvr.toevoeging.besluit", ge=0)
    refused: int = column(
        "certificates refused (AFGEWEZEN)", unit="certificates", source="rvr.toevoeging.besluit", ge=0
    )
    median_days_to_grant: float = column(
        "median days from request to grant of the certificates granted in the month; empty without one",
        formula="median of datum_besluit - datum_ontvangst, linear interpolation",
        denominator="granted",
        unit="days",
        source="rvr.toevoeging",
        nullable=True,
        ge=0,
    )
    granted_before_hearing_share: float = column(
        "certificates granted before the day of the hearing (nader gehoor); empty without one",
        formula="certificates with datum_besluit before heard_on / denominator",
        denominator="certificates granted in the month whose case has been heard",
        unit="share",
        source="rvr.toevoeging.datum_besluit, ind.processtap",
        nullable=True,
        in_range=(0, 1),
    )
    points: Decimal18 = column(
        "points (punten), in the month of datum_vaststelling, else of datum_besluit",
        unit="points",
        source="rvr.toevoeging.punten",
        ge=0,
    )
    amount_eur: Decimal18 = column(
        "amount paid (bedrag), in the month of datum_vaststelling, else of datum_besluit",
        unit="EUR",
        source="rvr.toevoeging.bedrag_eur",
        ge=0,
    )
    linked_share: float = column(
        "of the certificates requested in the month, those linked to a person; empty without one",
        formula="requested and linked / requested",
        denominator="requested",
        unit="share",
        source="linking.md",
        nullable=True,
        in_range=(0, 1),
    )
    sessions_available: int = sessions("that lawyers are available", f"{ROSTER}.dagdelen_beschikbaar")
    sessions_planned: int = sessions("planned", f"{ROSTER}.dagdelen_ingepland")
    sessions_used: int = sessions("used", f"{ROSTER}.dagdelen_benut")

    class Config:
        name = "marts.fct_legal_aid_monthly"
        unique = ["month_start", "kind"]
