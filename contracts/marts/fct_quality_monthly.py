"""marts.fct_quality_monthly."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column
from contracts.sources import codes

REMEDIES = "ind.rechtsmiddel"
TERM = "marts.dim_case.deadline_as_applied; rules.statutory_terms"


class FctQualityMonthly(Contract):
    """Quality of decisions, speed and hours part of it: one row a decision month, pool, procedure and hearing_mode.

    Every decision counts, redecisions too. A remedy (BEROEP, HOGER_BEROEP) belongs to the latest decision on or before
    the day it was lodged. The younger the decisions, the fewer rulings there can be yet: see is_follow_up_complete.
    """

    month_start: date = column("first day of the month of decision", source="ind.beslissing.datum_beslissing")
    pool: str = column(
        "staff pool of the decision: INTERN, EXTERN, TASKFORCE, unknown",
        source="ind.beslissing.pool",
        isin=(*codes.POOLS, "unknown"),
    )
    procedure: str = dim.procedure()
    hearing_mode: str = column(
        "how the first hearing of the case was held; unknown where none was",
        source="ind.processtap.vorm",
        isin=(*dim.HEARING_MODES, "unknown"),
    )
    decisions: int = column(
        "decisions (beslissingen); denominator of the shares that name no other",
        unit="decisions",
        source="ind.beslissing",
        ge=1,
    )
    appealed_share: float = column(
        "decisions with a remedy / decisions", unit="share", source=REMEDIES, in_range=(0, 1)
    )
    ruled_count: int = column("decisions of which a remedy was ruled", unit="decisions", source=REMEDIES, ge=0)
    overturned_share: float = column(
        "decisions of which a remedy was GEGROND and not lodged by IND / ruled_count",
        unit="share",
        source=REMEDIES,
        nullable=True,
        in_range=(0, 1),
    )
    redecided_share: float = column(
        "decisions with a later decision in the same case / decisions",
        unit="share",
        source="ind.beslissing",
        in_range=(0, 1),
    )
    in_term_share: float = column(
        "first decisions on or before the deadline as applied / first decisions with a deadline",
        unit="share",
        source=TERM,
        nullable=True,
        in_range=(0, 1),
    )
    median_days: float = column(
        "median of the days from application to decision; linear interpolation, of decisions",
        unit="days",
        source="ind.aanvraag.datum_aanvraag, ind.beslissing.datum_beslissing",
        ge=0,
    )
    timely_and_sustained_share: float = column(
        "first decisions in term and not overturned / first decisions with a deadline; empty until "
        "is_follow_up_complete",
        unit="share",
        source=f"{TERM}; {REMEDIES}",
        nullable=True,
        in_range=(0, 1),
    )
    is_follow_up_complete: bool = column("every decision of the row is at least 365 days old on the as-of date")
    hours_per_sustained_decision: float = column(
        "staff hours of the decisions and of the steps since the decision before / decisions not overturned: work on "
        "an overturned decision is a cost of the others",
        unit="hours",
        source="ind.processtap.uren, ind.beslissing.uren",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_quality_monthly"
        unique = ["month_start", "pool", "procedure", "hearing_mode"]
        at_most = {"column": "ruled_count", "limit": "decisions"}
