"""Decisions and remedies: first decisions, appeals, rulings, new decisions.

Belongs here: beslissing, and rechtsmiddel without the appeals against being late. Does not belong here: penalties.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, working, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.outcomes import GRANT_A, GRANT_B, NOT_TAKEN, OUTCOMES, UNFOUNDED, Codes, is_refused
from analytics.simulation.process_rows import POOLS, TEAMS, hours_of, pool_of, team_of
from analytics.simulation.steps import STEPS
from analytics.simulation.tables import Table, coded, make_table

REMEDIES = ("BEROEP", "HOGER_BEROEP", "VOVO", "BEROEP_NTB")
RULINGS = ("GEGROND", "ONGEGROND", "NIET_ONTVANKELIJK", "INGETROKKEN")
LODGED_BY = ("VREEMDELING", "IND")
APPEAL_NO, PROVISIONAL_NO, HIGHER_NO = 11, 12, 13
"""volgnummer within the case; appeals against being late have 1 to 9"""


@dataclass(frozen=True)
class Remedies:
    """Remedies against the first decision, by case: days (NEVER = none) and rulings (-1 = none)."""

    notified: Days
    appealed: Days
    ruled: Days
    ruling: Codes
    higher: Days
    higher_by_ind: npt.NDArray[np.bool_]
    higher_ruled: Days
    higher_ruling: Codes
    redecided: Days
    redecision: Codes
    ended: Days
    """day the refusal became final for reception: after the window or the last ruling; NEVER when granted"""


def make_remedies(cases: Cases, decided: Days, outcome: Codes, seed: int) -> Remedies:
    """Three of four refusals are appealed; one in seven is overturned; IND appeals against some of those."""
    draws = Draws(seed)
    n = len(cases)
    refused = is_refused(outcome)
    short = (outcome == NOT_TAKEN) | (cases.track == 2)
    notified = np.where(cases.asylum, decided + draws.pick("notified", [0.7, 0.2, 0.05, 0.05], n), decided)
    appeals = refused & draws.chance("appeal", np.where(cases.asylum, 0.72, 0.35), n)
    appealed = working(
        notified
        + draws.between("appeal days", 1, np.where(short, 7, 28), n)
        + np.where(draws.chance("appeal late", 0.02, n), 20, 0)
    )
    median = np.where(short, 45, np.where(year_of(decided) >= 2022, 230, 140))
    ruled = working(appealed + np.maximum(draws.days("ruling", median, 0.6, n), 7))
    ruling = draws.pick("verdict", [0.14, 0.66, 0.09, 0.11], n)
    by_ind = ruling == 0
    again = appeals & draws.chance("higher", np.where(by_ind, 0.2, np.where(ruling == 1, 0.4, 0.0)), n)
    higher = working(ruled + draws.between("higher days", 3, 27, n))
    higher_ruled = working(higher + np.maximum(draws.days("higher ruling", 150, 0.7, n), 14))
    higher_ruling = draws.pick("higher verdict", [0.15, 0.7, 0.05, 0.1], n)
    upheld = by_ind & again & (higher_ruling == 0)
    overturned = appeals & ((by_ind & ~upheld) | (again & ~by_ind & (higher_ruling == 0)))
    last = np.where(again, higher_ruled, ruled)
    redecided = working(last + np.maximum(draws.days("redecision", 130, 0.6, n), 20))
    redecision = np.where(
        draws.chance("granted after all", 0.5, n), np.where(outcome == NOT_TAKEN, GRANT_B, GRANT_A), UNFOUNDED
    )

    def only(mask: npt.NDArray[np.bool_], value: npt.NDArray[np.int32]) -> Days:
        return np.where(mask, value, NEVER).astype(np.int32)

    final = np.where(overturned, redecided, np.where(appeals, last, notified + np.where(short, 8, 30)))
    return Remedies(
        notified=notified.astype(np.int32),
        appealed=only(appeals, appealed),
        ruled=only(appeals, ruled),
        ruling=np.where(appeals, ruling, -1).astype(np.int8),
        higher=only(again, higher),
        higher_by_ind=by_ind,
        higher_ruled=only(again, higher_ruled),
        higher_ruling=np.where(again, higher_ruling, -1).astype(np.int8),
        redecided=only(overturned, redecided),
        redecision=redecision.astype(np.int8),
        ended=only(refused, final),
    )


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
    staffing = base.select(
        "team", "pool", pl.lit(len(STEPS), pl.Int8).alias("step"), day="datum_beslissing", hours="uren"
    )
    return table, staffing


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
