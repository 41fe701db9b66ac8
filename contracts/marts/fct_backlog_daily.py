"""marts.fct_backlog_daily."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column


class FctBacklogDaily(Contract):
    """Stock and flow per day: one row a day, stage and combination of dimensions that has a stock or a flow.

    From the first event to the as-of date. stock = stock of the day before + entered_count - left_count.
    """

    day: date = column("calendar day in Europe/Amsterdam")
    stage: str = dim.stage()
    holder: str = dim.holder()
    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    track: str = dim.track()
    project: str = dim.project()
    stock: int = column(
        "cases in the stage at the day's end",
        formula="visits with entered_on <= day and left_on after the day or empty",
        unit="cases",
        source="marts.fct_stage_visit.entered_on, marts.fct_stage_visit.left_on",
        ge=0,
    )
    entered_count: int = column(
        "visits that began on the day", unit="visits", source="marts.fct_stage_visit.entered_on", ge=0
    )
    left_count: int = column(
        "visits that ended: first day no longer there", unit="visits", source="marts.fct_stage_visit.left_on", ge=0
    )
    over_norm: int = column(
        "of the stock, those over norm",
        formula="visits of the stock with day - entered_on > norm_days",
        unit="cases",
        source="marts.fct_stage_visit.entered_on, rules.stage_norms",
        ge=0,
    )
    impeded: int = column(
        "of the stock, those with an open impediment (belemmering)", unit="cases", source="ind.processtap", ge=0
    )

    class Config:
        name = "marts.fct_backlog_daily"
        unique = ["day", "stage", "application_kind", "nationality_group", "track", "project"]
        at_most = ({"column": "over_norm", "limit": "stock"}, {"column": "impeded", "limit": "stock"})
