"""marts.fct_penalty_monthly."""

from datetime import date

from contracts.base import Contract
from contracts.chain.penalties import PENALTY_KINDS
from contracts.columns import Decimal18, column

RUNS = "marts.fct_penalty_run"


class FctPenaltyMonthly(Contract):
    """Penalties for late decisions over time: one row a month and kind, from the first event to the as-of date."""

    month_start: date = column("first day of the month; the last month counts up to the as-of date")
    kind: str = column("administrative (bestuurlijke) or judicial (rechterlijke dwangsom)", isin=PENALTY_KINDS)
    notices: int = column(
        "notices of default (ingebrekestellingen) that count, by the day of receipt, also those after the first of a "
        "case; 0 for judicial",
        unit="notices",
        source="ind.ingebrekestelling.datum_ontvangst, marts.dim_case.deadline_as_applied, rules.penalty_settings",
        ge=0,
    )
    runs_started: int = column("runs with starts_on in the month", unit="runs", source=f"{RUNS}.starts_on", ge=0)
    runs_ended: int = column(
        "runs ended by a decision or by reaching their maximum; one decided before it started ends on starts_on",
        unit="runs",
        source=f"{RUNS}.starts_on, rules.penalty_settings",
        ge=0,
    )
    accrued_eur: Decimal18 = column(
        "growth of the accrued amount in the month",
        formula="what all runs cost by the month's end - what they cost by its start",
        unit="EUR",
        source=f"{RUNS}.amount_accrued_eur",
        ge=0,
    )
    paid_eur: Decimal18 = column(
        "payments of the month (dwangsombetalingen), also on cases that have no run here",
        unit="EUR",
        source="ind.dwangsombetaling.bedrag_eur, datum_betaling",
        ge=0,
    )
    outstanding_end_eur: Decimal18 = column(
        "still to be paid at the month's end; negative where more was paid than accrued",
        formula="sum of accrued_eur - paid_eur, up to and with the month",
        unit="EUR",
        source=RUNS,
    )
    running_end: int = column(
        "runs that run at the month's end",
        formula="sum of runs_started - runs_ended, up to and with the month",
        unit="runs",
        source=RUNS,
        ge=0,
    )
    exposure_90d_eur: Decimal18 = column(
        "what all runs cost after 90 days (exposure_days) without decisions, ended ones at what they cost; less the "
        "accrued amount it is what these days add. Only in the month of the as-of date",
        formula="sum of amount_if_undecided_90d_eur over all runs",
        unit="EUR",
        source=f"{RUNS}.amount_if_undecided_90d_eur, rules.penalty_settings",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_penalty_monthly"
        unique = ["month_start", "kind"]
