"""marts.fct_timeliness_monthly."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

APPLIED = "marts.dim_case.deadline_as_applied; rules.statutory_terms"
HINDSIGHT = "marts.dim_case.deadline_in_hindsight; rules.statutory_terms"


class FctTimelinessMonthly(Contract):
    """Decisions and open cases against the term: one row a month, application_kind, procedure and nationality_group.

    Rows exist where something was decided or is open. Deadlines are those computed as of the as-of date, also for
    past months. Few decisions can show a high share while the open cases grow old: read both shares together.
    """

    month_start: date = column("first day of the month; the last month counts up to the as-of date")
    application_kind: str = dim.application_kind()
    procedure: str = dim.procedure()
    nationality_group: str = dim.nationality_group()
    decided: int = column("first decisions in the month", unit="cases", source="ind.beslissing", ge=0)
    decided_in_term: int = column(
        "of these, on or before the deadline as applied (binnen de termijn)", unit="cases", source=APPLIED, ge=0
    )
    in_term_share: float = column(
        "of the first decisions with a deadline, those in term as applied",
        formula="decided_in_term / decided_with_deadline",
        denominator="decided_with_deadline",
        unit="share",
        source=APPLIED,
        nullable=True,
        in_range=(0, 1),
    )
    open: int = column(
        "applications without a decision at the month's end", unit="cases", source="ind.aanvraag, ind.beslissing", ge=0
    )
    open_over_term: int = column(
        "of these, over term: the deadline as applied has passed and no suspension (opschorting) covers the day",
        unit="cases",
        source=APPLIED,
        ge=0,
    )
    open_in_term_share: float = column(
        "of the open cases with a deadline, those not over term as applied",
        formula="1 - open_over_term / open_with_deadline",
        denominator="open_with_deadline",
        unit="share",
        source=APPLIED,
        nullable=True,
        in_range=(0, 1),
    )
    decided_in_term_in_hindsight: int = column(
        "first decisions on or before the deadline in hindsight", unit="cases", source=HINDSIGHT, ge=0
    )
    in_term_share_in_hindsight: float = column(
        "of the first decisions with a deadline, those in term in hindsight",
        formula="decided_in_term_in_hindsight / decided_with_deadline",
        denominator="decided_with_deadline",
        unit="share",
        source=HINDSIGHT,
        nullable=True,
        in_range=(0, 1),
    )
    open_over_term_in_hindsight: int = column("open cases over term in hindsight", unit="cases", source=HINDSIGHT, ge=0)
    open_in_term_share_in_hindsight: float = column(
        "of the open cases with a deadline, those not over term in hindsight",
        formula="1 - open_over_term_in_hindsight / open_with_deadline",
        denominator="open_with_deadline",
        unit="share",
        source=HINDSIGHT,
        nullable=True,
        in_range=(0, 1),
    )
    decided_with_deadline: int = column(
        "first decisions on cases with a deadline: the denominator", unit="cases", source=APPLIED, ge=0
    )
    open_with_deadline: int = column("open cases with a deadline: the denominator", unit="cases", source=APPLIED, ge=0)

    class Config:
        name = "marts.fct_timeliness_monthly"
        unique = ["month_start", "application_kind", "procedure", "nationality_group"]
        at_most = tuple(
            {"column": name, "limit": limit}
            for name, limit in (
                ("decided_with_deadline", "decided"),
                ("decided_in_term", "decided_with_deadline"),
                ("decided_in_term_in_hindsight", "decided_with_deadline"),
                ("open_with_deadline", "open"),
                ("open_over_term", "open_with_deadline"),
                ("open_over_term_in_hindsight", "open_with_deadline"),
            )
        )
