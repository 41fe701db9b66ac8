"""marts.fct_reception_daily."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal18, column
from contracts.sources import codes

STAYS = "coa.verblijf, coa.bewoner"
STATUS = "ind.aanvraag, ind.beslissing, rules.stage_norms, rules.statutory_terms"


class FctReceptionDaily(Contract):
    """Reception (opvang) per day: one row a day, location type, municipality and resident status.

    And one with resident_status `all`, with the places. From the first resident to the as-of date, where there is a
    resident or, on `all`, a place.
    """

    day: date = column("calendar day in Europe/Amsterdam")
    location_type: str = column(
        "kind of location (soort) as valid on the day; unknown for who is in reception without a stay, or stays where "
        "COA has no location for that day",
        source="coa.locatie.soort",
        isin=(*codes.LOCATION_KINDS, "unknown"),
    )
    municipality_code: str = column(
        "municipality (gemeentecode, CBS), unknown likewise", source="coa.locatie.gemeentecode"
    )
    resident_status: str = column(
        "by the latest application (by datum_aanvraag) of the person on or before the day: family_reunification; from "
        "its first grant on granted_in_norm, or granted_over_norm once day - grant > norm of awaiting_housing; until "
        "its first decision before_decision_over_term (as applied; suspended or without deadline = in term) or "
        "before_decision_in_term; else refused; unlinked without such an application; all: everybody",
        source=STATUS,
        isin=("all", *dim.RESIDENT_STATUSES),
    )
    residents: int = column(
        "residents (bewoners): datum_aankomst <= day < datum_vertrek, or in reception without a stay",
        unit="persons",
        source=STAYS,
        ge=0,
    )
    avoidable_bed_days: int = column(
        "of the residents, before decision over term or granted over norm",
        unit="bed days",
        source=f"{STAYS}, {STATUS}",
        ge=0,
    )
    avoidable_cost_eur: Decimal18 = column(
        "what the avoidable bed days cost; empty on days before any tariff",
        formula="avoidable_bed_days x eur_per_day of the location type on the day, else of `*`",
        unit="EUR",
        source=f"{STAYS}, rules.bed_day_tariffs",
        nullable=True,
        ge=0,
    )
    capacity: int = column(
        "places (capaciteit) of the locations valid on the day; on resident_status all only",
        unit="places",
        source="coa.locatie.capaciteit",
        nullable=True,
        ge=0,
    )
    occupancy: float = column(
        "occupancy (bezetting); empty where there are no places",
        formula="residents / capacity",
        denominator="capacity",
        unit="share",
        source="coa.locatie.capaciteit",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_reception_daily"
        unique = ["day", "location_type", "municipality_code", "resident_status"]
        at_most = {"column": "avoidable_bed_days", "limit": "residents"}
