"""The extract beslissing, as versions.

Belongs here: rows of first and new decisions. Does not belong here: what they say (`outcomes.py`, `remedies.py`).
"""

import numpy as np
import polars as pl

from analytics.simulation.calendar import NEVER, Days
from analytics.simulation.cases import Cases
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.outcomes import OUTCOMES, Codes
from analytics.simulation.remedies import Remedies
from analytics.simulation.steps import STEPS
from analytics.simulation.tables import Table, coded, make_table
from analytics.simulation.work import POOLS, TEAMS, hours_of, pool_of, team_of


def decision_table(
    cases: Cases, decided: Days, outcome: Codes, remedies: Remedies, knowledge: Knowledge, last: int
) -> tuple[Table, pl.DataFrame]:
    """The extract beslissing, and decisions with hours for the staffing figures."""
    draws = knowledge.draws
    first = np.flatnonzero(decided <= last)
    second = np.flatnonzero(remedies.redecided <= last)
    case = np.concatenate([first, second]).astype(np.int32)
    day = np.concatenate([decided[first], remedies.redecided[second]])
    made_known = np.concatenate([remedies.notified[first], remedies.redecided[second] + 1])
    code = np.concatenate([outcome[first], remedies.redecision[second]])
    pool = pool_of(cases, day, draws, "decision", case)
    hours = hours_of(cases, case, np.full(len(case), len(STEPS), np.int8), pool, day, draws, "decision")
    base = pl.DataFrame(
        {
            "zaaknummer": case + 1,
            "volgnummer": np.repeat([1, 2], [len(first), len(second)]),
            "datum_beslissing": day,
            "uitkomst": coded(code, OUTCOMES),
            "pool": coded(pool, POOLS),
            "team": coded(team_of(cases)[case], TEAMS),
            "uren": hours,
        }
    )
    known = knowledge.recorded("decision", day, case)
    later = np.maximum(known, made_known)
    unknown = pl.Series(np.full(len(case), NEVER, dtype=np.int32))
    table = make_table(
        "beslissing",
        [
            base.with_columns(datum_bekendmaking=unknown, known_from=pl.Series(known)).filter(
                pl.Series(made_known > known)
            ),
            base.with_columns(
                datum_bekendmaking=pl.Series(made_known.astype(np.int32)), known_from=pl.Series(later.astype(np.int32))
            ),
        ],
    )
    hours_worked = pl.col("uren").cast(pl.Float32)
    staffing = base.select(
        "team", "pool", pl.lit(len(STEPS), pl.Int8).alias("step"), day="datum_beslissing", hours=hours_worked
    )
    return table, staffing
