"""Being late: notices of default, appeals against it, court terms, payments, and changes of the term.

Belongs here: ingebrekestelling, dwangsombetaling, termijnmutatie, and the BEROEP_NTB rows of rechtsmiddel. Does not
belong here: what the law makes of them (the marts say that).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, day, month_start, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.deadlines import expected_deadlines
from analytics.simulation.draws import Draws
from analytics.simulation.figures import REUNION, Figures, clamp_year
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.parameters import Parameters
from analytics.simulation.remedies import Lodged
from analytics.simulation.tables import Table, coded, make_table

_TARIFF_END = 18454
"""2020-07-11: no administrative penalty in asylum from here on"""
COURT_TERMS = (14, 56, 112)


@dataclass(frozen=True)
class Late:
    """Notices and appeals against being late, one element a notice."""

    case: npt.NDArray[np.int32]
    received: Days
    withdrawn: Days
    lodged: Days
    ruled: Days
    ruling: npt.NDArray[np.int8]
    term: npt.NDArray[np.int32]
    per_day: npt.NDArray[np.int32]
    maximum: npt.NDArray[np.int32]


def responsible_since(cases: Cases, decided: Days, seed: int) -> Days:
    """Day the Netherlands became responsible for a Dublin case; for most it never does."""
    draws = Draws(seed)
    n = len(cases)
    chosen = (cases.track == 1) & draws.chance("responsible", 0.12, n)
    when = cases.applied + draws.between("responsible days", 60, 200, n)
    return np.where(chosen & (when < decided), when, NEVER).astype(np.int32)


def make_late(cases: Cases, decided: Days, responsible: Days, figures: Figures, parameters: Parameters) -> Late:
    """Notices: as many a year as yearly.csv says, drawn from the cases that are late in that year."""
    draws = Draws(parameters.seed)
    deadline = expected_deadlines(cases, responsible, decided)
    noticed = np.zeros(len(cases), dtype=bool)
    chosen: list[npt.NDArray[np.int64]] = []
    days: list[npt.NDArray[np.int32]] = []
    for year in range(parameters.start.year, parameters.end.year + 1):
        first = max(int(month_start((year - 1970) * 12)), day(parameters.start))
        last = min(int(month_start((year - 1969) * 12)) - 1, day(parameters.end))
        begin = np.maximum(deadline + 1, first)
        finish = np.minimum(decided - 1, last)
        late = np.flatnonzero((begin <= finish) & ~noticed & (cases.place == 0))
        wanted = round(figures.yearly[int(clamp_year(year))]["notices"] * cases.scale * (last - first + 1) / 365)
        picked = late[np.argsort(draws.uniform(f"notice {year}", len(late)), kind="stable")[:wanted]]
        noticed[picked] = True
        chosen.append(picked)
        days.append(draws.between(f"notice day {year}", begin[picked], finish[picked], len(picked)))
    case = np.concatenate(chosen).astype(np.int32)
    received = np.concatenate(days)
    order = np.lexsort((received, case))
    return _appeals(cases, decided, case[order], received[order], figures, draws)


def _appeals(
    cases: Cases, decided: Days, case: npt.NDArray[np.int32], received: Days, figures: Figures, draws: Draws
) -> Late:
    n = len(case)
    end = decided[case]
    withdrawn = np.where(
        draws.chance("notice withdrawn", 0.03, n), received + draws.between("withdrawn days", 3, 60, n), NEVER
    )
    lodged = working(received + 16 + draws.days("late appeal", 25, 0.8, n))
    share = np.array([figures.yearly[y]["late_appeal_share"] for y in range(2018, 2026)])[
        clamp_year(year_of(received)) - 2018
    ]
    appeals = draws.chance("late appeals", share, n) & (lodged < end)
    ruled = working(lodged + np.maximum(draws.days("late ruling", 70, 0.5, n), 14))
    in_time = end <= ruled
    ruling = np.where(
        in_time,
        draws.pick("late settled", [0.0, 0.05, 0.35, 0.6], n),
        draws.pick("late verdict", [0.9, 0.04, 0.03, 0.03], n),
    )
    recent = year_of(received) >= 2023
    return Late(
        case=case,
        received=received.astype(np.int32),
        withdrawn=withdrawn.astype(np.int32),
        lodged=np.where(appeals, lodged, NEVER).astype(np.int32),
        ruled=np.where(appeals, ruled, NEVER).astype(np.int32),
        ruling=np.where(appeals, ruling, -1).astype(np.int8),
        term=np.array(COURT_TERMS, dtype=np.int32)[draws.pick("court term", [0.25, 0.55, 0.2], n)],
        per_day=np.full(n, 100, dtype=np.int32),
        maximum=np.where(recent & draws.chance("higher maximum", 0.3, n), 15000, 7500).astype(np.int32),
    )


def as_remedies(late: Late) -> Lodged:
    """The appeals against being late as rows of rechtsmiddel."""
    kept = late.lodged < NEVER
    size = int(kept.sum())
    return Lodged(
        late.case[kept],
        np.ones(size, dtype=np.int32),
        3,
        np.zeros(size, dtype=bool),
        late.lodged[kept],
        late.ruled[kept],
        late.ruling[kept],
        late.term[kept],
        late.per_day[kept],
        late.maximum[kept],
    )


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
