"""The extracts ingebrekestelling, dwangsombetaling and termijnmutatie, as versions.

Belongs here: rows. Does not belong here: who is late and who goes to court (`penalties.py`).
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.figures import REUNION
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.penalties import Late
from analytics.simulation.tables import Table, coded, make_table

_TARIFF_END = 18454
"""2020-07-11: no administrative penalty in asylum from here on"""


def notice_table(late: Late, knowledge: Knowledge) -> Table:
    """The extract ingebrekestelling."""
    base = pl.DataFrame(
        {"zaaknummer": late.case + 1, "volgnummer": np.ones(len(late.case), np.int32), "datum_ontvangst": late.received}
    )
    known = knowledge.recorded("notice", late.received, late.case)
    open_ = pl.Series(np.full(len(base), NEVER, dtype=np.int32))
    return make_table(
        "ingebrekestelling",
        [
            base.with_columns(datum_ingetrokken=open_, known_from=pl.Series(known)),
            base.with_columns(
                datum_ingetrokken=pl.Series(late.withdrawn),
                known_from=pl.Series(
                    np.where(late.withdrawn < NEVER, np.maximum(late.withdrawn, known + 1), NEVER).astype(np.int32)
                ),
            ),
        ],
    )


def payment_table(cases: Cases, decided: Days, late: Late, knowledge: Knowledge) -> Table:
    """The extract dwangsombetaling: what ran up, paid weeks after the decision, or once the maximum is reached."""
    draws = knowledge.draws
    end = decided[late.case]
    court = (late.ruling == 0) & (late.ruled < NEVER)
    start = late.ruled + late.term + 1
    court_days = np.where(court, np.maximum(end - start, 0), 0)
    amount = np.minimum(court_days * late.per_day, late.maximum).astype(np.float64)
    full = court_days * late.per_day >= late.maximum
    reached = start + late.maximum // late.per_day
    when = working(
        np.where(full & (reached + 200 < end), reached + 90, end) + draws.between("payment", 20, 75, len(end))
    )
    own = (cases.kind[late.case] == REUNION) | (late.received < _TARIFF_END)
    run = np.clip(end - (late.received + 15), 0, 42)
    administrative = np.where(
        own, 23 * np.minimum(run, 14) + 35 * np.clip(run - 14, 0, 14) + 45 * np.clip(run - 28, 0, 14), 0
    )
    later = working(end + draws.between("administrative payment", 20, 70, len(end)))
    case = np.concatenate([late.case, late.case])
    value = np.concatenate([amount, administrative])
    day_paid = np.concatenate([when, later]).astype(np.int32)
    kind = np.repeat([1, 0], len(late.case))
    paid = (value > 0) & draws.chance("paid", 0.93, len(value)) & (day_paid < NEVER)
    order = np.flatnonzero(paid)[np.lexsort((case[paid], day_paid[paid]))]
    frame = pl.DataFrame(
        {
            "betaling_id": pl.Series(np.arange(len(order))).cast(pl.String).str.zfill(8),
            "zaaknummer": case[order] + 1,
            "soort": coded(kind[order], ("BESTUURLIJK", "RECHTERLIJK")),
            "datum_betaling": day_paid[order],
            "bedrag_eur": value[order],
            "known_from": knowledge.recorded("payment", day_paid[order], case[order]),
        }
    ).with_columns(pl.lit("B") + pl.col("betaling_id"))
    return make_table("dwangsombetaling", [frame])


def term_table(cases: Cases, decided: Days, knowledge: Knowledge) -> Table:
    """The extract termijnmutatie: individual extensions, general ones noted in the file, suspensions."""
    draws = knowledge.draws
    n = len(cases)
    extended = np.flatnonzero(
        cases.asylum & (decided - cases.applied > 150) & (cases.track == 4) & draws.chance("extended", 0.04, n)
    )
    since = cases.applied[extended] + draws.between("extended on", 90, 150, len(extended))
    noted = np.flatnonzero(
        cases.asylum
        & (decided - cases.applied > 185)
        & (year_of(cases.applied) == 2023)
        & draws.chance("noted", 0.1, n)
    )
    noted_on = cases.applied[noted] + draws.between("noted on", 100, 180, len(noted))
    paused = np.flatnonzero(cases.asylum & (decided - cases.applied > 100) & draws.chance("suspended", 0.015, n))
    begin = cases.applied[paused] + draws.between("suspended on", 30, 95, len(paused))
    until = np.minimum(begin + draws.between("suspended days", 10, 120, len(paused)), decided[paused])
    ahead = draws.chance("end unknown", 0.3, len(paused))
    kinds = ("VERLENGING", "OPSCHORTING")

    def frame(
        case: npt.NDArray[np.int64],
        number: int,
        kind: int,
        basis: str,
        months: int | None,
        start: Days,
        end: Days,
        known: Days,
    ) -> pl.DataFrame:
        return pl.DataFrame(
            {"zaaknummer": (case + 1).astype(np.int32), "volgnummer": np.full(len(case), number, np.int32)}
        ).with_columns(
            soort=pl.Series(coded(np.full(len(case), kind), kinds)),
            grondslag=pl.lit(basis),
            maanden=pl.lit(months, pl.Int32),
            datum_vanaf=pl.Series(start.astype(np.int32)),
            datum_tot=pl.Series(end.astype(np.int32)),
            known_from=pl.Series(known.astype(np.int32)),
        )

    def never(case: npt.NDArray[np.int64]) -> Days:
        return np.full(len(case), NEVER, dtype=np.int32)

    known = knowledge.recorded("suspension", begin, paused.astype(np.int32))
    frames = [
        frame(
            extended,
            1,
            0,
            "Vw 42(4)",
            3,
            since,
            never(extended),
            knowledge.recorded("extension", since, extended.astype(np.int32)),
        ),
        frame(
            noted,
            2,
            0,
            "WBV 2023/3",
            9,
            noted_on,
            never(noted),
            knowledge.recorded("noted", noted_on, noted.astype(np.int32)),
        ),
        frame(paused, 3, 1, "Awb 4:15", None, begin, np.where(ahead, NEVER, until), known),
        frame(paused, 3, 1, "Awb 4:15", None, begin, until, np.where(ahead, np.maximum(until, known + 1), NEVER)),
    ]
    return make_table("termijnmutatie", frames)
