"""The extracts of RvR: certificates per family, and the rosters of lawyers.

Belongs here: toevoeging and rooster. Does not belong here: linking certificates to anybody.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days, day, working
from analytics.simulation.cases import Cases
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.outcomes import Codes
from analytics.simulation.parameters import Parameters
from analytics.simulation.people import SEXES, People, v_number
from analytics.simulation.remedy_rows import Lodged
from analytics.simulation.steps import INTERVIEW, PREPARED, Course
from analytics.simulation.tables import Table, coded, make_table
from analytics.simulation.typing_errors import DAMAGES, damaged

KINDS = ("AANMELDFASE", "AA", "VA", "DUBLIN", "BEROEP", "HOGER_BEROEP", "VOVO", "BEROEP_NTB")
DECISIONS = ("VERLEEND", "AFGEWEZEN", "BUITEN_BEHANDELING")
CODES = ("V010", "V011", "V012", "V013", "V020", "V021", "V022", "V023")
CENTRES = ("TER_APEL", "ZEVENAAR", "DEN_BOSCH", "SCHIPHOL", "BUDEL")
_POINTS = np.array([4.0, 11.0, 15.0, 8.0, 8.0, 6.0, 4.0, 4.0])
_REMEDY_KIND = (4, 5, 6, 7)


def _requests(
    cases: Cases, course: Course, decided: Days, lodged: list[Lodged], knowledge: Knowledge, last: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int8], Days, Days]:
    """Case, kind, day of request and day at which the work is done, one a certificate: main applicants only."""
    draws, n = knowledge.draws, len(cases)
    begin = np.where(course.on(PREPARED) < NEVER, course.on(PREPARED) - 3, course.on(INTERVIEW) + 2)
    main = (cases.place == 0) & cases.asylum & (begin < NEVER) & draws.chance("certificate", 0.95, n)
    kind = np.where(
        cases.track == 1,
        3,
        np.where(decided - cases.applied > 240, 2, np.where(draws.chance("register phase", 0.12, n), 0, 1)),
    )
    first = np.flatnonzero(main & (begin <= last))
    groups = [
        (
            first.astype(np.int32),
            kind[first],
            np.maximum(begin[first] + draws.between("request", -4, 6, len(first)), cases.applied[first]),
            decided[first],
        )
    ]
    for one in lodged:
        mine = np.flatnonzero(
            (cases.place[one.case] == 0) & ~one.by_ind & draws.chance(f"certificate {one.kind}", 0.8, len(one.case))
        )
        asked = one.lodged[mine] + draws.between(f"asked {one.kind}", -3, 10, len(mine))
        groups.append(
            (one.case[mine], np.full(len(mine), _REMEDY_KIND[one.kind]), asked, np.minimum(one.ruled[mine], NEVER))
        )
    joined = [np.concatenate([group[i] for group in groups]) for i in range(4)]
    seen = np.flatnonzero(joined[2] <= last)
    return (
        joined[0][seen].astype(np.int32),
        joined[1][seen].astype(np.int8),
        joined[2][seen].astype(np.int32),
        joined[3][seen].astype(np.int32),
    )


def certificate_table(
    cases: Cases,
    people: People,
    course: Course,
    decided: Days,
    outcome: Codes,
    lodged: list[Lodged],
    knowledge: Knowledge,
    parameters: Parameters,
) -> tuple[Table, pl.DataFrame]:
    """The extract toevoeging, and the truth: which case and person each certificate is about, and its damage."""
    draws, last = knowledge.draws, day(parameters.end)
    case, kind, asked, finished = _requests(cases, course, decided, lodged, knowledge, last)
    order = np.lexsort((kind, case, asked))
    case, kind, asked, finished = case[order], kind[order], asked[order], finished[order]
    n = len(case)
    share = parameters.damaged_v_numbers
    damage = draws.pick(
        "damage", [1 - share, share * 0.45, share * 0.15, share * 0.17, share * 0.13, share * 0.06, share * 0.04], n
    )
    numbers = damaged(v_number(people.person[case]), damage, draws.between("digit", 0, 8, n))
    decision = working(asked + draws.between("aid decision", 1, 15, n))
    verdict = draws.pick("aid verdict", [0.955, 0.035, 0.01], n)
    settled = np.where(
        (verdict == 0) & (finished < NEVER),
        working(np.maximum(finished, decision) + draws.between("settled", 20, 120, n)),
        NEVER,
    )
    points = np.round(_POINTS[kind] * np.exp(draws.stream("points").normal(0, 0.2, n)) * 2) / 2
    rows = np.arange(n)
    code = pl.Series(rows // 6_760_000 + 1).cast(pl.String)
    letters = np.array([chr(65 + i // 26) + chr(65 + i % 26) for i in range(676)])[rows // 10_000 % 676]
    written = course.written[case] & np.isin(kind, (1, 2))
    base = pl.DataFrame(
        {
            "toevoegingsnummer": code + pl.Series(letters) + pl.Series(rows % 10_000).cast(pl.String).str.zfill(4),
            "v_nummer": numbers,
            "zaaknummer": pl.Series(case + 1).set(pl.Series(draws.chance("no case", 0.45, n)), None),
            "geboortedatum": people.rvr_birth.gather(case).set(pl.Series(draws.chance("no birth", 0.08, n)), None),
            "nationaliteit": pl.Series(values=people.codes.dutch, dtype=pl.String)
            .gather(people.nationality[case])
            .set(pl.Series(draws.chance("no nationality", 0.06, n)), None),
            "geslacht": coded(people.sex[case], SEXES),
            "advocaat_code": pl.Series(1000 + np.floor(draws.uniform("lawyer", n) ** 1.6 * 650).astype(np.int64)).cast(
                pl.String
            ),
            "zaakcode": coded(kind, CODES),
            "soort": coded(kind, KINDS),
            "schriftelijk": pl.Series(written).set(pl.Series(kind > 3), None),
            "datum_ontvangst": asked,
        }
    ).with_columns(pl.lit("A") + pl.col("advocaat_code"))
    received = (asked + knowledge.lag("request", n)).astype(np.int32)
    told = np.maximum(decision + knowledge.lag("aid decision", n), received + 1).astype(np.int32)
    paid = np.maximum(np.where(settled < NEVER, settled + knowledge.lag("settled", n), NEVER), told + 1).astype(
        np.int32
    )
    never, price = np.full(n, NEVER, dtype=np.int32), 105 + 4 * np.clip((asked - 17532) // 365, 0, 12)

    def version(decided_on: Days, settled_on: Days, known: Days) -> pl.DataFrame:
        open_ = decided_on >= NEVER
        unpaid = pl.Series(settled_on >= NEVER)
        return base.with_columns(
            datum_besluit=pl.Series(decided_on),
            besluit=pl.Series(coded(np.where(open_, -1, verdict), DECISIONS)),
            datum_vaststelling=pl.Series(settled_on),
            punten=pl.Series(points).set(unpaid, None),
            bedrag_eur=pl.Series(np.round(points * price, 2)).set(unpaid, None),
            known_from=pl.Series(known),
        )

    frames = [
        version(never, never, received),
        version(decision, never, told),
        version(decision, settled.astype(np.int32), np.where(settled < NEVER, paid, NEVER).astype(np.int32)),
    ]
    truth = pl.DataFrame(
        {
            "toevoegingsnummer": base["toevoegingsnummer"],
            "case": case + 1,
            "person": people.person[case] + 1,
            "damage": coded(damage, DAMAGES),
        }
    )
    return make_table("toevoeging", [frame.filter(pl.col("known_from") <= last) for frame in frames]), truth


def roster_table(course: Course, knowledge: Knowledge, scale: float, first: int, last: int) -> Table:
    """The extract rooster: half days of lawyers a week and centre, planned eight weeks ahead."""
    draws = knowledge.draws
    monday = first - (first + 3) % 7
    weeks = np.arange(monday, last + 57, 7, dtype=np.int32)
    begun = course.on(PREPARED)
    # who is prepared after the last week of the roster is on none: clipped, they would all fill its last weeks
    on_roster = begun[begun < monday + 7 * len(weeks)]
    per_week = np.bincount(np.maximum((on_roster - monday) // 7, 0), minlength=len(weeks))
    smooth = np.convolve(np.pad(per_week, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    week = np.repeat(weeks, len(CENTRES))
    centre = np.tile(np.arange(len(CENTRES)), len(weeks))
    share = np.array([0.35, 0.2, 0.25, 0.08, 0.12])[centre]
    n = len(week)
    offered = np.round(
        np.repeat(smooth, len(CENTRES)) * share * 2.4 * (1 + 0.1 * draws.uniform("offered days", n)) + 2 * scale
    )
    planned = np.round(offered * (0.75 + 0.2 * draws.uniform("planned days", n)))
    used = np.round(planned * (0.82 + 0.15 * draws.uniform("used days", n)))
    base = pl.DataFrame(
        {
            "week": week,
            "ac_locatie": coded(centre, CENTRES),
            "dagdelen_beschikbaar": offered.astype(np.int64),
            "dagdelen_ingepland": planned.astype(np.int64),
        }
    )
    known = np.maximum(week - 56, first)
    ahead = base.with_columns(dagdelen_benut=pl.lit(None, pl.Int64), known_from=pl.Series(known.astype(np.int32)))
    done = base.with_columns(
        dagdelen_benut=pl.Series(used.astype(np.int64)),
        known_from=pl.Series(np.maximum(week + 9, first).astype(np.int32)),
    )
    return make_table("rooster", [ahead, done])
