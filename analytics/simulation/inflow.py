"""How many applications come in, by month, citizenship and kind, and the stock that is there at the start.

Belongs here: counts. Does not belong here: who the applicants are, or when their case ends.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import day, month_start
from analytics.simulation.figures import (
    FIRST,
    RELOCATED,
    REPEAT,
    RESETTLED,
    REUNION,
    Figures,
    clamp_year,
    day_before,
    months_between,
)
from analytics.simulation.parameters import Parameters

OPEN, DECIDED = 0, 1
_AGE_MONTHS = 48


@dataclass(frozen=True)
class Cells:
    """Counts of applications by month of application, citizenship and kind."""

    month: npt.NDArray[np.int32]
    nationality: npt.NDArray[np.int16]
    kind: npt.NDArray[np.int8]
    opening: npt.NDArray[np.int8]
    """-1: applied within the period; OPEN: undecided at the start; DECIDED: decided, still in reception then"""
    count: npt.NDArray[np.int64]
    scale: float
    """simulated cases per published case"""


def _stock_ages(figures: Figures, stock: float, first_month: int) -> npt.NDArray[np.float64]:
    """Share of an opening stock by months of age: survival with the mean age that stock and inflow imply."""
    mean_age = max(stock / max(figures.first_applications(first_month).sum(), 1.0), 4.0)
    weights = np.exp(-np.arange(_AGE_MONTHS) / mean_age)
    return np.asarray(weights / weights.sum())


def _period(figures: Figures, month: int, share: float) -> list[tuple[int, int, npt.NDArray[np.float64]]]:
    year = int(clamp_year(1970 + month // 12))
    names = figures.nationalities
    resettled = np.zeros(len(names.iso3))
    resettled[names.index("SYR")] = figures.yearly[year]["resettled_month"]
    relocated = np.zeros(len(names.iso3))
    relocated[[names.index("SYR"), names.index("AFG")]] = figures.yearly[year]["relocated_month"] / 2
    grants = figures.reunion_grants(month)
    first = int(month_start(month))
    after = int(month_start(month + 1)) - 1
    growth = float(np.diff(figures.anchor_on("family_reunification", [first - 1, after]))[0])
    lodged = max(grants.sum() / figures.yearly[year]["nareis_grant_share"] + growth, 30.0)
    return [
        (month, FIRST, figures.first_applications(month) * share),
        (month, REPEAT, figures.repeat_applications(month) * share),
        (month, REUNION, grants / grants.sum() * lodged * share),
        (month, RESETTLED, resettled * share),
        (month, RELOCATED, relocated * share),
    ]


def _opening(
    figures: Figures, parameters: Parameters, first_month: int
) -> list[tuple[int, int, int, npt.NDArray[np.float64]]]:
    before = day_before(parameters.start)
    year = int(clamp_year(parameters.start.year - 1))
    pending = figures.annual("pending_year_end")[year - 2018]
    mix = pending / pending.sum()
    asylum = float(figures.anchor_on("asylum", before))
    reunion = float(figures.anchor_on("family_reunification", before))
    in_reception = max(float(figures.anchor_on("residents", before)) - 0.9 * asylum, 0.0)
    grants = figures.reunion_grants(first_month)
    rows = []
    ages = _stock_ages(figures, asylum, first_month)
    reunion_ages = _stock_ages(figures, reunion, first_month)
    for age in range(_AGE_MONTHS):
        month = first_month - 1 - age
        rows.append((month, FIRST, OPEN, mix * asylum * 0.9 * ages[age]))
        rows.append((month, REPEAT, OPEN, mix * asylum * 0.1 * ages[age]))
        rows.append((month, REUNION, OPEN, grants / grants.sum() * reunion * reunion_ages[age]))
        if 5 <= age < 30:
            rows.append((month, FIRST, DECIDED, mix * in_reception / 25))
    return rows


def cells(figures: Figures, parameters: Parameters) -> Cells:
    """Whole counts: published counts times the scale, rounded on the running total so that they add up."""
    months = months_between(parameters.start, parameters.end)
    end = day(parameters.end)
    start = day(parameters.start)
    rows: list[tuple[int, int, int, npt.NDArray[np.float64]]] = _opening(figures, parameters, months[0])
    for month in months:
        first, after = int(month_start(month)), int(month_start(month + 1))
        share = (min(after, end + 1) - max(first, start)) / (after - first)
        rows.extend((m, kind, -1, counts) for m, kind, counts in _period(figures, month, share))
    counts = np.stack([row[3] for row in rows])
    natural = counts.sum()
    scale = 1.0 if parameters.cases is None else parameters.cases / natural
    running = np.round(np.cumsum(counts.ravel() * scale)).astype(np.int64)
    if parameters.cases is not None:
        running[-1] = parameters.cases
    whole = np.diff(running, prepend=0)
    width = counts.shape[1]
    return Cells(
        month=np.repeat(np.array([row[0] for row in rows], dtype=np.int32), width),
        nationality=np.tile(np.arange(width, dtype=np.int16), len(rows)),
        kind=np.repeat(np.array([row[1] for row in rows], dtype=np.int8), width),
        opening=np.repeat(np.array([row[2] for row in rows], dtype=np.int8), width),
        count=whole,
        scale=scale,
    )
