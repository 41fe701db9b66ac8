"""The rows of the extract processtap: steps with their calendar, failed attempts and hours.

Belongs here: rows of steps, in narrow arrays because there are twenty a case. Does not belong here: their versions
(`step_versions.py`), or when a step takes place (`steps.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, working_before, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws, RunningDraws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.steps import (
    CLEARED,
    HEARING,
    HEARINGS,
    INTERVIEW,
    OBSTACLE,
    ORAL,
    STEPS,
    VIDEO,
    WRITTEN,
    Course,
)
from analytics.simulation.tables import coded
from analytics.simulation.work import POOLS, TEAMS, hours_of, pool_of, team_of

STATUSES = ("GEPLAND", "GEREALISEERD", "GEANNULEERD", "VERZET")
REASONS = ("TOLK", "GEMACHTIGDE", "NIET_VERSCHENEN", "IND_CAPACITEIT", "ZIEKTE", "OVERIG")
MODES = ("MONDELING", "SCHRIFTELIJK", "VIDEO")
PLANNED, DONE, CANCELLED, MOVED = range(4)
PART = 1_000_000
"""rows worked on at a time: what stands in memory beside the narrow arrays"""
_CASES_SORTED = 4_096
_REASON_WEIGHTS = (0.24, 0.14, 0.2, 0.26, 0.1, 0.06)
_FAILED = {INTERVIEW: 0.3, 5: 0.55, 6: 0.3}


@dataclass
class StepRows:
    """One element a row of processtap, ordered by case, day and step."""

    case: npt.NDArray[np.int32]
    number: npt.NDArray[np.int16]
    step: npt.NDArray[np.int8]
    day: Days
    """day it took place; of a failed attempt the day it was planned for"""
    on_calendar: npt.NDArray[np.bool_]
    """shown as planned first"""
    put_on: Days
    """day from which it is shown as planned"""
    told: Days
    """day from which its end is shown"""
    status: npt.NDArray[np.int8]
    """how it ended: DONE, CANCELLED or MOVED"""
    reason: npt.NDArray[np.int8]
    mode: npt.NDArray[np.int8]
    pool: npt.NDArray[np.int8]
    quarters: npt.NDArray[np.int16]
    """quarters of an hour worked; -1 = not recorded"""

    def __len__(self) -> int:
        return len(self.case)


def parts(size: int) -> Iterator[slice]:
    """Consecutive slices of at most PART rows."""
    return (slice(begin, min(begin + PART, size)) for begin in range(0, size, PART))


def _attempts(
    done: Days, step: npt.NDArray[np.int8], case: npt.NDArray[np.int32], cases: Cases, draws: Draws, wanted: int
) -> tuple[npt.NDArray[np.int32], Days]:
    """Failed attempts: which row they belong to and for which day they were planned; `wanted` in all, when more."""
    share = np.array([_FAILED.get(s, 0.0) for s in range(len(STEPS))])[step]
    failed = np.flatnonzero(draws.chance("failed", share, len(done))).astype(np.int32)
    owner = np.concatenate([failed, failed[draws.chance("failed again", 0.35, len(failed))]])
    planned = working_before(done[owner] - draws.between("attempt", 7, 70, len(owner)))
    kept = planned > cases.applied[case[owner]] + 1
    owners, days = [owner[kept]], [planned[kept]]
    room = np.flatnonzero(np.isin(step, HEARINGS) & (done > cases.applied[case] + 14)).astype(np.int32)
    extra = max(wanted - len(owners[0]), 0) if len(room) else 0
    running = RunningDraws(draws.seed)
    for part in parts(extra):
        size = part.stop - part.start
        more = room[np.floor(running.uniform("extra rows", size) * len(room)).astype(np.int64)]
        begin = cases.applied[case[more]] + 3
        spot = begin + np.floor(running.uniform("extra days", size) * (done[more] - begin)).astype(np.int32)
        owners.append(more)
        days.append(spot.astype(np.int32))
    return np.concatenate(owners), np.concatenate(days)


def make_step_rows(
    cases: Cases, course: Course, knowledge: Knowledge, steps_per_case: float | None, last: int
) -> tuple[StepRows, pl.DataFrame]:
    """Rows of processtap, and the realised steps with hours for the staffing figures."""
    draws = knowledge.draws
    flat = np.flatnonzero((course.done < NEVER).ravel())
    flat = flat[course.done.ravel()[flat] <= last + 60]
    case, step = (flat // len(STEPS)).astype(np.int32), (flat % len(STEPS)).astype(np.int8)
    done = course.done.ravel()[flat]
    del flat
    wanted = 0
    if steps_per_case is not None:
        wanted = round(steps_per_case * int(cases.asylum.sum())) - int((done <= last).sum())
    owner, attempt = _attempts(done, step, case, cases, draws, wanted)
    real = len(case)
    size = real + len(owner)
    rows = StepRows(
        case=np.concatenate([case, case[owner]]),
        number=np.empty(size, np.int16),
        step=np.concatenate([step, step[owner]]),
        day=np.concatenate([done, attempt]),
        on_calendar=np.ones(size, bool),
        put_on=np.empty(size, np.int32),
        told=np.empty(size, np.int32),
        status=np.full(size, DONE, np.int8),
        reason=np.full(size, -1, np.int8),
        mode=np.empty(size, np.int8),
        pool=np.empty(size, np.int8),
        quarters=np.full(size, -1, np.int16),
    )
    del case, step, done, owner, attempt
    rows.on_calendar[:real] = np.isin(rows.step[:real], HEARINGS) & ~draws.chance("no plan", 0.05, real)
    _describe(rows, real, cases, course, replace(knowledge, draws=RunningDraws(draws.seed)))
    team = team_of(cases)
    seen = np.flatnonzero(rows.day[:real] <= last)
    staffing = pl.DataFrame(
        {
            "team": coded(team[rows.case[seen]], TEAMS),
            "pool": coded(rows.pool[seen], POOLS),
            "step": rows.step[seen],
            "day": rows.day[seen],
            "hours": (rows.quarters[seen] / 4).astype(np.float32),
        }
    )
    rows.quarters[:real][np.isin(rows.step[:real], (OBSTACLE, CLEARED))] = -1
    _put_in_order(rows)
    return rows, staffing


def _describe(rows: StepRows, real: int, cases: Cases, course: Course, knowledge: Knowledge) -> None:
    """Fill in who, how, from when and how long: the realised steps first, then the failed attempts."""
    draws = knowledge.draws
    shifted = (slice(part.start + real, part.stop + real) for part in parts(len(rows) - real))
    for part in (*parts(real), *shifted):
        case, step, day = rows.case[part], rows.step[part], rows.day[part]
        size = len(case)
        rows.pool[part] = pool_of(cases, day, draws, "step", case)
        screen = draws.chance("video", np.where(year_of(np.minimum(day, 30_000)) >= 2020, 0.1, 0.01), size)
        mode = np.where(np.isin(step, HEARINGS), np.where(screen, VIDEO, ORAL), -1)
        rows.mode[part] = np.where(course.written[case] & (step == HEARING), WRITTEN, mode)
        put_on = np.maximum(day - draws.between("plan lead", 8, 42, size), cases.applied[case])
        rows.put_on[part] = np.maximum(put_on, knowledge.first_known[case])
        if part.start < real:
            rows.told[part] = knowledge.recorded("step", day, case)
            rows.quarters[part] = hours_of(cases, case, step, rows.pool[part], day, draws, "step") * 4
        else:
            reason = draws.pick("reason", _REASON_WEIGHTS, size)
            early = np.where(reason == 2, 0, draws.between("cancelled early", 0, 6, size))
            rows.told[part] = np.maximum(day - early, rows.put_on[part])
            rows.status[part] = np.where(draws.chance("moved", 0.45, size), MOVED, CANCELLED)
            rows.reason[part] = reason


def _put_in_order(rows: StepRows) -> None:
    """Order by case, day and step, and number the rows of a case; some thousand cases are sorted at a time."""
    bucket = (rows.case // _CASES_SORTED).astype(np.uint16)
    order = np.argsort(bucket, kind="stable").astype(np.uint32)
    ends = np.cumsum(np.bincount(bucket))
    del bucket
    for begin, end in zip(np.r_[0, ends[:-1]], ends, strict=True):
        inside = order[begin:end]
        key = rows.case[inside].astype(np.int64) << 32 | (rows.day[inside].astype(np.int64) + NEVER) << 8
        order[begin:end] = inside[np.argsort(key | rows.step[inside], kind="stable")]
    for column in fields(rows):
        if column.name != "number":
            setattr(rows, column.name, getattr(rows, column.name)[order])
    first = np.flatnonzero(np.r_[True, np.diff(rows.case) != 0][: len(rows)])
    rows.number[:] = np.arange(len(rows), dtype=np.int32) - np.repeat(
        first.astype(np.int32), np.diff(np.r_[first, len(rows)])
    )
    rows.number += 1
