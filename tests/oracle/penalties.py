"""rules.md, "Penalties for late decisions": runs, amounts, payments.

Belongs here: what is owed for one case. Not: sums over cases.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.case import Case
from tests.oracle.clock import Clock
from tests.oracle.rows import Row
from tests.oracle.rulebook import Rulebook
from tests.oracle.workdays import DAY, days_between

PAYMENT_KIND = {"administrative": "BESTUURLIJK", "judicial": "RECHTERLIJK"}


@dataclass
class Run:
    """One row of fct_penalty_run, without dimensions."""

    kind: str
    run_no: int
    notice_on: date | None
    starts_on: date
    days_accrued: int
    amount_accrued_eur: Decimal
    amount_maximum_eur: Decimal
    amount_if_undecided_90d_eur: Decimal
    is_running: bool
    paid_eur: Decimal | None = None
    outstanding_eur: Decimal | None = None


def counting_notice(case: Case, rules: Rulebook, as_of: date) -> Row | None:
    """The first that counts: after the deadline as applied, before the decision, not withdrawn in grace."""
    deadline = Clock(case, rules, as_of).deadline_as_applied()
    for notice in sorted(case.ingebrekestelling, key=lambda n: (n.datum_ontvangst, n.volgnummer)):
        late = deadline is not None and notice.datum_ontvangst > deadline
        before = case.decided_on is None or notice.datum_ontvangst < case.decided_on
        withdrawn = notice.datum_ingetrokken
        stands = withdrawn is None or withdrawn > grace_end(notice, rules)
        if late and before and stands:
            return notice
    return None


def grace_end(notice: Row, rules: Rulebook) -> date:
    """grace_days after datum_ontvangst; its last day rolls to the next working day."""
    return rules.workdays.rolled(notice.datum_ontvangst + rules.penalty_settings["grace_days"] * DAY)


def tiers(days: int, per_day: list[Decimal]) -> Decimal:
    """Day 1-14, 15-28 and 29-42 at their own tariff."""
    total = Decimal(0)
    for number in range(1, days + 1):
        total += per_day[(number - 1) // 14] if number <= 42 else Decimal(0)
    return total


def administrative_run(case: Case, rules: Rulebook, as_of: date) -> list[Run]:
    """The one administrative run, when a notice counts; also where the tariff is 0."""
    notice = counting_notice(case, rules, as_of)
    if notice is None:
        return []
    maximum = rules.penalty_settings["administrative_maximum_days"]
    per_day = rules.tariff(notice.datum_ontvangst, case.soort, case.procedure, case.outcome)
    starts_on = grace_end(notice, rules) + DAY
    days, exposed = (min(n, maximum) for n in penalty_days(starts_on, case.decided_on, as_of, rules))
    return [
        Run(
            kind="administrative",
            run_no=1,
            notice_on=notice.datum_ontvangst,
            starts_on=starts_on,
            days_accrued=days,
            amount_accrued_eur=tiers(days, per_day),
            amount_maximum_eur=tiers(maximum, per_day),
            amount_if_undecided_90d_eur=tiers(exposed, per_day),
            is_running=starts_on <= as_of and case.decided_on is None and days < maximum,
        )
    ]


def judicial_runs(case: Case, rules: Rulebook, as_of: date) -> list[Run]:
    """Each BEROEP_NTB ruled GEGROND is a run."""
    ruled = [r for r in case.rechtsmiddel if r.soort == "BEROEP_NTB" and r.uitspraak == "GEGROND"]
    runs = []
    for run_no, ruling in enumerate(sorted(ruled, key=lambda r: (r.datum_uitspraak, r.volgnummer)), start=1):
        starts_on = ruling.datum_uitspraak + (ruling.beslistermijn_dagen + 1) * DAY
        after = [b.datum_beslissing for b in case.decisions if b.datum_beslissing >= ruling.datum_uitspraak]
        ended_by = min(after, default=None)
        days, exposed = penalty_days(starts_on, ended_by, as_of, rules)
        amount = amount_of(ruling)
        runs.append(
            Run(
                kind="judicial",
                run_no=run_no,
                notice_on=None,
                starts_on=starts_on,
                days_accrued=days,
                amount_accrued_eur=amount(days),
                amount_maximum_eur=ruling.dwangsom_maximum,
                amount_if_undecided_90d_eur=amount(exposed),
                is_running=starts_on <= as_of and ended_by is None and amount(days) < ruling.dwangsom_maximum,
            )
        )
    return runs


def amount_of(ruling: Row) -> Callable[[int], Decimal]:
    """days x dwangsom_per_dag, at most dwangsom_maximum."""
    return lambda days: min(days * ruling.dwangsom_per_dag, ruling.dwangsom_maximum)


def penalty_days(starts_on: date, ended_by: date | None, as_of: date, rules: Rulebook) -> tuple[int, int]:
    """Days from starts_on to the day before the decision, at most A; and the same to A + exposure_days."""
    exposed_to = as_of + rules.penalty_settings["exposure_days"] * DAY
    last, last_exposed = as_of, exposed_to
    if ended_by is not None:
        last = last_exposed = min(ended_by - DAY, as_of)
    return len(days_between(starts_on, last)), len(days_between(starts_on, last_exposed))


def penalty_runs(case: Case, rules: Rulebook, as_of: date) -> list[Run]:
    """Every run of a case; what was paid and is outstanding stands on run_no 1 of each kind."""
    runs = administrative_run(case, rules, as_of) + judicial_runs(case, rules, as_of)
    for first in (r for r in runs if r.run_no == 1):
        payments = [p for p in case.dwangsombetaling if p.soort == PAYMENT_KIND[first.kind]]
        accrued = sum((r.amount_accrued_eur for r in runs if r.kind == first.kind), Decimal(0))
        first.paid_eur = sum((p.bedrag_eur for p in payments), Decimal(0))
        first.outstanding_eur = accrued - first.paid_eur
    return runs
