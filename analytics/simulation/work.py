"""Who at IND did the work of a step or a decision, and how many hours it took.

Belongs here: teams, pools and hours. Does not belong here: rows (`step_rows.py`, `decision_rows.py`).
"""

import csv

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import SEEDS, Days, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.steps import STEPS

POOLS = ("INTERN", "EXTERN", "TASKFORCE")
TEAMS = tuple(f"{place}-{number}" for place in ("TA", "ZV", "DB", "SC", "BU", "UT") for number in (1, 2))
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
