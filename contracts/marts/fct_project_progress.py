"""marts.fct_project_progress."""

from datetime import date

from contracts.base import Contract
from contracts.columns import column

PROJECT = "rules.projects"
DECISIONS = "ind.beslissing"


class FctProjectProgress(Contract):
    """How far projects with a fixed stock are: one row a project and day, from its start to the as-of date.

    The stock is fixed by rules.projects alone: applications of its kinds, signed before filed_before and undecided
    at the end of the day before start_on. The dimension project of other tables is what IND writes on a case.
    """

    project_id: str = column("project of the table", source=PROJECT)
    day: date = column("calendar day in Europe/Amsterdam")
    initial_count: int = column("cases of the fixed stock", unit="cases", source=f"{PROJECT}, ind.aanvraag", ge=0)
    remaining: int = column("of these, undecided at the day's end", unit="cases", source=DECISIONS, ge=0)
    done: int = column("of these, decided on or before the day", unit="cases", source=DECISIONS, ge=0)
    done_share: float = column(
        "of the fixed stock, decided",
        formula="done / initial_count",
        denominator="initial_count",
        unit="share",
        source=DECISIONS,
        nullable=True,
        in_range=(0, 1),
    )
    impeded: int = column(
        "of the remaining, with an open impediment (belemmering)", unit="cases", source="ind.processtap", ge=0
    )
    target_line: float = column(
        "what should remain: a straight line from initial_count on start_on to target_stock on target_on, then flat",
        formula="initial_count + (target_stock - initial_count) x (day - start_on) / (target_on - start_on), from "
        "target_on on target_stock",
        unit="cases",
        source=PROJECT,
    )
    gap_to_target: float = column(
        "how far behind: above 0 more remains than should",
        formula="remaining - target_line",
        unit="cases",
        source=PROJECT,
    )
    pace_13w: float = column(
        "pace of the last 13 weeks; empty before day 91",
        formula="done in the last 91 days / 13",
        denominator="13 weeks",
        unit="cases per week",
        source=DECISIONS,
        nullable=True,
        ge=0,
    )
    projected_done_on: date = column(
        "the end at the present pace; empty where the pace is 0 or there is none yet",
        formula="day + ceil(7 x remaining / pace_13w, unrounded)",
        source=DECISIONS,
        nullable=True,
    )
    done_granted: int = column("done, first decision granted (inwilliging)", unit="cases", source=DECISIONS, ge=0)
    done_refused: int = column("done, first decision refused (afwijzing)", unit="cases", source=DECISIONS, ge=0)
    done_other: int = column(
        "done, first decision neither (withdrawn, not processed)", unit="cases", source=DECISIONS, ge=0
    )

    class Config:
        name = "marts.fct_project_progress"
        unique = ["project_id", "day"]
        not_before = {"later": "projected_done_on", "earlier": "day"}
        at_most = (
            {"column": "remaining", "limit": "initial_count"},
            {"column": "done", "limit": "initial_count"},
            {"column": "impeded", "limit": "remaining"},
        )
