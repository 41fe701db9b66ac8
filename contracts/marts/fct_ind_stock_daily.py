"""marts.fct_ind_stock_daily."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

STOCK = "ind.aanvraag.datum_aanvraag, ind.beslissing.datum_beslissing"
TERM = "rules.statutory_terms, ind.termijnmutatie"


class FctIndStockDaily(Contract):
    """The stock that IND publishes (voorraad): one row a day and combination of dimensions.

    Applications signed by the day and not decided by it. Family reunification (NAREIS) stands beside it, under its
    own application_kind.
    """

    day: date = column("calendar day in Europe/Amsterdam")
    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    track: str = dim.track()
    project: str = dim.project()
    stock: int = column(
        "undecided applications at the day's end",
        formula="cases with applied_on <= day and no decision on or before the day",
        unit="cases",
        source=STOCK,
        ge=0,
    )
    applications: int = column(
        "applications signed on the day", unit="cases", source="ind.aanvraag.datum_aanvraag", ge=0
    )
    first_decisions: int = column(
        "first decisions on the day", unit="cases", source="ind.beslissing.datum_beslissing", ge=0
    )
    residual: int = column(
        "what the flows do not explain; 0 or the figures are wrong",
        formula="stock - stock of the day before - applications + first_decisions",
        unit="cases",
        source=STOCK,
        eq=0,
    )
    over_term: int = column(
        "of the stock, over term as applied (buiten de termijn)",
        formula="cases undecided on the day, no suspension covering it, deadline_as_applied < day",
        unit="cases",
        source=TERM,
        ge=0,
    )
    over_term_in_hindsight: int = column(
        "of the stock, over term in hindsight",
        formula="cases undecided on the day, no suspension covering it, deadline_in_hindsight < day",
        unit="cases",
        source=TERM,
        ge=0,
    )
    over_6_months: int = column("of the stock, applied_on + 6 months < day", unit="cases", source=STOCK, ge=0)
    over_15_months: int = column("of the stock, applied_on + 15 months < day", unit="cases", source=STOCK, ge=0)
    over_21_months: int = column("of the stock, applied_on + 21 months < day", unit="cases", source=STOCK, ge=0)
    impeded: int = column(
        "of the stock, with an open impediment (belemmering)", unit="cases", source="ind.processtap", ge=0
    )
    suspended: int = column(
        "of the stock, with a suspended term (opschorting)", unit="cases", source="ind.termijnmutatie", ge=0
    )
    on_time_share: float = column(
        "of the stock, not over term as applied; empty where there is no stock",
        formula="1 - over_term / stock",
        denominator="stock",
        unit="share",
        source=TERM,
        nullable=True,
        in_range=(0, 1),
    )

    class Config:
        name = "marts.fct_ind_stock_daily"
        unique = ["day", "application_kind", "nationality_group", "track", "project"]
        at_most = tuple(
            {"column": name, "limit": limit}
            for name, limit in (
                ("over_term", "stock"),
                ("over_term_in_hindsight", "stock"),
                ("over_6_months", "stock"),
                ("over_15_months", "over_6_months"),
                ("over_21_months", "over_15_months"),
                ("impeded", "stock"),
                ("suspended", "stock"),
            )
        )
