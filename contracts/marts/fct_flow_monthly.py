"""marts.fct_flow_monthly."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

FLOWS = (*dim.OPEN_STAGES, "ind_stock", "chain")
COUNTS = "marts.fct_backlog_daily, marts.fct_ind_stock_daily"
CEPEJ = "CEPEJ, SATURN guidelines and GOJUST guidelines (CEPEJ(2008)11)"
COURTOOLS = "NCSC CourTools, measure 2"


class FctFlowMonthly(Contract):
    """Stock and flow per month: one row a month, flow and application_kind, from the first event to the as-of date.

    Every month is there for every flow. In the month of the as-of date the month ends on that date.
    """

    month_start: date = column("first day of the month")
    flow: str = column(
        "a stage; ind_stock: applications without first decision; chain: all open stages together, entered when a case "
        "opens and left when it closes",
        source=dim.TIMELINE,
        isin=FLOWS,
    )
    application_kind: str = column(
        "kind of application (soort aanvraag), or all. Of ind_stock, all is the stock that IND publishes: without "
        "family reunification, which stands beside it",
        source="ind.aanvraag.soort_aanvraag",
        isin=(*dim.APPLICATION_KINDS, "all"),
    )
    stock_start: int = column("stock at the end of the month before", unit="cases", source=COUNTS, ge=0)
    entered_count: int = column("entered in the month", unit="visits", source=COUNTS, ge=0)
    left_count: int = column("left in the month", unit="visits", source=COUNTS, ge=0)
    stock_end: int = column("stock at the month's end", unit="cases", source=COUNTS, ge=0)
    residual: int = column(
        "what the flows do not explain; 0 or the figures are wrong",
        formula="stock_start + entered_count - left_count - stock_end",
        unit="cases",
        source=COUNTS,
        eq=0,
    )
    clearance_rate: float = column(
        "clearance rate: above 1 more left than entered; empty where nothing entered",
        formula="left_count / entered_count",
        denominator="entered_count",
        unit="ratio",
        source=f"{CEPEJ}; {COURTOOLS}",
        nullable=True,
        ge=0,
    )
    turnover: float = column(
        "case turnover ratio; empty where nothing is left",
        formula="left_count / stock_end",
        denominator="stock_end",
        unit="ratio",
        source=CEPEJ,
        nullable=True,
        ge=0,
    )
    disposition_days: float = column(
        "disposition time: days that the stock would take at the month's pace (CEPEJ takes a year of 365 days); empty "
        "where nothing left",
        formula="stock_end x days of the month up to the as-of date / left_count",
        denominator="left_count",
        unit="days",
        source=CEPEJ,
        nullable=True,
        ge=0,
    )
    littles_law_ratio: float = column(
        "the stock against what flow and duration make of it: about 1 in a steady state, warned about outside 0.5 to "
        "2; empty where a factor is 0",
        formula="mean daily stock / (entered per day x mean days of the visits that ended in the month)",
        denominator="entered per day x mean days of the visits that ended in the month",
        unit="ratio",
        source="Little (1961), L = lambda W",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_flow_monthly"
        unique = ["month_start", "flow", "application_kind"]
