"""The extract aanvraag: what IND knows about a case, and from when.

Belongs here: the versions of the case row, wrong registrations included. Does not belong here: any other extract.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, day, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import KINDS, REUNION
from analytics.simulation.hearings import Hearings
from analytics.simulation.knowledge import recording_lag
from analytics.simulation.outcomes import MANIFESTLY, Codes
from analytics.simulation.parameters import Parameters
from analytics.simulation.people import SEXES, People, v_number
from analytics.simulation.tables import Table, coded, make_table
from analytics.simulation.work import TEAMS, team_of

PROCEDURES = ("AA", "AA+", "VA", "GRENS", "VERSNELD")
COMPLEXITIES = ("STANDAARD", "COMPLEX", "ZEER_COMPLEX")
PROJECTS = ("TASKFORCE",)
_PROJECT_START = day(date(2020, 4, 1))
_AA_PLUS_FROM = day(date(2022, 6, 25))


def first_known(cases: Cases, parameters: Parameters) -> Days:
    """Day from which IND shows the case: application, recording lag, and weeks more for a newborn."""
    draws = Draws(parameters.seed)
    n = len(cases)
    if not parameters.mess:
        return cases.applied.copy()
    lag = recording_lag(draws, "application", int(cases.unit[-1]) + 1)[cases.unit]
    later = np.where(cases.newborn, draws.between("newborn known", 14, 60, n), 0)
    return (cases.applied + lag + later).astype(np.int32)


def _procedure(cases: Cases, decided: Days, outcome: Codes, draws: Draws) -> npt.NDArray[np.int8]:
    n = len(cases)
    u = draws.uniform("procedure", int(cases.unit[-1]) + 1)[cases.unit]
    long = decided - cases.applied > 240
    aa_plus = (cases.applied >= _AA_PLUS_FROM) & (u < 0.35)
    result = np.where(u > 0.985, 3, np.where(long & (u > 0.45), 2, np.where(aa_plus, 1, 0)))
    result = np.where((cases.track == 2) | ((outcome == MANIFESTLY) & (u < 0.5)), 4, result)
    return np.where((cases.track == 4) | (cases.track == 2), result, -1 * np.ones(n)).astype(np.int8)


def application_table(
    cases: Cases,
    people: People,
    decided: Days,
    outcome: Codes,
    hearings: Hearings,
    responsible: Days,
    known: Days,
    parameters: Parameters,
) -> tuple[Table, pl.DataFrame, npt.NDArray[np.int8]]:
    """The extract, the persons who had two numbers for a while, and the procedure of every case (-1 = none).

    Every attribute has the day from which it is known; each such day makes a version that shows what was known by then.
    """
    draws = Draws(parameters.seed)
    n = len(cases)
    taskforce = (
        cases.asylum & (cases.applied < _PROJECT_START) & (decided >= _PROJECT_START) & (year_of(decided) >= 2020)
    )
    taskforce &= day(parameters.start) <= _PROJECT_START
    classed = known + draws.between("classed", 1, 15, n)
    joined = np.where(
        taskforce & (cases.kind != REUNION),
        np.maximum(_PROJECT_START + draws.between("joined", 3, 40, n), classed),
        NEVER,
    )
    offered = np.where(
        hearings.offered < NEVER, np.maximum(hearings.offered + draws.between("offer known", 0, 2, n), classed), NEVER
    )
    shown = np.where(
        responsible < NEVER, np.maximum(responsible + draws.between("responsible known", 0, 9, n), classed), NEVER
    )
    rate = 1.0 if parameters.mess else 0.0
    double = draws.chance("double number", 0.006 * rate, n) & (people.person == np.arange(n))
    merged = np.where(double, known + draws.between("merged", 20, 240, n), 0)
    fluent = draws.chance("nationality changed", 0.008 * rate, n) & (people.person == np.arange(n))
    examined = np.where(fluent, known + draws.between("examined", 30, 300, n), 0)
    unknown = people.codes.index("XXX")
    static = pl.DataFrame(
        {
            "zaaknummer": np.arange(1, n + 1, dtype=np.int32),
            "gezin_id": pl.Series(people.family + 1).set(
                pl.Series((cases.size == 1) & draws.chance("no family", 0.15, n) & cases.asylum), None
            ),
            "soort_aanvraag": coded(cases.kind, KINDS),
            "datum_aanmelding": cases.registered,
            "datum_loopbrief": cases.signed,
            "datum_aanvraag": cases.applied,
            "geboortedatum": people.ind_birth,
            "geslacht": coded(people.sex, SEXES),
            "amv": cases.minor_alone,
            "team": coded(team_of(cases), TEAMS),
        }
    )
    track = np.where(cases.track == 0, -1, cases.track)
    procedure = _procedure(cases, decided, outcome, draws)
    number, alias = v_number(people.person), v_number(people.person + n, 1_000_000_000)

    def seen_at(when: Days) -> pl.DataFrame:
        rows = np.flatnonzero(when < NEVER)
        at = when[rows]
        by_class = classed[rows] <= at
        return static[rows].with_columns(
            v_nummer=pl.Series(np.where(merged[rows] > at, alias[rows], number[rows])),
            nationaliteit=pl.Series(
                coded(np.where(examined[rows] > at, unknown, people.nationality[rows]), people.codes.brp)
            ),
            datum_nl_verantwoordelijk=pl.Series(np.where(shown[rows] <= at, responsible[rows], NEVER).astype(np.int32)),
            spoor=pl.Series(np.where(by_class, track[rows], -1)).cast(pl.Int8).replace(-1, None),
            procedure=pl.Series(coded(np.where(by_class, procedure[rows], -1), PROCEDURES)),
            complexiteit=pl.Series(coded(np.where(by_class, cases.complexity[rows], -1), COMPLEXITIES)),
            project=pl.Series(coded(np.where(joined[rows] <= at, 0, -1), PROJECTS)),
            schriftelijk_aangeboden=pl.Series(
                np.where(offered[rows] <= at, hearings.offered[rows], NEVER).astype(np.int32)
            ),
            known_from=pl.Series(at.astype(np.int32)),
        )

    moments = [
        known,
        classed,
        joined,
        offered,
        shown,
        np.where(double, merged, NEVER),
        np.where(fluent, examined, NEVER),
    ]
    frames = [seen_at(moment.astype(np.int32)) for moment in moments]
    frames.append(_withdrawn(frames[0], known, draws, n, rate))
    doubled = np.flatnonzero(double)
    truth = pl.DataFrame(
        {
            "case": doubled + 1,
            "v_number": number[doubled],
            "second_v_number": alias[doubled],
            "merged_on": merged[doubled],
        }
    )
    return make_table("aanvraag", frames), truth, procedure


def _withdrawn(rows: pl.DataFrame, known: Days, draws: Draws, n: int, rate: float) -> pl.DataFrame:
    """Cases registered twice by mistake: shown under a second number for some weeks, then withdrawn."""
    chosen = np.flatnonzero(draws.chance("registered twice", 0.003 * rate, n))
    first = known[chosen] + draws.between("twice", 0, 3, len(chosen))
    gone = first + draws.between("withdrawn", 10, 150, len(chosen))
    return rows[chosen].with_columns(
        zaaknummer=pl.Series(np.arange(n + 1, n + 1 + len(chosen), dtype=np.int32)),
        known_from=pl.Series(first.astype(np.int32)),
        gone_from=pl.Series(gone.astype(np.int32)),
    )
