"""The extract processtap: steps with their calendar, failed attempts and hours, as versions.

Belongs here: rows and versions of steps. Does not belong here: when a step takes place (`steps.py`).
"""

import csv

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, SEEDS, Days, working_before, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.steps import HEARINGS, INTERVIEW, ORAL, STEPS, VIDEO, WRITTEN, Course
from analytics.simulation.tables import Table, coded, make_table

STATUSES = ("GEPLAND", "GEREALISEERD", "GEANNULEERD", "VERZET")
REASONS = ("TOLK", "GEMACHTIGDE", "NIET_VERSCHENEN", "IND_CAPACITEIT", "ZIEKTE", "OVERIG")
MODES = ("MONDELING", "SCHRIFTELIJK", "VIDEO")
POOLS = ("INTERN", "EXTERN", "TASKFORCE")
TEAMS = tuple(f"{place}-{number}" for place in ("TA", "ZV", "DB", "SC", "BU", "UT") for number in (1, 2))
_REASON_WEIGHTS = (0.24, 0.14, 0.2, 0.26, 0.1, 0.06)
_FAILED = {INTERVIEW: 0.3, 5: 0.55, 6: 0.3}
_NORM_STEP = {0: "AANMELDGEHOOR", 4: "DOSSIER_GEREED", 5: "NADER_GEHOOR"}


def team_of(cases: Cases) -> npt.NDArray[np.int8]:
    """Team of a case, by the unit that files together."""
    return (cases.unit.astype(np.int64) * 2_654_435_761 // 97 % len(TEAMS)).astype(np.int8)


def pool_of(cases: Cases, when: Days, draws: Draws, name: str, row_case: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
    """Who did the work: the Taskforce its own cases while it ran, hired staff a tenth since 2022."""
    year = year_of(np.minimum(when, 30_000))
    u = draws.uniform(f"pool {name}", len(when))
    taskforce = (cases.applied[row_case] < 18353) & (when >= 18353) & (when < 18353 + 640) & (u < 0.7)
    return np.where(taskforce, 2, np.where((year >= 2022) & (u < 0.1), 1, 0)).astype(np.int8)


def norm_hours() -> npt.NDArray[np.float64]:
    """Staff hours by step and complexity from rules/norm_hours.csv; 1 hour where the table has no row."""
    table = np.full((len(STEPS) + 1, 3), 1.0)
    with (SEEDS / "norm_hours.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            column = ("STANDAARD", "COMPLEX", "ZEER_COMPLEX").index(row["complexity"])
            for step, name in [*_NORM_STEP.items(), (len(STEPS), "BESLISSING")]:
                if row["step"] == name:
                    table[step, column] = float(row["hours"])
    return table


def hours_of(
    cases: Cases,
    row_case: npt.NDArray[np.int32],
    step: npt.NDArray[np.int8],
    pool: npt.NDArray[np.int8],
    when: Days,
    draws: Draws,
    name: str,
) -> npt.NDArray[np.float64]:
    """Hours in quarters: the norm, a spread, and a learning curve: a new pool takes half as long again at first."""
    base = norm_hours()[step, cases.complexity[row_case]]
    started = np.array([0, 18993, 18353])[pool]
    learning = 1 + np.where(pool > 0, 0.5 * np.exp(-np.maximum(when - started, 0) / 120.0), 0.0)
    drawn = base * learning * np.exp(draws.stream(f"hours {name}").normal(0, 0.25, len(row_case)))
    return np.clip(np.round(drawn * 4) / 4, 0.25, 100)


def _attempts(
    done: Days, step: npt.NDArray[np.int8], case: npt.NDArray[np.int32], cases: Cases, draws: Draws, wanted: int
) -> tuple[npt.NDArray[np.int64], Days]:
    """Failed attempts: which row they belong to and for which day they were planned; `wanted` in all, when more."""
    row = np.arange(len(done))
    share = np.array([_FAILED.get(s, 0.0) for s in range(len(STEPS))])[step]
    failed = row[draws.chance("failed", share, len(row))]
    owner = np.concatenate([failed, failed[draws.chance("failed again", 0.35, len(failed))]])
    planned = working_before(done[owner] - draws.between("attempt", 7, 70, len(owner)))
    kept = planned > cases.applied[case[owner]] + 1
    owner, planned = owner[kept], planned[kept]
    room = row[np.isin(step, HEARINGS) & (done > cases.applied[case] + 14)]
    extra = max(wanted - len(owner), 0) if len(room) else 0
    more = room[np.floor(draws.uniform("extra rows", extra) * len(room)).astype(np.int64)]
    begin = cases.applied[case[more]] + 3
    spot = begin + np.floor(draws.uniform("extra days", extra) * (done[more] - begin)).astype(np.int32)
    return np.concatenate([owner, more]), np.concatenate([planned, spot]).astype(np.int32)


def process_table(
    cases: Cases, course: Course, knowledge: Knowledge, steps_per_case: float | None, last: int
) -> tuple[Table, pl.DataFrame]:
    """The extract, and the realised steps with hours for the staffing figures."""
    draws = knowledge.draws
    flat = np.flatnonzero((course.done < NEVER).ravel())
    case = (flat // len(STEPS)).astype(np.int32)
    step = (flat % len(STEPS)).astype(np.int8)
    done = course.done.ravel()[flat]
    near = done <= last + 60
    case, step, done = case[near], step[near], done[near]
    row = np.arange(len(case))
    wanted = 0
    if steps_per_case is not None:
        wanted = round(steps_per_case * int(cases.asylum.sum())) - int((done <= last).sum())
    owner, attempt = _attempts(done, step, case, cases, draws, wanted)
    hearing = np.isin(step, HEARINGS)
    planned = np.where(hearing & ~draws.chance("no plan", 0.05, len(row)), done, NEVER)
    nominal = np.concatenate([done, attempt])
    all_case = np.concatenate([case, case[owner]])
    all_step = np.concatenate([step, step[owner]])
    order = np.lexsort((all_step, nominal, all_case))
    first = np.flatnonzero(np.r_[True, np.diff(all_case[order]) != 0])
    number = np.empty(len(order), dtype=np.int16)
    number[order] = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)])) + 1
    pool = pool_of(cases, nominal, draws, "step", all_case)
    mode = np.where(
        np.isin(all_step, HEARINGS),
        np.where(
            draws.chance("video", np.where(year_of(np.minimum(nominal, 30_000)) >= 2020, 0.1, 0.01), len(order)),
            VIDEO,
            ORAL,
        ),
        -1,
    )
    mode = np.where(course.written[all_case] & (all_step == 5), WRITTEN, mode)
    base = pl.DataFrame(
        {
            "zaaknummer": all_case + 1,
            "volgnummer": number,
            "stap": coded(all_step, STEPS),
            "vorm": coded(mode, MODES),
            "pool": coded(pool, POOLS),
            "team": coded(team_of(cases)[all_case], TEAMS),
        }
    )
    lead = draws.between("plan lead", 8, 42, len(order))
    put_on = np.maximum(nominal - lead, cases.applied[all_case])
    put_on = np.maximum(put_on, knowledge.first_known[all_case])
    hours = hours_of(cases, case, step, pool[: len(row)], done, draws, "step")
    real = base[: len(row)]
    recorded = knowledge.recorded("step", done, case)
    frames = [
        _planned(
            base,
            np.concatenate([planned, attempt]),
            put_on,
            np.concatenate([planned < NEVER, np.ones(len(owner), bool)]),
        ),
        real.with_columns(
            datum_gepland=pl.Series(planned.astype(np.int32)),
            datum_gerealiseerd=pl.Series(done),
            status=pl.Series(coded(np.ones(len(row), np.int8), STATUSES)),
            reden=pl.Series(coded(np.full(len(row), -1), REASONS)),
            uren=pl.Series(np.where(np.isin(step, (10, 11)), np.nan, hours)).fill_nan(None),
            known_from=pl.Series(recorded),
        ),
        _failed(base[len(row) :], attempt, put_on[len(row) :], draws, last),
    ]
    staffing = pl.DataFrame({"team": real["team"], "pool": real["pool"], "step": step, "day": done, "hours": hours})
    frames = [frame.filter(pl.col("known_from") <= last) for frame in frames]
    return make_table("processtap", frames), staffing.filter(pl.col("day") <= last)


def _planned(base: pl.DataFrame, planned: Days, known: Days, some: npt.NDArray[np.bool_]) -> pl.DataFrame:
    size = len(base)
    return base.with_columns(
        datum_gepland=pl.Series(planned.astype(np.int32)),
        datum_gerealiseerd=pl.Series(np.full(size, NEVER, dtype=np.int32)),
        status=pl.Series(coded(np.zeros(size, np.int8), STATUSES)),
        reden=pl.Series(coded(np.full(size, -1), REASONS)),
        uren=pl.lit(None, pl.Float64),
        known_from=pl.Series(known.astype(np.int32)),
    ).filter(pl.Series(some))


def _failed(base: pl.DataFrame, planned: Days, put_on: Days, draws: Draws, last: int) -> pl.DataFrame:
    size = len(base)
    reason = draws.pick("reason", _REASON_WEIGHTS, size)
    early = np.where(reason == 2, 0, draws.between("cancelled early", 0, 6, size))
    moved = draws.chance("moved", 0.45, size)
    return base.with_columns(
        datum_gepland=pl.Series(planned.astype(np.int32)),
        datum_gerealiseerd=pl.Series(np.full(size, NEVER, dtype=np.int32)),
        status=pl.Series(coded(np.where(moved, 3, 2), STATUSES)),
        reden=pl.Series(coded(reason, REASONS)),
        uren=pl.lit(None, pl.Float64),
        known_from=pl.Series(np.maximum(planned - early, put_on).astype(np.int32)),
    )
