"""The decision term as people in the chain reckon with it: when a case is late enough for a notice.

Belongs here: an approximation that decides who sends a notice. Does not belong here: the deadline of the marts, which
rules.md defines and dbt computes; the simulator must not be its own judge.
"""

import csv
from datetime import date

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, SEEDS, Days, add_months, day
from analytics.simulation.cases import Cases
from analytics.simulation.figures import REUNION


def expected_deadlines(cases: Cases, responsible: Days, decided: Days) -> Days:
    """Base term and general extensions of statutory_terms.csv, capped; NEVER for Dublin without responsibility."""
    start = np.where(cases.track == 1, responsible, cases.applied)
    known = np.minimum(start, 40_000)
    reunion = cases.kind == REUNION
    deadline = add_months(known, np.where(reunion, 3, 6))
    families: dict[str, npt.NDArray[np.int64]] = {}
    with (SEEDS / "statutory_terms.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "extension"]
    for row in rows:
        months = int(row["months"])
        if row["open_on"]:
            on = day(date.fromisoformat(row["open_on"]))
            hit = (deadline >= on) & (known <= on) & (decided > on)
        else:
            first, last = (day(date.fromisoformat(row[c])) for c in ("filed_from", "filed_to"))
            hit = (known >= first) & (known <= last)
        families[row["family"]] = np.maximum(
            families.get(row["family"], np.zeros(len(cases), dtype=np.int64)), np.where(hit & ~reunion, months, 0)
        )
    added = np.minimum(np.sum(list(families.values()), axis=0), 15)
    own = np.where(reunion, 3, 0)
    return np.where(start >= NEVER, NEVER, add_months(known, np.where(reunion, 3, 6) + added + own)).astype(np.int32)
