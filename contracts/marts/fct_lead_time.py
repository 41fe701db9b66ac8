"""marts.fct_lead_time."""

from datetime import date
from typing import Any

from contracts.base import Contract
from contracts.chain import lead_time
from contracts.columns import column

INTERVALS = "intermediate.lead_time_interval"
COUNTED = "completed_count; in the stock view open_count"
CENSORED = "an exit censors on its day, an open interval on the as-of date; events of a day come before censorings"
NO_SHARE = (
    "A median with exits censored describes a chain without exits; for shares use incidence_365_share. "
    "Only in the cohort view"
)


def quantile(name: str) -> Any:
    return column(
        f"{name} of the completed; in the stock view of the ages at the period's end",
        unit="days",
        source=INTERVALS,
        formula="value at rank q (n - 1) of the sorted days, linear interpolation between two ranks",
        denominator=COUNTED,
        nullable=True,
        ge=0,
    )


def survival_days(description: str, formula: str) -> Any:
    return column(
        f"{description}; {CENSORED}. {NO_SHARE}",
        unit="days",
        source=f"{INTERVALS}; Kaplan-Meier",
        formula=formula,
        denominator="started_count",
        nullable=True,
        ge=0,
    )


class FctLeadTime(Contract):
    """Lead times (doorlooptijden): one row a segment, view, period and group.

    Three views, to be read together: clearing old cases makes the period view worse. Cohort: intervals begun in the
    period, followed to the as-of date. Period: ended in the period. Stock: open at the period's end. An interval that
    ends before it begins is left out and counted in fct_data_quality; duration = end - begin, 0 counts.
    """

    segment: str = lead_time.segment()
    view: str = column("cohort, period or stock", source="marts.md, Lead time", isin=("cohort", "period", "stock"))
    period_kind: str = lead_time.period_kind()
    period_start: date = column("first day of the period; the last period ends on the as-of date")
    group_kind: str = lead_time.group_kind()
    group_value: str = lead_time.group_value()
    started_count: int = column("intervals begun in the period", unit="intervals", source=INTERVALS, ge=0)
    completed_count: int = column(
        "ended in the period; cohort: of those begun in it, by the as-of date",
        unit="intervals",
        source=INTERVALS,
        ge=0,
    )
    exited_count: int = column(
        "exited in the period (the end became impossible); cohort: of those begun in it, by the as-of date",
        unit="intervals",
        source=INTERVALS,
        ge=0,
    )
    open_count: int = column(
        "open at the period's end; cohort: of those begun in it, on the as-of date",
        unit="intervals",
        source=INTERVALS,
        ge=0,
    )
    mean_days: float = column(
        "mean of the completed; in the stock view of the ages at the period's end",
        unit="days",
        source=INTERVALS,
        formula="sum of days / denominator",
        denominator=COUNTED,
        nullable=True,
        ge=0,
    )
    median_days: float = quantile("median")
    p80_days: float = quantile("80th percentile")
    p90_days: float = quantile("90th percentile")
    p95_days: float = quantile("95th percentile")
    km_median_days: int = survival_days("median; empty = not reached", "smallest t with S(t) <= 0.5")
    km_p80_days: int = survival_days("80th percentile; empty = not reached", "smallest t with S(t) <= 0.2")
    km_p90_days: int = survival_days("90th percentile; empty = not reached", "smallest t with S(t) <= 0.1")
    km_median_low: int = survival_days(
        "lower limit of km_median_days, 95%; empty = never",
        "smallest t at which the lower limit of the log-log band (Greenwood) is at most 0.5",
    )
    km_median_high: int = survival_days(
        "upper limit of km_median_days, 95%; empty = never",
        "smallest t at which the upper limit of the log-log band (Greenwood), 0 at S = 0, is at most 0.5",
    )
    km_mean_to_730_days: float = column(
        f"mean restricted to 730 days; empty when nobody was followed so long and S > 0 there; {CENSORED}. {NO_SHARE}",
        unit="days",
        source=f"{INTERVALS}; Kaplan-Meier",
        formula="area under S(t) from 0 to 730 days",
        denominator="started_count",
        nullable=True,
        in_range=(0, 730),
    )
    incidence_365_share: float = column(
        "share ended within 365 days, exits as competing events; empty when nobody was followed so long and some had "
        "neither ended nor exited. Only in the cohort view",
        unit="share",
        source=f"{INTERVALS}; Aalen-Johansen",
        formula="sum over t <= 365 of P(neither ended nor exited before t) x ended on t / at risk on t",
        denominator="started_count",
        nullable=True,
        in_range=(0, 1),
    )

    class Config:
        name = "marts.fct_lead_time"
        unique = ["segment", "view", "period_kind", "period_start", "group_kind", "group_value"]
        at_most = (
            {"column": "km_median_days", "limit": "km_p80_days"},
            {"column": "km_p80_days", "limit": "km_p90_days"},
            {"column": "km_median_low", "limit": "km_median_days"},
            {"column": "km_median_days", "limit": "km_median_high"},
        )
