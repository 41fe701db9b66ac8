"""The extract rechtsmiddel, as versions: lodged, then ruled.

Belongs here: rows of remedies of every kind. Does not belong here: who lodges one (`remedies.py`, `penalties.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, working
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.outcomes import Codes
from analytics.simulation.remedies import Remedies
from analytics.simulation.tables import Table, coded, make_table

REMEDIES = ("BEROEP", "HOGER_BEROEP", "VOVO", "BEROEP_NTB")
RULINGS = ("GEGROND", "ONGEGROND", "NIET_ONTVANKELIJK", "INGETROKKEN")
LODGED_BY = ("VREEMDELING", "IND")
APPEAL_NO, PROVISIONAL_NO, HIGHER_NO = 11, 12, 13
"""volgnummer within the case; appeals against being late have 1"""


@dataclass(frozen=True)
class Lodged:
    """Remedies of one kind as rows: case, day, day of ruling (NEVER = open), ruling, lodger, court term and penalty."""

    case: npt.NDArray[np.int32]
    number: npt.NDArray[np.int32]
    kind: int
    by_ind: npt.NDArray[np.bool_]
    lodged: Days
    ruled: Days
    ruling: Codes
    term: npt.NDArray[np.int32]
    per_day: npt.NDArray[np.int32]
    maximum: npt.NDArray[np.int32]


def _plain(
    case: npt.NDArray[np.int64],
    number: int,
    kind: int,
    by_ind: npt.NDArray[np.bool_],
    lodged: Days,
    ruled: Days,
    ruling: Codes,
) -> Lodged:
    none = np.zeros(len(case), dtype=np.int32)
    return Lodged(case.astype(np.int32), none + number, kind, by_ind, lodged, ruled, ruling, none, none, none)


def against_decisions(cases: Cases, remedies: Remedies, seed: int) -> list[Lodged]:
    """Appeals, provisional measures and higher appeals as rows."""
    draws = Draws(seed)
    appeal = np.flatnonzero(remedies.appealed < NEVER)
    higher = np.flatnonzero(remedies.higher < NEVER)
    urgent = appeal[draws.chance("provisional", np.where(cases.track[appeal] == 1, 0.8, 0.25), len(appeal))]
    no = np.zeros(len(cases), dtype=bool)
    heard = np.minimum(
        working(remedies.appealed[urgent] + draws.between("provisional days", 10, 40, len(urgent))),
        remedies.ruled[urgent],
    )
    verdict = draws.pick("provisional verdict", [0.3, 0.5, 0.05, 0.15], len(urgent))
    return [
        _plain(
            appeal, APPEAL_NO, 0, no[appeal], remedies.appealed[appeal], remedies.ruled[appeal], remedies.ruling[appeal]
        ),
        _plain(urgent, PROVISIONAL_NO, 2, no[urgent], remedies.appealed[urgent], heard.astype(np.int32), verdict),
        _plain(
            higher,
            HIGHER_NO,
            1,
            remedies.higher_by_ind[higher],
            remedies.higher[higher],
            remedies.higher_ruled[higher],
            remedies.higher_ruling[higher],
        ),
    ]


def remedy_table(rows: list[Lodged], knowledge: Knowledge, last: int) -> Table:
    """The extract rechtsmiddel: lodged, then ruled."""
    frames_open, frames_ruled = [], []
    for one in rows:
        kept = one.lodged <= last
        size = int(kept.sum())
        case, lodged, ruled = one.case[kept], one.lodged[kept], one.ruled[kept]
        court = (one.ruling[kept] == 0) & (one.kind == 3)
        known = knowledge.recorded(f"remedy {one.kind}", lodged, case)
        base = pl.DataFrame(
            {
                "zaaknummer": case + 1,
                "volgnummer": one.number[kept],
                "soort": coded(np.full(size, one.kind), REMEDIES),
                "indiener": coded(
                    np.where(
                        one.by_ind[kept], 1, np.where(knowledge.draws.chance(f"lodger {one.kind}", 0.1, size), -1, 0)
                    ),
                    LODGED_BY,
                ),
                "datum_ingesteld": lodged,
            }
        )
        nothing = pl.lit(None, pl.Int32)
        frames_open.append(
            base.with_columns(
                datum_uitspraak=pl.Series(np.full(size, NEVER, dtype=np.int32)),
                uitspraak=pl.Series(coded(np.full(size, -1), RULINGS)),
                beslistermijn_dagen=nothing,
                dwangsom_per_dag=nothing,
                dwangsom_maximum=nothing,
                known_from=pl.Series(known),
            )
        )
        frames_ruled.append(
            base.with_columns(
                datum_uitspraak=pl.Series(ruled),
                uitspraak=pl.Series(coded(one.ruling[kept], RULINGS)),
                beslistermijn_dagen=pl.Series(one.term[kept]).set(pl.Series(~court), None),
                dwangsom_per_dag=pl.Series(one.per_day[kept]).set(pl.Series(~court), None),
                dwangsom_maximum=pl.Series(one.maximum[kept]).set(pl.Series(~court), None),
                known_from=pl.Series(np.maximum(knowledge.recorded(f"ruling {one.kind}", ruled), known + 1)),
            ).filter(pl.col("datum_uitspraak") <= last)
        )
    return make_table("rechtsmiddel", frames_open + frames_ruled)
