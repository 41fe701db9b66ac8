"""marts.fct_restatement."""

from datetime import date

from contracts.base import Contract
from contracts.columns import column

FIGURES = ("ind_stock", "over_term", "applications", "first_decisions", "residents")


class FctRestatement(Contract):
    """How figures changed as more was known (herziening): one row a figure, period and knowledge date.

    The value at knowledge date K is what a refresh with as-of date K would give from the deliveries in force now. What
    was really said on that day stands in the release of that day.
    """

    figure: str = column(
        "ind_stock, over_term, residents: at the end of the month; applications, first_decisions: in the month. "
        "Without NAREIS, as IND counts its stock",
        source="marts.fct_ind_stock_daily, marts.fct_reception_daily",
        isin=FIGURES,
    )
    period: date = column("first day of the month that the figure is of")
    knowledge_on: date = column(
        "what was known on this day: month ends of the last restatement_months (setting), on which IND (for residents "
        "also COA) had delivered",
        source="raw.setting",
    )
    value: int = column(
        "the figure as known then", unit="cases or persons", source="raw history; rules.statutory_terms", ge=0
    )
    first_value: int = column(
        "the figure at the first knowledge date here that knows the period",
        unit="cases or persons",
        source="raw history",
        ge=0,
    )
    revision: int = column(
        "what was learnt since", formula="value - first_value", unit="cases or persons", source="raw history"
    )

    class Config:
        name = "marts.fct_restatement"
        unique = ["figure", "period", "knowledge_on"]
        not_before = {"later": "knowledge_on", "earlier": "period"}
