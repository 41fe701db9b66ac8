"""The extracts bewoner and verblijf: residents and their stays, as versions.

Belongs here: rows and moves. Does not belong here: who is in reception when (`reception.py`), places (`locations.py`).
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, year_of
from analytics.simulation.draws import Draws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.locations import CRISIS, EMERGENCY_FROM, Locations, choose
from analytics.simulation.people import People
from analytics.simulation.reception import REASONS, Receptions
from analytics.simulation.tables import Table, coded, make_table


def resident_table(periods: Receptions, people: People, knowledge: Knowledge) -> Table:
    """The extract bewoner: intake, the number that follows days later, and leaving."""
    draws, n = knowledge.draws, len(periods.case)
    known = knowledge.recorded("intake", periods.begin)
    numbered = known + np.where(
        draws.chance("number later", 0.3 * knowledge.mess, n), draws.between("number days", 1, 12, n), 0
    )
    numbered = np.where(draws.chance("number never", 0.004 * knowledge.mess, n), NEVER, numbered)
    base = people.coa_view(periods.case).with_columns(
        coa_nummer=pl.Series(np.arange(1, n + 1, dtype=np.int32)), datum_instroom=pl.Series(periods.begin)
    )
    here = pl.Series(np.full(n, NEVER, dtype=np.int32))
    nothing = pl.Series(coded(np.full(n, -1), REASONS))
    leaving = np.maximum(knowledge.recorded("leaving", periods.until), known + 1)
    unnumbered = base.with_columns(v_nummer=pl.lit(None, pl.Int64))
    left = base.with_columns(
        v_nummer=pl.when(pl.Series(numbered < NEVER)).then(pl.col("v_nummer")),
        datum_uitstroom=pl.Series(periods.until),
        reden_uitstroom=pl.Series(coded(periods.reason, REASONS)),
        known_from=pl.Series(
            np.where(periods.until < NEVER, np.maximum(leaving, np.where(numbered < NEVER, numbered, 0)), NEVER).astype(
                np.int32
            )
        ),
    )
    return make_table(
        "bewoner",
        [
            unnumbered.with_columns(datum_uitstroom=here, reden_uitstroom=nothing, known_from=pl.Series(known)),
            base.with_columns(
                datum_uitstroom=here, reden_uitstroom=nothing, known_from=pl.Series(numbered.astype(np.int32))
            ),
            left,
        ],
    )


def stay_table(periods: Receptions, locations: Locations, knowledge: Knowledge, last: int) -> Table:
    """The extract verblijf: reception centre, process location, then centres and emergency places with moves."""
    draws, n = knowledge.draws, len(periods.case)
    moves = 5
    lengths = np.stack([draws.days(f"stay {k}", m, 0.5, n) + 2 for k, m in enumerate((8, 55, 190, 260, 400))], axis=1)
    arrive = np.column_stack([periods.begin, periods.begin[:, None] + np.cumsum(lengths, axis=1)])
    seen = np.maximum(knowledge.recorded("intake", periods.begin), 0)
    told = np.column_stack(
        [
            seen,
            np.stack(
                [knowledge.recorded(f"move {k}", arrive[:, k].astype(np.int32)) for k in range(1, moves + 1)], axis=1
            ),
        ]
    )
    told = np.maximum.accumulate(told, axis=1)
    leaving = np.maximum(knowledge.recorded("leaving", periods.until), seen + 1)
    happens = (arrive < np.minimum(periods.until, last + 1)[:, None]) & (np.arange(moves + 1) <= moves)
    row, number = np.nonzero(happens)
    begin = arrive[row, number].astype(np.int32)
    following = np.column_stack([arrive[:, 1:], np.full(n, NEVER)])[row, number]
    end = np.minimum(following, periods.until[row]).astype(np.int32)
    told_end = np.where(
        following < periods.until[row],
        np.column_stack([told[:, 1:], np.full(n, NEVER)])[row, number],
        np.maximum(leaving[row], told[row, number] + 1),
    )
    kind = np.where(number == 0, 0, np.where(number == 1, 1, _later_type(begin, draws)))
    place = choose(locations, kind.astype(np.int8), draws.uniform("place", len(row)))
    base = pl.DataFrame({"coa_nummer": (row + 1).astype(np.int32), "datum_aankomst": begin}).with_columns(
        verblijf_id=pl.lit("S") + pl.Series(row * 8 + number + 1).cast(pl.String).str.zfill(9),
        locatiecode=pl.Series(np.array(locations.code)[place]),
    )
    known = told[row, number].astype(np.int32)
    here = pl.Series(np.full(len(base), NEVER, dtype=np.int32))
    frames = [
        base.with_columns(datum_vertrek=here, known_from=pl.Series(known)),
        base.with_columns(
            datum_vertrek=pl.Series(end), known_from=pl.Series(np.where(end < NEVER, told_end, NEVER).astype(np.int32))
        ),
    ]
    return make_table("verblijf", [frame.filter(pl.col("known_from") <= last) for frame in frames])


def _later_type(begin: Days, draws: Draws) -> npt.NDArray[np.int64]:
    u = draws.uniform("type", len(begin))
    year = year_of(begin)
    emergency = np.where(begin < EMERGENCY_FROM, 0.0, np.where(year <= 2021, 0.25, np.where(year == 2022, 0.38, 0.4)))
    crisis = np.where((begin >= CRISIS[0]) & (begin < CRISIS[1] - 60), 0.08, 0.0)
    regular = np.where(u > 0.995, 6, np.where(u > 0.985, 7, np.where(u > 0.965, 8, np.where(u > 0.9, 3, 2))))
    return np.where(u < crisis, 5, np.where(u < crisis + emergency, 4, regular))
