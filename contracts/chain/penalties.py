"""Intermediate tables about penalties for late decisions (rules.md)."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal18, Pseudonym, column

PENALTY_KINDS = ("administrative", "judicial")
TARIFF = "rules.penalty_tariffs, ind.rechtsmiddel.dwangsom_per_dag"
MAXIMUM = "rules.penalty_settings, ind.rechtsmiddel.dwangsom_maximum"


class CountingNotice(Contract):
    """Notices of default that count: one row a notice (ingebrekestelling)."""

    case_id: Pseudonym = dim.case_id()
    notice_no: int = column("rank of the notice within the case", source="ind.ingebrekestelling.volgnummer")
    received_on: date = column("day it was received", source="ind.ingebrekestelling.datum_ontvangst")
    grace_ends_on: date = column("last day of the grace, rolled to a working day", source="rules.penalty_settings")

    class Config:
        name = "intermediate.counting_notice"
        unique = ["case_id", "notice_no"]
        not_before = {"later": "grace_ends_on", "earlier": "received_on"}
        exists_in = {"column": "case_id", "parent": "intermediate.application", "parent_column": "case_id"}


class PenaltyRun(Contract):
    """Penalty runs with what they cost a day: one row a run."""

    case_id: Pseudonym = dim.case_id()
    kind: str = column("administrative or judicial", isin=PENALTY_KINDS)
    run_no: int = column("1, 2, ... within case and kind, by the day of the ruling", ge=1)
    notice_on: date = column("receipt of the notice; empty for a judicial run", nullable=True)
    starts_on: date = column("first penalty day")
    decided_on: date = column("the decision that ends the run: no penalty from that day on", nullable=True)
    ended_on: date = column(
        "first day at whose end the run does not run any more, its start at the earliest; may lie after the as-of date",
        nullable=True,
    )
    days_1_14_eur: Decimal18 = column("a day of day 1 to 14", unit="EUR", source=TARIFF, ge=0)
    days_15_28_eur: Decimal18 = column("a day of day 15 to 28", unit="EUR", source=TARIFF, ge=0)
    days_29_42_eur: Decimal18 = column("a day from day 29 on", unit="EUR", source=TARIFF, ge=0)
    maximum_days: int = column(
        "days after which the maximum is reached; empty = never", unit="days", source=MAXIMUM, nullable=True, ge=0
    )
    maximum_eur: Decimal18 = column("most that the run can cost", unit="EUR", source=MAXIMUM, ge=0)

    class Config:
        name = "intermediate.penalty_run"
        unique = ["case_id", "kind", "run_no"]
        not_before = {"later": "ended_on", "earlier": "starts_on"}
        filled_exactly_when = {"column": "notice_on", "when": {"kind": "administrative"}}
