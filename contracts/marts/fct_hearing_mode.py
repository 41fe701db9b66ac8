"""marts.fct_hearing_mode."""

from datetime import date
from typing import Any

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

CASES = "intermediate.hearing_landmark"
BOOTSTRAP = "500 resamples within stratum and arm, fixed seed"
NO_EFFECT = "empty without overlap"
LIMITS = (
    "By what was offered, not by how the hearing went. What it cannot rule out: reasons for offering a written hearing "
    "that kind, nationality group, complexity and quarter do not hold"
)


def or_all(name: str, described: str, values: tuple[str, ...] | None = None) -> Any:
    allowed: dict[str, Any] = {"isin": (*values, "all")} if values else {}
    return column(f"{described}; on the pooled row all", source=f"{CASES}.{name}", **allowed)


def mean_days(arm: str) -> Any:
    return column(
        f"mean days from the landmark to the first decision of the {arm} cases; pooled: strata weighted by offered "
        "cases",
        formula="mean of least(days to the first decision, 365)",
        denominator=f"{arm.replace(' ', '_')}_count",
        unit="days",
        source="Kaplan-Meier; nobody is censored before 365 days",
        nullable=True,
        in_range=(0, 365),
    )


def effect(description: str, unit: str, source: str, formula: str) -> Any:
    return column(f"{description}; {NO_EFFECT}. {LIMITS}", unit=unit, source=source, formula=formula, nullable=True)


def share(description: str, numerator: str, denominator: str) -> Any:
    return column(
        f"{description}; pooled: strata weighted by offered cases",
        unit="share",
        source=CASES,
        formula=f"{numerator} / {denominator}",
        denominator=denominator,
        nullable=True,
        in_range=(0, 1),
    )


class FctHearingMode(Contract):
    """Time that written hearings gain, by what was offered: one row a stratum, and one pooled row.

    Included: prepared, neither heard nor decided on the landmark (prepared_on + landmark_days), which lies 365 days or
    more before the as-of date. Offered: on or before the landmark; later offers count as not offered. It cannot rule
    out reasons for offering that kind, nationality group, complexity and quarter do not hold.
    """

    stratum: str = column("cell, or pooled: the cells with overlap, weighted by offered cases", isin=("cell", "pooled"))
    application_kind: str = or_all("application_kind", "kind of application (soort aanvraag)", dim.APPLICATION_KINDS)
    nationality_group: str = or_all("nationality_group", "group of nationalities")
    complexity: str = or_all("complexity", "complexity (complexiteit)", dim.COMPLEXITIES)
    quarter_start: date = column(
        "first day of the quarter of application; empty on the pooled row",
        source="ind.aanvraag.datum_aanvraag",
        nullable=True,
    )
    offered_count: int = column(
        "cases offered a written hearing (schriftelijk gehoor)", unit="cases", source=CASES, ge=0
    )
    not_offered_count: int = column("cases not, or only later, offered one", unit="cases", source=CASES, ge=0)
    fallback_share: float = share(
        "of the offered, those heard otherwise than in writing",
        "offered cases heard orally or by video",
        "offered_count",
    )
    offered_mean_days: float = mean_days("offered")
    not_offered_mean_days: float = mean_days("not offered")
    gain_days: float = effect(
        "days that the offer saves: above 0 it saves time",
        "days",
        CASES,
        "not_offered_mean_days - offered_mean_days; pooled: the strata's gains weighted by offered cases",
    )
    gain_low: float = effect(
        "lower end of the 95% interval of gain_days", "days", BOOTSTRAP, "percentile 2.5 of the resampled gains"
    )
    gain_high: float = effect(
        "upper end of the 95% interval of gain_days", "days", BOOTSTRAP, "percentile 97.5 of the resampled gains"
    )
    hearing_gain_days: float = effect(
        "the same gain from the landmark to the hearing; a decision without hearing censors",
        "days",
        "Kaplan-Meier",
        "mean days to the hearing restricted to 365, not offered less offered",
    )
    ind_hours_gain: float = effect(
        "staff hours that the offer saves: above 0 it saves hours",
        "hours",
        "ind.processtap.uren, ind.beslissing.uren",
        "mean hours of the not offered - mean hours of the offered cases",
    )
    legal_aid_points_difference: float = effect(
        "legal aid points that the offer costs, of cases with settled certificates of the application",
        "points",
        "rvr.toevoeging.punten",
        "mean points of the offered - mean points of the not offered cases",
    )
    offered_overturned_share: float = share(
        "of the offered, those with a remedy that was GEGROND and not lodged by IND",
        "offered cases overturned",
        "offered_count",
    )
    not_offered_overturned_share: float = share(
        "the same of the not offered", "not offered cases overturned", "not_offered_count"
    )
    overlap: bool = column("10 or more cases in both arms; without it no effect is shown", source="marts.md")

    class Config:
        name = "marts.fct_hearing_mode"
        unique = ["stratum", "application_kind", "nationality_group", "complexity", "quarter_start"]
        at_most = {"column": "gain_low", "limit": "gain_high"}
