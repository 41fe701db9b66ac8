"""marts.fct_stage_monthly."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

DAILY = "marts.fct_backlog_daily"
VISITS = "marts.fct_stage_visit"
TIME = "NCSC CourTools, measure 3 (time to disposition)"
AGE = "NCSC CourTools, measure 4 (age of active pending caseload)"


class FctStageMonthly(Contract):
    """Stages per month: one row a month, stage, application_kind and nationality_group with a stock or a flow.

    In the month of the as-of date the month ends on that date. Visits that ended tell nothing of the old ones still
    open: read median_days and p90_days beside the ages.
    """

    month_start: date = column("first day of the month")
    stage: str = dim.stage()
    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    entered_count: int = column("visits that began in the month", unit="visits", source=DAILY, ge=0)
    left_count: int = column("visits that ended in the month", unit="visits", source=DAILY, ge=0)
    stock: int = column("visits open at the month's end", unit="visits", source=DAILY, ge=0)
    over_norm: int = column("of the stock, over norm", unit="visits", source=f"{DAILY}, rules.stage_norms", ge=0)
    over_norm_share: float = column(
        "of the stock, over norm; empty where there is no stock",
        formula="over_norm / stock",
        denominator="stock",
        unit="share",
        source=DAILY,
        nullable=True,
        in_range=(0, 1),
    )
    median_days: float = column(
        "median days of the visits that ended in the month",
        formula="median of left_on - entered_on, linear interpolation",
        denominator="left_count",
        unit="days",
        source=f"{VISITS}; {TIME}",
        nullable=True,
        ge=0,
    )
    p90_days: float = column(
        "90th percentile of the same",
        formula="90th percentile of left_on - entered_on, linear interpolation",
        denominator="left_count",
        unit="days",
        source=f"{VISITS}; {TIME}",
        nullable=True,
        ge=0,
    )
    mean_age_days: float = column(
        "mean age of the visits open at the month's end",
        formula="sum of month's end - entered_on / stock",
        denominator="stock",
        unit="days",
        source=f"{VISITS}; {AGE}",
        nullable=True,
        ge=0,
    )
    p90_age_days: float = column(
        "90th percentile of these ages",
        formula="90th percentile of month's end - entered_on, linear interpolation",
        denominator="stock",
        unit="days",
        source=f"{VISITS}; {AGE}",
        nullable=True,
        ge=0,
    )
    days_over_norm: int = column(
        "day's ends in the month at which a visit was over norm, summed over the visits",
        unit="days",
        source=f"{DAILY}, rules.stage_norms",
        ge=0,
    )

    class Config:
        name = "marts.fct_stage_monthly"
        unique = ["month_start", "stage", "application_kind", "nationality_group"]
        at_most = {"column": "over_norm", "limit": "stock"}
