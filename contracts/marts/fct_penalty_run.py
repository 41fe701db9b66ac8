"""marts.fct_penalty_run."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.chain.penalties import MAXIMUM, PENALTY_KINDS, TARIFF
from contracts.columns import Decimal18, column


class FctPenaltyRun(Contract):
    """Penalties for late decisions: one row a penalty run.

    A run exists also with 0 days, at a tariff of 0, and with a start after the as-of date. Runs of one case add up.
    """

    case_id: str = dim.case_id()
    run_no: int = column("1, 2, ... within case and kind; an administrative run is always 1", ge=1)
    kind: str = column(
        "administrative (bestuurlijke dwangsom, Awb 4:17) or judicial (rechterlijke dwangsom)", isin=PENALTY_KINDS
    )
    notice_on: date = column(
        "receipt of the first notice of default (ingebrekestelling) that counts: after the deadline as applied, before "
        "the first decision, not withdrawn within its grace; empty for a judicial run",
        source="ind.ingebrekestelling.datum_ontvangst, marts.dim_case.deadline_as_applied",
        nullable=True,
    )
    starts_on: date = column(
        "first penalty day: after the grace, or after the term that the court set",
        formula="administrative: the day after notice_on + grace_days rolled to a working day; judicial: "
        "datum_uitspraak + beslistermijn_dagen + 1",
        source="rules.penalty_settings, ind.rechtsmiddel",
    )
    days_accrued: int = column(
        "penalty days so far",
        formula="days from starts_on to the day before the decision, at most to the as-of date; administrative: at "
        "most administrative_maximum_days",
        unit="days",
        source="rules.penalty_settings",
        ge=0,
    )
    amount_accrued_eur: Decimal18 = column(
        "what these days cost",
        formula="administrative: days 1-14, 15-28 and 29-42 at their tariffs; judicial: days_accrued x "
        "dwangsom_per_dag, at most amount_maximum_eur",
        unit="EUR",
        source=TARIFF,
        ge=0,
    )
    amount_maximum_eur: Decimal18 = column(
        "most that the run can cost",
        formula="administrative: administrative_maximum_days at their tariffs; judicial: dwangsom_maximum",
        unit="EUR",
        source=MAXIMUM,
        ge=0,
    )
    amount_if_undecided_90d_eur: Decimal18 = column(
        "the accrued amount exposure_days (90) after the as-of date if nothing is decided; of a decided case what "
        "it cost",
        formula="amount_accrued_eur with the penalty days up to the as-of date + exposure_days",
        unit="EUR",
        source="rules.penalty_settings",
        ge=0,
    )
    is_running: bool = column(
        "started, not ended by its decision, and below its maximum on the as-of date", source="rules.penalty_settings"
    )
    paid_eur: Decimal18 = column(
        "payments (dwangsombetalingen) of this case and kind; payments carry no run number, so it stands on run_no 1",
        unit="EUR",
        source="ind.dwangsombetaling.bedrag_eur",
        nullable=True,
        ge=0,
    )
    outstanding_eur: Decimal18 = column(
        "still to be paid of this case and kind, on run_no 1; negative where more was paid",
        formula="sum of amount_accrued_eur over the runs of the case and kind - paid_eur",
        unit="EUR",
        source="ind.dwangsombetaling.bedrag_eur",
        nullable=True,
    )
    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    track: str = dim.track()
    procedure: str = dim.procedure()
    project: str = dim.project()
    complexity: str = dim.complexity()

    class Config:
        name = "marts.fct_penalty_run"
        unique = ["case_id", "kind", "run_no"]
        after = {"later": "starts_on", "earlier": "notice_on"}
        filled_exactly_when = {"column": "notice_on", "when": {"kind": "administrative"}}
        filled_exactly_with = {"column": "outstanding_eur", "other": "paid_eur"}
        at_most = (
            {"column": "amount_accrued_eur", "limit": "amount_if_undecided_90d_eur"},
            {"column": "amount_if_undecided_90d_eur", "limit": "amount_maximum_eur"},
        )
        exists_in = {"column": "case_id", "parent": "marts.dim_case", "parent_column": "case_id"}
