"""marts.fct_freshness."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

SCHEDULE = "rules.delivery_schedule"


class FctFreshness(Contract):
    """How new each partner's data are (actualiteit): one row a partner.

    Counted from the as-of date, never from a clock.
    """

    partner: str = dim.partner()
    newest_reference_on: date = column(
        "newest reference date in force up to the as-of date; empty when nothing is",
        source="raw.delivery",
        nullable=True,
    )
    days_behind: int = column(
        "age of the newest data",
        formula="as-of date - newest_reference_on",
        unit="days",
        source="raw.delivery",
        nullable=True,
        ge=0,
    )
    expected_on: date = column(
        "when the next delivery is expected: daily the day after the newest, weekly the Monday after it",
        source=SCHEDULE,
        nullable=True,
    )
    status: str = column(
        "missing: nothing in force; late: the as-of date is after expected_on + grace_days; else on_time",
        source=SCHEDULE,
        isin=("on_time", "late", "missing"),
    )

    class Config:
        name = "marts.fct_freshness"
        unique = ["partner"]
        filled_exactly_with = (
            {"column": "days_behind", "other": "newest_reference_on"},
            {"column": "expected_on", "other": "newest_reference_on"},
        )
