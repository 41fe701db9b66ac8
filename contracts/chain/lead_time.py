"""Intermediate tables about lead times (marts.md, fct_lead_time): intervals, and statistics of those."""

from datetime import date
from typing import Any

from contracts.base import Contract
from contracts.columns import Pseudonym, column

SEGMENTS = (
    "registration_to_application",
    "application_to_first_interview",
    "first_interview_to_hearing",
    "hearing_to_decision",
    "application_to_decision",
    "intention_to_view",
    "appeal_to_ruling",
    "grant_to_housing",
    "application_to_irrevocable",
    "application_to_housing",
    "legal_aid_request_to_grant",
    "first_interview_to_legal_aid",
)
GROUP_KINDS = (
    "all",
    "application_kind",
    "nationality_group",
    "track",
    "procedure",
    "hearing_mode",
    "pool",
    "complexity",
    "project",
)
PERIOD_KINDS = ("month", "quarter", "year")


def segment() -> Any:
    return column("part of the way of a case: <begin>_to_<end>", source="marts.md, Lead time", isin=SEGMENTS)


def group_kind() -> Any:
    return column("dimension that the row is limited to; all: to none", isin=GROUP_KINDS)


def group_value() -> Any:
    return column("value of that dimension; unknown where a case has none (not heard, not decided) or there is no case")


def period_kind() -> Any:
    return column("length of the period", isin=PERIOD_KINDS)


def series_no() -> Any:
    return column("number of a segment and group", ge=1001)


def group_of_case(name: str) -> Any:
    return column(f"{name.replace('_', ' ')} of the case; unknown where there is none")


def statistic(name: str, of: str) -> Any:
    return column(f"{name} {of}", unit="days", source="linear interpolation between ranks", nullable=True, ge=0)


class LeadTimeCase(Contract):
    """Days that lead times of an application begin and end on, with its groups: one row an application.

    A step or a certificate after the first decision began and ended nothing before it, and is left out.
    """

    case_id: Pseudonym = column("pseudonym of the application (zaaknummer)")
    registered_on: date = column("day of reporting, else of the application")
    applied_on: date = column("day the application was signed")
    decided_on: date = column("first decision", nullable=True)
    granted_on: date = column("first decision that grants", nullable=True)
    not_granted_on: date = column("first decision, unless it grants", nullable=True)
    irrevocable_on: date = column("day on which no remedy is open any more", nullable=True)
    housed_on: date = column("day of moving to a home", nullable=True)
    left_since_application_on: date = column("first day of leaving reception since the application", nullable=True)
    left_since_grant_on: date = column("first day of leaving reception since the grant", nullable=True)
    first_interview_on: date = column("first AANMELDGEHOOR", nullable=True)
    heard_on: date = column("first NADER_GEHOOR", nullable=True)
    intended_on: date = column("first VOORNEMEN", nullable=True)
    viewed_on: date = column("first ZIENSWIJZE", nullable=True)
    legal_aid_granted_on: date = column("first certificate granted", nullable=True)
    application_kind: str = group_of_case("application_kind")
    nationality_group: str = group_of_case("nationality_group")
    track: str = group_of_case("track")
    procedure: str = group_of_case("procedure")
    hearing_mode: str = group_of_case("hearing_mode")
    pool: str = group_of_case("pool")
    complexity: str = group_of_case("complexity")
    project: str = group_of_case("project")

    class Config:
        name = "intermediate.lead_time_case"
        unique = ["case_id"]


class LeadTimeSeries(Contract):
    """Numbers for segments and groups: one row a segment and group."""

    series_no: int = series_no()
    segment_no: int = column("number of the segment", ge=1)
    group_no: int = column("number of the group", in_range=(1, 999))
    segment: str = segment()
    group_kind: str = group_kind()
    group_value: str = group_value()

    class Config:
        name = "intermediate.lead_time_series"
        unique = ["series_no"]


class LeadTimeCohort(Contract):
    """Statistics of intervals by begin: one row a segment and group, and period in which they begin."""

    series_no: int = series_no()
    period_kind: str = period_kind()
    period_start: date = column("first day of the period")
    started_count: int = column("begun in the period", unit="intervals", ge=1)
    completed_count: int = column("of them ended", unit="intervals", ge=0)
    exited_count: int = column("of them exited", unit="intervals", ge=0)
    mean_days: float = statistic("mean", "of the ended")
    median_days: float = statistic("median", "of the ended")
    p80_days: float = statistic("80th percentile", "of the ended")
    p90_days: float = statistic("90th percentile", "of the ended")
    p95_days: float = statistic("95th percentile", "of the ended")
    km_median_days: int = column("Kaplan-Meier median", unit="days", nullable=True, ge=0)
    km_p80_days: int = column("Kaplan-Meier 80th percentile", unit="days", nullable=True, ge=0)
    km_p90_days: int = column("Kaplan-Meier 90th percentile", unit="days", nullable=True, ge=0)
    km_median_low: int = column("lower limit of the median", unit="days", nullable=True, ge=0)
    km_median_high: int = column("upper limit of the median", unit="days", nullable=True, ge=0)
    km_mean_to_730_days: float = column("restricted mean", unit="days", nullable=True, in_range=(0, 730))
    incidence_365_share: float = column("Aalen-Johansen at 365 days", unit="share", nullable=True, in_range=(0, 1))

    class Config:
        name = "intermediate.lead_time_cohort"
        unique = ["series_no", "period_kind", "period_start"]


class LeadTimePeriod(Contract):
    """Begins, ends and exits: one row a segment and group, and period in which something happens."""

    series_no: int = series_no()
    period_kind: str = period_kind()
    period_start: date = column("first day of the period")
    started_count: int = column("begun in the period", unit="intervals", ge=0)
    completed_count: int = column("ended in the period", unit="intervals", ge=0)
    exited_count: int = column("exited in the period", unit="intervals", ge=0)
    mean_days: float = statistic("mean", "of the ended")
    median_days: float = statistic("median", "of the ended")
    p80_days: float = statistic("80th percentile", "of the ended")
    p90_days: float = statistic("90th percentile", "of the ended")
    p95_days: float = statistic("95th percentile", "of the ended")

    class Config:
        name = "intermediate.lead_time_period"
        unique = ["series_no", "period_kind", "period_start"]


class LeadTimeStock(Contract):
    """Ages of open intervals: one row a segment and group, and month at whose end any is open."""

    series_no: int = series_no()
    month_start: date = column("first day of the month; its end is the as-of date in the last one")
    open_count: int = column("open at the month's end", unit="intervals", ge=1)
    mean_days: float = statistic("mean", "age")
    median_days: float = statistic("median", "age")
    p80_days: float = statistic("80th percentile", "of ages")
    p90_days: float = statistic("90th percentile", "of ages")
    p95_days: float = statistic("95th percentile", "of ages")

    class Config:
        name = "intermediate.lead_time_stock"
        unique = ["series_no", "month_start"]
