"""marts.fct_reconciliation."""

from contracts.base import Contract
from contracts.columns import Decimal18x4, column

IDENTITIES = "stage_stock_flow, ind_stock_flow, delivered_rows, residents_by_status"


class FctReconciliation(Contract):
    """What must add up, and how far we are from what partners published: one row an identity, period and group."""

    identity: str = column(
        f"{IDENTITIES}: identities of ours, which must hold; published_<figure> (<source>): a figure that a partner "
        "published",
        source="rules.published_figures",
    )
    period: str = column(
        "YYYY-MM, YYYY-MM-DD, YYYY, or two days with /; of delivered_rows the delivery, YYYY-MM-DD[.n]",
        source="rules.published_figures",
    )
    group_value: str = column(
        "stage, application_kind, partner.extract, track, project, or what the partner published by",
        source="rules.published_figures",
    )
    left_hand: Decimal18x4 = column(
        "left side of the identity; of a published figure ours, empty where we publish none for that period",
        source="rules.published_counterparts",
        nullable=True,
    )
    right_hand: Decimal18x4 = column(
        "right side of the identity; of a published figure theirs", source="rules.published_figures"
    )
    residual: Decimal18x4 = column(
        "how far the sides are apart; of a published figure what of that lies beyond half its rounding unit",
        formula="left_hand - right_hand; published: its sign x max(0, |left_hand - right_hand| - rounding / 2)",
        source="rules.published_figures.rounding",
        nullable=True,
    )
    passes: bool = column(
        "residual is 0; empty for published figures, which need not agree", source=IDENTITIES, nullable=True
    )
    explanation: str = column("the identity in words, or what was compared", source="rules.published_counterparts")

    class Config:
        name = "marts.fct_reconciliation"
        unique = ["identity", "period", "group_value"]
        filled_exactly_with = {"column": "residual", "other": "left_hand"}
