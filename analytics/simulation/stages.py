"""The stage of every case on every day, from the events that truly happened: a second reading of timeline.md.

Belongs here: stage visits of the truth, in numpy, sharing no code with the marts that are tested against it. Does not
belong here: what was recorded late or wrongly (the truth knows everything at once).
"""

import csv
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, SEEDS, Days, working
from analytics.simulation.cases import Cases
from analytics.simulation.figures import REUNION
from analytics.simulation.outcomes import OUTCOMES, Codes, is_granted, is_refused
from analytics.simulation.reception import HOUSED, Receptions
from analytics.simulation.remedies import Remedies
from analytics.simulation.steps import HEARING, INTENTION, INTERVIEW, PREPARED, VIEW, Course

STAGES = (
    "registration",
    "awaiting_first_interview",
    "rest_and_preparation",
    "awaiting_hearing",
    "awaiting_assessment",
    "awaiting_view",
    "awaiting_decision",
    "awaiting_housing",
    "appeal_window",
    "in_appeal",
    "awaiting_redecision",
    "departure",
)
_HOUSING, _WINDOW, _APPEAL, _REDECISION, _DEPARTURE = 8, 9, 10, 11, 12


@dataclass(frozen=True)
class _Spells:
    """Periods of reception ordered by person and begin, to ask until when a person is in reception from a day on."""

    key: npt.NDArray[np.int64]
    begin: Days
    until: Days
    housed: npt.NDArray[np.bool_]

    def closing(self, person: npt.NDArray[np.int32], day: Days) -> Days:
        """First day on or after `day` at whose end the person is in no open reception."""
        at = np.searchsorted(self.key, person.astype(np.int64) * NEVER + day, "right") - 1
        known = np.maximum(at, 0)
        same = (at >= 0) & (self.key[known] // NEVER == person) & (self.until[known] > day)
        return np.where(same, self.until[known], day).astype(np.int32)


def _spells(receptions: Receptions, person: npt.NDArray[np.int32]) -> _Spells:
    whose = person[receptions.case].astype(np.int64)
    order = np.lexsort((receptions.begin, whose))
    return _Spells(
        whose[order] * NEVER + receptions.begin[order],
        receptions.begin[order],
        receptions.until[order],
        receptions.reason[order] == HOUSED,
    )


def _window_end(notified: Days, outcome: Codes, procedure: npt.NDArray[np.int8]) -> Days:
    """Last day of the appeal window by rules/appeal_windows.csv: outcome, then procedure, then all."""
    names = ("AA", "AA+", "VA", "GRENS", "VERSNELD")
    days = np.zeros(len(outcome), dtype=np.int32)
    with (SEEDS / "appeal_windows.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rank = {"outcome": 0, "procedure": 1, "all": 2}
    for row in sorted(rows, key=lambda r: rank[r["applies_to"].partition(":")[0]], reverse=True):
        kind, _, value = row["applies_to"].partition(":")
        hit = np.ones(len(outcome), dtype=bool)
        if kind == "outcome":
            hit = outcome == OUTCOMES.index(value)
        elif kind == "procedure":
            hit = procedure == names.index(value)
        days[hit] = int(row["days"])
    return working(notified + days)


def _before_decision(cases: Cases, course: Course, decided: Days) -> list[tuple[int, Days, Days]]:
    """Visits of stages 1 to 7: the highest-numbered stage whose event has happened."""
    n = len(cases)
    none = np.full(n, NEVER, dtype=np.int32)
    reunion = cases.kind == REUNION
    registered = np.where(cases.registered < NEVER, cases.registered, cases.applied)
    entered = [np.where(reunion, none, registered), np.where(reunion, none, cases.applied)]
    entered += [course.on(step) for step in (INTERVIEW, PREPARED, HEARING, INTENTION)]
    entered.append(np.where(reunion, cases.applied, course.on(VIEW)))
    visits = []
    following = decided.copy()
    for stage in range(7, 0, -1):
        visits.append((stage, entered[stage - 1].astype(np.int32), following.copy()))
        following = np.minimum(following, entered[stage - 1]).astype(np.int32)
    return visits


def _after_decision(
    cases: Cases, decided: Days, outcome: Codes, remedies: Remedies, procedure: npt.NDArray[np.int8]
) -> list[tuple[npt.NDArray[np.int8], Days]]:
    """States a case enters from the first decision on, in order of time; NEVER where it does not."""
    n = len(cases)
    refused = is_refused(outcome)
    first = np.where(is_granted(outcome), _HOUSING, np.where(refused, _WINDOW, _DEPARTURE)).astype(np.int8)
    window = _window_end(remedies.notified, outcome, procedure)
    passed = np.where(refused & (remedies.appealed > window), window + 1, NEVER).astype(np.int32)
    upheld = (remedies.higher_ruling == 0) & ~remedies.higher_by_ind
    again = remedies.redecided
    granted = is_granted(remedies.redecision)
    second = _window_end(again + 1, remedies.redecision, procedure)
    second = np.where((again < NEVER) & ~granted, second + 1, NEVER).astype(np.int32)

    def constant(stage: int) -> npt.NDArray[np.int8]:
        return np.full(n, stage, dtype=np.int8)

    return [
        (first, decided),
        (constant(_DEPARTURE), passed),
        (constant(_APPEAL), remedies.appealed),
        (np.where(remedies.ruling == 0, _REDECISION, _DEPARTURE).astype(np.int8), remedies.ruled),
        (constant(_APPEAL), remedies.higher),
        (np.where(upheld, _REDECISION, _DEPARTURE).astype(np.int8), remedies.higher_ruled),
        (np.where(granted, _HOUSING, _WINDOW).astype(np.int8), again),
        (constant(_DEPARTURE), second),
    ]


def stage_visits(
    cases: Cases,
    person: npt.NDArray[np.int32],
    course: Course,
    decided: Days,
    outcome: Codes,
    remedies: Remedies,
    receptions: Receptions,
    procedure: npt.NDArray[np.int8],
) -> pl.DataFrame:
    """One row a visit: case number, stage number, first day in it, first day no longer in it (NEVER = open)."""
    spells = _spells(receptions, person)
    parts = []
    number = np.arange(1, len(cases) + 1, dtype=np.int32)
    for stage, entered, left in _before_decision(cases, course, decided):
        some = (entered < left) & (entered < NEVER)
        parts.append(
            pl.DataFrame(
                {
                    "case": number[some],
                    "stage_no": np.full(int(some.sum()), stage, np.int8),
                    "entered": entered[some],
                    "left": left[some],
                }
            )
        )
    following = np.full(len(cases), NEVER, dtype=np.int32)
    for stages, entered in reversed(_after_decision(cases, decided, outcome, remedies, procedure)):
        closing = np.where(np.isin(stages, (_HOUSING, _DEPARTURE)), spells.closing(person, entered), NEVER)
        left = np.minimum(following, closing).astype(np.int32)
        some = (entered < left) & (entered < NEVER)
        parts.append(
            pl.DataFrame({"case": number[some], "stage_no": stages[some], "entered": entered[some], "left": left[some]})
        )
        following = np.where(entered < NEVER, np.minimum(following, entered), following).astype(np.int32)
    return pl.concat(parts).sort("case", "entered", "stage_no")


def stock_per_day(visits: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """One row a day and stage: cases in the stage at the day's end."""
    days = last - first + 1
    stage = visits["stage_no"].to_numpy().astype(np.int64) - 1
    entered = np.clip(visits["entered"].to_numpy() - first, 0, days)
    left = np.clip(visits["left"].to_numpy() - first, 0, days)
    size = len(STAGES) * (days + 1)
    gained = np.bincount(stage * (days + 1) + entered, minlength=size)
    lost = np.bincount(stage * (days + 1) + left, minlength=size)
    counts = np.cumsum((gained - lost).reshape(len(STAGES), days + 1), axis=1)[:, :days]
    return pl.DataFrame(
        {
            "day": pl.Series(np.tile(np.arange(first, last + 1, dtype=np.int32), len(STAGES))).cast(pl.Date),
            "stage": np.repeat(np.array(STAGES), days),
            "stock": counts.ravel(),
        }
    ).sort("day", "stage")
