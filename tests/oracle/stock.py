"""Daily counts of marts.md: fct_ind_stock_daily, fct_backlog_daily, fct_project_progress, by counting case after case.

Belongs here: counting what holds on one day. Not: why it holds (timeline, clock).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from tests.oracle.case import Case
from tests.oracle.clock import is_over_term
from tests.oracle.rulebook import STAGES, Record, Rulebook
from tests.oracle.timeline import Visit, outcome_group
from tests.oracle.workdays import DAY, add_months, days_between

KINDS = {
    "EERSTE": "first",
    "HERHAALD": "repeat",
    "NAREIS": "family_reunification",
    "HERVESTIGING": "resettlement",
    "HERPLAATSING": "relocation",
}
Dimensions = tuple[str, str, str, str]
"""application_kind, nationality_group, track, project."""

IND_STOCK = [
    "stock", "applications", "first_decisions", "over_term", "over_term_in_hindsight", "over_6_months",
    "over_15_months", "over_21_months", "impeded", "suspended",
]  # fmt: skip
BACKLOG = ["stock", "entered_count", "left_count", "over_norm", "impeded"]


def dimensions(case: Case, rules: Rulebook) -> Dimensions:
    """The four dimensions of the daily tables."""
    return (
        KINDS[case.soort],
        rules.nationality_group(case.aanvraag.nationaliteit),
        f"spoor_{case.aanvraag.spoor}" if case.aanvraag.spoor else "unknown",
        case.aanvraag.project or "none",
    )


def ind_stock_of(case: Case, as_applied: date | None, in_hindsight: date | None, as_of: date) -> dict[date, list[str]]:
    """The measures of fct_ind_stock_daily that one case counts in on each day; where it counts in none is no day."""
    measures: dict[date, list[str]] = defaultdict(list)
    measures[case.applied_on].append("applications")
    if case.decided_on is not None:
        measures[case.decided_on].append("first_decisions")
    ages = [(f"over_{months}_months", add_months(case.applied_on, months)) for months in (6, 15, 21)]
    for day in days_between(case.applied_on, as_of):
        if not case.is_undecided(day):
            break
        on = measures[day]
        on.append("stock")
        on += [measure for measure, reached_on in ages if reached_on < day]
        if is_over_term(case, as_applied, day):
            on.append("over_term")
        if is_over_term(case, in_hindsight, day):
            on.append("over_term_in_hindsight")
        if case.is_impeded(day):
            on.append("impeded")
        if case.is_suspended(day):
            on.append("suspended")
    return measures


def backlog_of(case: Case, visits: Iterable[Visit], rules: Rulebook, as_of: date) -> dict[tuple[date, str], list[str]]:
    """The measures of fct_backlog_daily that one case counts in on each day and stage.

    A visit is in stock at each of its days' ends.
    """
    measures: dict[tuple[date, str], list[str]] = defaultdict(list)
    for visit in visits:
        stage = STAGES[visit.stage][0]
        norm = rules.norm_days(visit.stage, visit.entered_on)
        measures[visit.entered_on, stage].append("entered_count")
        if visit.left_on is not None:
            measures[visit.left_on, stage].append("left_count")
        for day in days_between(visit.entered_on, visit.left_on - DAY if visit.left_on else as_of):
            on = measures[day, stage]
            on.append("stock")
            if norm is not None and (day - visit.entered_on).days > norm:
                on.append("over_norm")
            if case.is_impeded(day):
                on.append("impeded")
    return measures


@dataclass
class Progress:
    """One row of fct_project_progress."""

    project_id: str
    day: date
    initial_count: int
    remaining: int
    done: int
    done_share: Fraction | None
    impeded: int
    target_line: Fraction
    gap_to_target: Fraction
    pace_13w: Fraction | None
    projected_done_on: date | None
    done_granted: int
    done_refused: int
    done_other: int


def project_progress(project: Record, cases: Iterable[Case], as_of: date) -> list[Progress]:
    """Every day from start_on to A (rules.md, projects; marts.md, fct_project_progress)."""
    start_on, target_on = date.fromisoformat(project["start_on"]), date.fromisoformat(project["target_on"])
    initial = [
        case
        for case in cases
        if case.soort in project["kinds"].split("|")
        and case.applied_on < date.fromisoformat(project["filed_before"])
        and case.is_undecided(start_on - DAY)
    ]
    rows: list[Progress] = []
    for day in days_between(start_on, as_of):
        undecided = [c for c in initial if c.is_undecided(day)]
        done = [c for c in initial if not c.is_undecided(day)]
        groups = Counter(outcome_group(c.outcome or "") for c in done)
        line = target_line(len(initial), int(project["target_stock"]), start_on, target_on, day)
        passed = (day - start_on).days
        done_before = sum(not c.is_undecided(day - 91 * DAY) for c in initial)
        pace = Fraction(len(done) - done_before, 13) if passed >= 91 else None
        rows.append(
            Progress(
                project_id=project["project_id"],
                day=day,
                initial_count=len(initial),
                remaining=len(undecided),
                done=len(done),
                done_share=Fraction(len(done), len(initial)) if initial else None,
                impeded=sum(c.is_impeded(day) for c in undecided),
                target_line=line,
                gap_to_target=len(undecided) - line,
                pace_13w=pace,
                projected_done_on=day + ceil(7 * len(undecided) / pace) * DAY if pace else None,
                done_granted=groups["granted"],
                done_refused=groups["refused"],
                done_other=groups["other"],
            )
        )
    return rows


def target_line(initial: int, target: int, start_on: date, target_on: date, day: date) -> Fraction:
    """Linear from initial on start_on to target_stock on target_on, then flat."""
    passed, whole = (min(day, target_on) - start_on).days, (target_on - start_on).days
    return initial + (target - initial) * Fraction(passed, whole)
