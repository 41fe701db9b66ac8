"""Where reception takes place: locations with their type, places and period, and the extract locatie.

Belongs here: places. Does not belong here: who stays there (`reception_rows.py`).
"""

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, SEEDS, Days, day
from analytics.simulation.tables import Table, coded, make_table

TYPES = ("COL", "POL", "AZC", "POA", "NOODOPVANG", "CRISISNOODOPVANG", "HTL", "VBL", "GL")
EMERGENCY_FROM = day(date(2021, 9, 1))
CRISIS = (day(date(2022, 8, 15)), day(date(2024, 7, 1)))
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
            places.append((code, f"Noodopvang {row['name']}", 4, emergency, EMERGENCY_FROM, NEVER))
            if emergency > 200:
                places.append((code, f"Crisisnoodopvang {row['name']}", 5, emergency // 3, *CRISIS))
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


def choose(locations: Locations, kind: npt.NDArray[np.int8], u: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """A location of the wanted type, in proportion to its places."""
    result = np.zeros(len(kind), dtype=np.int64)
    for code in np.unique(kind):
        inside = np.flatnonzero(locations.kind == code)
        edges = np.cumsum(locations.places[inside]).astype(np.float64)
        rows = kind == code
        result[rows] = inside[np.minimum(np.searchsorted(edges / edges[-1], u[rows], "right"), len(inside) - 1)]
    return result
