"""The extracts of COA: bewoner, verblijf, locatie, huisvesting, as versions.

Belongs here: rows, locations, moves, matching. Does not belong here: who is in reception when (`reception.py`).
"""

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, SEEDS, Days, day, year_of
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.people import People
from analytics.simulation.reception import HOUSED, REASONS, Receptions
from analytics.simulation.tables import Table, coded, make_table

TYPES = ("COL", "POL", "AZC", "POA", "NOODOPVANG", "CRISISNOODOPVANG", "HTL", "VBL", "GL")
MATCHES = ("TE_KOPPELEN", "GEKOPPELD", "GEWEIGERD", "VERHUISD", "VERVALLEN")
_EMERGENCY_FROM = day(date(2021, 9, 1))
_CRISIS = (day(date(2022, 8, 15)), day(date(2024, 7, 1)))
_COL = ("GM1950", "GM1706")
_LONG_AGO = day(date(2015, 1, 1))
_GROWTH = day(date(2022, 1, 1))


@dataclass(frozen=True)
class Locations:
    """Places: code, type, municipality, capacity in 2025, and the days between which they are open."""

    code: list[str]
    kind: npt.NDArray[np.int8]
    municipality: list[str]
    name: list[str]
    places: npt.NDArray[np.int64]
    opens: Days
    closes: Days


def make_locations(scale: float) -> Locations:
    """Regular and emergency places by municipality (seed municipalities), opened when they were needed."""
    with (SEEDS / "municipalities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places: list[tuple[str, str, int, int, int, int]] = []
    for number, row in enumerate(rows):
        regular, emergency, code = int(row["places_regular"]), int(row["places_emergency"]), row["municipality_code"]
        if code in _COL:
            places.append((code, f"Aanmeldcentrum {row['name']}", 0, max(regular, 2000), _LONG_AGO, NEVER))
        if regular:
            kind = 1 if regular > 600 and code not in _COL else 3 if number % 11 == 0 else 2
            places.append((code, f"Opvang {row['name']}", kind, regular, _LONG_AGO, NEVER))
            if regular > 300:
                places.append((code, f"Azc {row['name']}", 2, regular // 2, _LONG_AGO, NEVER))
        if emergency:
            places.append((code, f"Noodopvang {row['name']}", 4, emergency, _EMERGENCY_FROM, NEVER))
            if emergency > 200:
                places.append((code, f"Crisisnoodopvang {row['name']}", 5, emergency // 3, *_CRISIS))
    places.append(("GM0118", "Handhaving Hoogeveen", 6, 50, _LONG_AGO, NEVER))
    places.append(("GM1950", "Vrijheidsbeperkende locatie Ter Apel", 7, 200, _LONG_AGO, NEVER))
    places.append(("GM0703", "Gezinslocatie Goes", 8, 400, _LONG_AGO, NEVER))
    return Locations(
        code=[f"L{n + 1:04d}" for n in range(len(places))],
        kind=np.array([p[2] for p in places], dtype=np.int8),
        municipality=[p[0] for p in places],
        name=[p[1] for p in places],
        places=np.array([max(round(p[3] * scale), 1) for p in places]),
        opens=np.array([p[4] for p in places], dtype=np.int32),
        closes=np.array([p[5] for p in places], dtype=np.int32),
    )


def location_table(locations: Locations, first: int) -> Table:
    """The extract locatie: a smaller capacity until the end of 2021, the full one since."""
    regular = locations.opens < _GROWTH - 200
    size = len(locations.code)
    base = pl.DataFrame(
        {"locatiecode": locations.code, "naam": locations.name, "gemeentecode": locations.municipality}
    ).with_columns(soort=pl.Series(coded(locations.kind, TYPES)))

    def period(
        opens: Days, closes: Days, places: npt.NDArray[np.int64], known: Days, gone: npt.NDArray[np.bool_]
    ) -> pl.DataFrame:
        return base.with_columns(
            geldig_vanaf=pl.Series(opens.astype(np.int32)),
            geldig_tot=pl.Series(closes.astype(np.int32)),
            capaciteit=pl.Series(places),
            known_from=pl.Series(np.where(gone, NEVER, np.maximum(known, first)).astype(np.int32)),
        )

    before = np.full(size, _GROWTH - 1, dtype=np.int32)
    after = np.full(size, _GROWTH, dtype=np.int32)
    none = np.zeros(size, dtype=bool)
    open_end = np.full(size, NEVER, dtype=np.int32)
    return make_table(
        "locatie",
        [
            period(locations.opens, open_end, np.maximum(locations.places * 6 // 10, 1), locations.opens, ~regular),
            period(locations.opens, before, np.maximum(locations.places * 6 // 10, 1), after - 30, ~regular),
            period(after, open_end, locations.places, after, ~regular),
            period(locations.opens, open_end, locations.places, locations.opens, regular),
            period(
                locations.opens,
                locations.closes - 1,
                locations.places,
                locations.closes - 30,
                regular | (locations.closes >= NEVER) | none,
            ),
        ],
    )


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


def _choose(locations: Locations, kind: npt.NDArray[np.int8], u: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """A location of the wanted type, in proportion to its places."""
    result = np.zeros(len(kind), dtype=np.int64)
    for code in np.unique(kind):
        inside = np.flatnonzero(locations.kind == code)
        edges = np.cumsum(locations.places[inside]).astype(np.float64)
        rows = kind == code
        result[rows] = inside[np.minimum(np.searchsorted(edges / edges[-1], u[rows], "right"), len(inside) - 1)]
    return result


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
    place = _choose(locations, kind.astype(np.int8), draws.uniform("place", len(row)))
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


def _later_type(begin: Days, knowledge_draws: object) -> npt.NDArray[np.int64]:
    draws = knowledge_draws
    u = draws.uniform("type", len(begin))  # type: ignore[attr-defined]
    year = year_of(begin)
    emergency = np.where(begin < _EMERGENCY_FROM, 0.0, np.where(year <= 2021, 0.25, np.where(year == 2022, 0.38, 0.4)))
    crisis = np.where((begin >= _CRISIS[0]) & (begin < _CRISIS[1] - 60), 0.08, 0.0)
    regular = np.where(u > 0.995, 6, np.where(u > 0.985, 7, np.where(u > 0.965, 8, np.where(u > 0.9, 3, 2))))
    return np.where(u < crisis, 5, np.where(u < crisis + emergency, 4, regular))


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
