"""The intermediate table that fct_hearing_mode compares (marts.md)."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal18, Pseudonym, column


class HearingLandmark(Contract):
    """Cases that wait on the landmark (prepared_on + landmark_days), followed for 365 days from it: one row a case."""

    case_id: Pseudonym = dim.case_id()
    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    complexity: str = dim.complexity()
    quarter_start: date = column("first day of the quarter of application", source="ind.aanvraag.datum_aanvraag")
    is_offered: bool = column(
        "a written hearing was offered on or before the landmark", source="ind.aanvraag.schriftelijk_aangeboden"
    )
    is_fallback: bool = column("so offered, and heard otherwise", source="ind.processtap.vorm")
    landmark_on: date = column("prepared_on + landmark_days", source="raw.setting")
    days_to_decision: int = column(
        "from the landmark to the first decision; empty while undecided", unit="days", nullable=True, ge=1
    )
    days_to_hearing: int = column(
        "from the landmark to the hearing; empty without one by the first decision", unit="days", nullable=True, ge=1
    )
    hearing_followed_days: int = column(
        "from the landmark to the hearing, else the first decision, else the as-of date", unit="days", ge=1
    )
    ind_hours: Decimal18 = column("staff hours of realised steps and decisions", unit="hours", ge=0)
    legal_aid_points: Decimal18 = column(
        "points of the settled certificates AANMELDFASE, AA, VA, DUBLIN linked to the case",
        unit="points",
        nullable=True,
        ge=0,
    )
    is_overturned: bool = column("a remedy that counts was GEGROND and not lodged by IND")

    class Config:
        name = "intermediate.hearing_landmark"
        unique = ["case_id"]
