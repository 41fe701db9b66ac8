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
        "decisions (beslissingen), redecisions too",
        unit="decisions",
        source="ind.beslissing",
        ge=1,
    )
    appealed_share: float = column(
        "decisions that a remedy was lodged against",
        formula="decisions with a remedy / decisions",
        denominator="decisions",
        unit="share",
        source=REMEDIES,
        in_range=(0, 1),
    )
    ruled_count: int = column("decisions of which a remedy was ruled", unit="decisions", source=REMEDIES, ge=0)
    overturned_share: float = column(
        "decisions that a court did not uphold: a remedy was GEGROND and not lodged by IND",
        formula="overturned decisions / ruled_count",
        denominator="ruled_count",
        unit="share",
        source=REMEDIES,
        nullable=True,
        in_range=(0, 1),
    )
    redecided_share: float = column(
        "decisions followed by another in the same case",
        formula="decisions with a later decision / decisions",
        denominator="decisions",
        unit="share",
        source="ind.beslissing",
        in_range=(0, 1),
    )
    in_term_share: float = column(
        "first decisions in term as applied",
        formula="first decisions on or before deadline_as_applied / denominator",
        denominator="first decisions with a deadline",
        unit="share",
        source=TERM,
        nullable=True,
        in_range=(0, 1),
    )
    median_days: float = column(
        "median days from application to decision",
        formula="median of datum_beslissing - datum_aanvraag, linear interpolation",
        denominator="decisions",
        unit="days",
        source="ind.aanvraag.datum_aanvraag, ind.beslissing.datum_beslissing",
        ge=0,
    )
    timely_and_sustained_share: float = column(
        "first decisions in term and not overturned; empty until is_follow_up_complete",
        formula="first decisions on or before deadline_as_applied and not overturned / denominator",
        denominator="first decisions with a deadline",
        unit="share",
        source=f"{TERM}; {REMEDIES}",
        nullable=True,
        in_range=(0, 1),
    )
    is_follow_up_complete: bool = column("every decision of the row is at least 365 days old on the as-of date")
    hours_per_sustained_decision: float = column(
        "staff hours that a decision takes which stands: work on an overturned one is a cost of the others",
        formula="hours of the decisions and of the steps since the decision before / decisions not overturned",
        denominator="decisions not overturned",
        unit="hours",
        source="ind.processtap.uren, ind.beslissing.uren",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_quality_monthly"
        unique = ["month_start", "pool", "procedure", "hearing_mode"]
        at_most = {"column": "ruled_count", "limit": "decisions"}
