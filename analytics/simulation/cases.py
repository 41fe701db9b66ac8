"""The applications and who files them: families, ages, sex, tracks, complexity.

Belongs here: what is fixed on the day of application. Does not belong here: when the case ends, or any step of it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days, day, is_working, month_start, working, year_of
from analytics.simulation.draws import Draws
from analytics.simulation.figures import FIRST, RELOCATED, REPEAT, RESETTLED, REUNION, Figures, clamp_year
from analytics.simulation.inflow import Cells
from analytics.simulation.parameters import Parameters

_EARLIEST_BIRTH = -18262
"""1920-01-01"""
STANDARD, COMPLEX, VERY_COMPLEX = range(3)
_SAFE = "other safe country of origin"
_UNIT_SIZES = np.array([0.80, 0.06, 0.05, 0.045, 0.03, 0.015])
_REUNION_SIZES = np.array([0.25, 0.2, 0.2, 0.17, 0.1, 0.08])
_MINOR_GROUPS = ("Syrian", "Eritrean", "Somali", "Yemeni", "Afghan")
_DUBLIN_FACTOR = {"Syrian": 0.8, "Eritrean": 1.0, "Turkish": 0.6, "Nigerian": 2.2, "Algerian": 1.6, "Moroccan": 1.3}
_SAFE_FACTOR = {_SAFE: 6.0, "Moroccan": 3.0, "Algerian": 2.0}


@dataclass
class Cases:
    """One element a case in every array; case numbers follow the order of application."""

    applied: Days
    registered: Days
    signed: Days
    """datum_loopbrief; NEVER when unknown"""
    nationality: npt.NDArray[np.int16]
    group: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    opening: npt.NDArray[np.int8]
    unit: npt.NDArray[np.int32]
    """applicants who file together"""
    place: npt.NDArray[np.int8]
    """position in the unit; 0 is the main applicant"""
    size: npt.NDArray[np.int8]
    female: npt.NDArray[np.bool_]
    born: Days
    minor_alone: npt.NDArray[np.bool_]
    newborn: npt.NDArray[np.bool_]
    track: npt.NDArray[np.int8]
    """spoor; 0 = none"""
    complexity: npt.NDArray[np.int8]
    scale: float

    def __len__(self) -> int:
        return len(self.applied)

    @property
    def asylum(self) -> npt.NDArray[np.bool_]:
        """Every kind but family reunification."""
        return self.kind != REUNION


def _units(
    draws: Draws, sizes: npt.NDArray[np.float64], boundary: npt.NDArray[np.int64], name: str
) -> npt.NDArray[np.int64]:
    """Consecutive unit numbers for cases in order; a unit never crosses a boundary between cells."""
    count = len(boundary)
    lengths = 1 + draws.pick(name, sizes, count).astype(np.int64)
    raw = np.searchsorted(np.cumsum(lengths), np.arange(count), "right")
    change = np.ones(count, dtype=bool)
    change[1:] = (raw[1:] != raw[:-1]) | (boundary[1:] != boundary[:-1])
    return np.cumsum(change) - 1


def _applied(
    draws: Draws,
    month: npt.NDArray[np.int32],
    unit: npt.NDArray[np.int64],
    parameters: Parameters,
    opening: npt.NDArray[np.int8],
) -> Days:
    """A day of the month, nearly always a working day, equal for those who file together."""
    first = month_start(month)
    last = month_start(month + 1) - 1
    inside = opening < 0
    first = np.where(inside, np.maximum(first, day(parameters.start)), first)
    last = np.where(inside, np.minimum(last, day(parameters.end)), np.minimum(last, day(parameters.start) - 1))
    u = draws.uniform("applied", int(unit[-1]) + 1)[unit]
    chosen = (first + np.floor(u * (last - first + 1))).astype(np.int32)
    weekend = draws.chance("applied weekend", 0.03, int(unit[-1]) + 1)[unit]
    later = working(chosen)
    earlier = np.where(is_working(chosen), chosen, chosen - 3)
    moved = np.where(later <= last, later, np.where(earlier >= first, earlier, chosen))
    return np.where(weekend, chosen, moved).astype(np.int32)


def _tracks(
    draws: Draws,
    figures: Figures,
    kind: npt.NDArray[np.int8],
    group: npt.NDArray[np.int8],
    applied: Days,
    unit: npt.NDArray[np.int64],
) -> npt.NDArray[np.int8]:
    """Dublin (1) and safe countries (2) by the year's share and the citizenship's leaning, else 4."""
    names = figures.nationalities.group_names
    dublin = np.array([_DUBLIN_FACTOR.get(n, 1.15) for n in names])[group]
    safe = np.array([_SAFE_FACTOR.get(n, 0.25) for n in names])[group]
    years = np.array([figures.yearly[y]["dublin_share"] for y in range(2018, 2026)])
    safe_years = np.array([figures.yearly[y]["safe_share"] for y in range(2018, 2026)])
    year = clamp_year(year_of(applied)) - 2018
    u = draws.uniform("track", int(unit[-1]) + 1)[unit]
    in_dublin = u < dublin * years[year]
    in_safe = ~in_dublin & (u > 1 - np.minimum(safe * safe_years[year], 0.45))
    track = np.where(in_dublin, 1, np.where(in_safe, 2, 4))
    track = np.where(kind == FIRST, track, np.where(kind == REPEAT, 4, 0))
    return track.astype(np.int8)


def _ages(
    draws: Draws,
    size: npt.NDArray[np.int8],
    place: npt.NDArray[np.int8],
    kind: npt.NDArray[np.int8],
    group: npt.NDArray[np.int8],
    figures: Figures,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Age in years on application, and who is a minor without family."""
    n = len(size)
    stream = draws.stream("age")
    adult = 18 + np.clip(stream.gamma(2.2, 5.5, n), 0, 60)
    child = stream.random(n) * 17.9
    minor = 14 + stream.random(n) * 3.9
    names = figures.nationalities.group_names
    share = np.array([0.2 if name in _MINOR_GROUPS else 0.05 for name in names])[group]
    alone = (size == 1) & (kind == FIRST) & draws.chance("alone", share, n)
    partner = (place == 1) & (size >= 3) & draws.chance("partner", 0.75, n)
    grown = (place == 0) | partner | ((place == 1) & (size == 2) & draws.chance("couple", 0.4, n))
    grown = np.where(kind == REUNION, ((place == 0) & draws.chance("spouse", 0.75, n)) | (place > 4), grown)
    return np.where(alone, minor, np.where(grown, adult, child)), alone


def _complexity(
    draws: Draws, group: npt.NDArray[np.int8], kind: npt.NDArray[np.int8], unit: npt.NDArray[np.int64], figures: Figures
) -> npt.NDArray[np.int8]:
    easy = np.isin(figures.nationalities.group_names, ["Syrian", "Yemeni", "Eritrean", "Turkish", _SAFE])[group]
    u = draws.uniform("complexity", int(unit[-1]) + 1)[unit]
    standard = np.where(easy, 0.72, 0.45)
    very = np.where(easy, 0.93, 0.80)
    result = np.where(u < standard, STANDARD, np.where(u < very, COMPLEX, VERY_COMPLEX))
    return np.where(np.isin(kind, [RESETTLED, RELOCATED, REUNION]), STANDARD, result).astype(np.int8)


def make_cases(figures: Figures, counts: Cells, parameters: Parameters) -> Cases:
    """One case per counted application, in order of application."""
    draws = Draws(parameters.seed)
    cell = np.repeat(np.arange(len(counts.count)), counts.count)
    kind = counts.kind[cell]
    reunion = kind == REUNION
    unit_asylum = _units(draws, _UNIT_SIZES, cell, "unit")
    unit_reunion = _units(draws, _REUNION_SIZES, cell, "reunion unit")
    mixed = np.where(reunion, unit_reunion + 2 * len(cell), unit_asylum)
    change = np.ones(len(cell), dtype=bool)
    change[1:] = (mixed[1:] != mixed[:-1]) | (cell[1:] != cell[:-1])
    unit = np.cumsum(change) - 1
    applied = _applied(draws, counts.month[cell], unit, parameters, counts.opening[cell])
    order = np.lexsort((unit, applied))
    cell, kind, applied = cell[order], kind[order], applied[order]
    starts = np.ones(len(cell), dtype=bool)
    starts[1:] = unit[order][1:] != unit[order][:-1]
    unit = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    size = np.diff(np.append(first, len(cell)))[unit].astype(np.int8)
    place = (np.arange(len(cell)) - first[unit]).astype(np.int8)
    return _described(figures, draws, counts, cell, applied, unit, size, place)


def _described(
    figures: Figures,
    draws: Draws,
    counts: Cells,
    cell: npt.NDArray[np.int64],
    applied: Days,
    unit: npt.NDArray[np.int64],
    size: npt.NDArray[np.int8],
    place: npt.NDArray[np.int8],
) -> Cases:
    n = len(cell)
    kind, nationality = counts.kind[cell], counts.nationality[cell]
    group = figures.nationalities.group[nationality]
    age, alone = _ages(draws, size, place, kind, group, figures)
    newborn = (place >= 2) & (kind == FIRST) & (age < 17) & draws.chance("newborn", 0.07, n)
    born = np.where(
        newborn, applied - draws.between("newborn days", 5, 60, n), applied - (age * 365.25).astype(np.int32)
    )
    registered = (
        applied
        - draws.days("registration", np.where(year_of(applied) >= 2021, 6, 4), 0.7, n)[np.cumsum(place == 0) - 1]
    )
    unknown = draws.chance("no registration", 0.06, n) | np.isin(kind, [REUNION, RESETTLED, RELOCATED]) | newborn
    signed = applied - np.minimum(draws.between("signed", 0, 2, n), applied - registered)
    return Cases(
        applied=applied,
        registered=np.where(unknown, NEVER, registered).astype(np.int32),
        signed=np.where(unknown | draws.chance("no letter", 0.08, n), NEVER, signed).astype(np.int32),
        nationality=nationality,
        group=group,
        kind=kind,
        opening=counts.opening[cell],
        unit=unit.astype(np.int32),
        place=place,
        size=size,
        female=draws.chance(
            "sex", np.where(place == 0, np.where(kind == REUNION, 0.7, 0.12), np.where(age >= 18, 0.85, 0.47)), n
        ),
        born=np.clip(born, _EARLIEST_BIRTH, np.where(newborn, applied, registered) - 1).astype(np.int32),
        minor_alone=alone,
        newborn=newborn,
        track=_tracks(draws, figures, kind, group, applied, unit),
        complexity=_complexity(draws, group, kind, unit, figures),
        scale=counts.scale,
    )
