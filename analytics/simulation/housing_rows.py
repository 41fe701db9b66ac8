"""The extract huisvesting: matching a status holder with a municipality, refusals of an offer, and the move.

Belongs here: rows and versions of matching attempts. Does not belong here: when somebody moves (`reception.py`).
"""

import csv

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, SEEDS, Days
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.reception import HOUSED, Receptions
from analytics.simulation.tables import Table, coded, make_table

MATCHES = ("TE_KOPPELEN", "GEKOPPELD", "GEWEIGERD", "VERHUISD", "VERVALLEN")


def housing_table(periods: Receptions, knowledge: Knowledge, last: int) -> Table:
    """The extract huisvesting: matching from the grant on; one in twenty refuses a first offer."""
    draws = knowledge.draws
    mine = np.flatnonzero(
        (periods.granted <= last)
        & (periods.reason == HOUSED)
        & (periods.until > periods.granted)
        & (periods.begin <= periods.granted)
    )
    n = len(mine)
    grant, move = periods.granted[mine], periods.until[mine]
    wait = move - grant
    refuses = (wait > 60) & draws.chance("refuses", 0.05, n)
    matched = grant + np.maximum((wait * (0.15 + 0.45 * draws.uniform("matched", n))).astype(np.int32), 3)
    matched = np.minimum(matched, move - 1)
    towns = np.array([f"GM{code}" for code in _town_codes()])
    town = towns[np.floor(draws.uniform("town", n) * len(towns)).astype(np.int64)]
    seen = knowledge.recorded("intake", periods.begin)[mine]
    start = np.maximum(knowledge.recorded("grant at coa", grant) + 2, seen + 1)
    first = pl.DataFrame({"coa_nummer": (mine + 1).astype(np.int32), "datum_vergunning": grant})
    never = pl.Series(np.full(n, NEVER, dtype=np.int32))

    def version(
        number: npt.NDArray[np.int64], status: int, match: pl.Series, moved: pl.Series, place: pl.Series, known: Days
    ) -> pl.DataFrame:
        return first.with_columns(
            volgnummer=pl.Series(number.astype(np.int32)),
            datum_koppeling=match,
            gemeentecode=place,
            datum_verhuizing=moved,
            status=pl.Series(coded(np.full(n, status), MATCHES)),
            known_from=pl.Series(known.astype(np.int32)),
        )

    none = pl.Series(values=[None] * n, dtype=pl.String)
    number = np.where(refuses, 2, 1).astype(np.int64)
    one = np.ones(n, dtype=np.int64)
    early = (grant + np.maximum(wait // 10, 4)).astype(np.int32)
    second = np.where(refuses, np.maximum(start, early + 9), start)
    told = np.maximum(knowledge.recorded("match", matched), second + 1)
    frames = [
        version(number, 0, never, never, none, second),
        version(number, 1, pl.Series(matched.astype(np.int32)), never, pl.Series(town), told),
        version(
            number,
            3,
            pl.Series(matched.astype(np.int32)),
            pl.Series(move),
            pl.Series(town),
            np.maximum(knowledge.recorded("moved", move), told + 1),
        ),
    ]
    other = pl.Series(np.roll(town, 1)) if n else none
    offered = pl.Series(refuses)
    frames.append(version(one, 1, pl.Series(early), never, other, np.maximum(early, start)).filter(offered))
    frames.append(version(one, 2, pl.Series(early), never, other, np.maximum(early, start) + 7).filter(offered))
    return make_table("huisvesting", frames)


def _town_codes() -> list[str]:
    with (SEEDS / "municipalities.csv").open(encoding="utf-8") as file:
        return [row["municipality_code"][2:] for row in csv.DictReader(file)]
