"""What the first decision says: the mix that is published per citizenship and year.

Belongs here: the outcome, and who the person is when the case follows an earlier one. Does not belong here: when.
"""

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import Days, year_of
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import (
    FIRST,
    OUTCOME_COLUMNS,
    RELOCATED,
    REPEAT,
    RESETTLED,
    REUNION,
    Figures,
    clamp_year,
)
from analytics.simulation.inflow import DECIDED

OUTCOMES = (
    "INWILLIGING_A",
    "INWILLIGING_B",
    "INWILLIGING_NAREIS",
    "NIET_IN_BEHANDELING",
    "NIET_ONTVANKELIJK",
    "KENNELIJK_ONGEGROND",
    "ONGEGROND",
    "BUITEN_BEHANDELING",
    "INGETROKKEN",
    "OVERIG",
)
GRANT_A, GRANT_B, GRANT_REUNION, NOT_TAKEN, INADMISSIBLE, MANIFESTLY, UNFOUNDED, DISCONTINUED, WITHDRAWN, OTHER = range(
    10
)
Codes = npt.NDArray[np.int8]
_LATER, _EARLIER = 8, 9


def is_granted(outcome: Codes) -> npt.NDArray[np.bool_]:
    """INWILLIGING of any kind."""
    return outcome <= GRANT_REUNION


def is_refused(outcome: Codes) -> npt.NDArray[np.bool_]:
    """A decision that opens the appeal window."""
    return (outcome >= NOT_TAKEN) & (outcome <= UNFOUNDED)


def _mix(figures: Figures) -> npt.NDArray[np.float64]:
    """Published decisions by year, citizenship and kind; citizenships with few take the mix of their group.

    Two years more: one for decisions after the end (the mix of 2024), one for those before the start (that of 2018).
    """
    table = np.stack([figures.annual(column) for column in OUTCOME_COLUMNS], axis=2)
    group = figures.nationalities.group
    for code in range(len(figures.nationalities.group_names)):
        inside = group == code
        whole = table[:, inside].sum(axis=1, keepdims=True)
        few = table[:, inside].sum(axis=2, keepdims=True) < 20
        mix = whole / np.maximum(whole.sum(axis=2, keepdims=True), 1)
        table[:, inside] = np.where(few, table[:, inside].sum(axis=2, keepdims=True) * mix, table[:, inside])
    return np.concatenate([table, table[6:7], table[:1]])


def _ranked_share(cell: npt.NDArray[np.int64], key: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Position of every element within its cell, in (0, 1), ordered by key: a systematic sample of the cell."""
    order = np.lexsort((key, cell))
    sorted_cell = cell[order]
    first = np.flatnonzero(np.r_[True, sorted_cell[1:] != sorted_cell[:-1]])
    length = np.diff(np.r_[first, len(cell)])
    index = np.repeat(np.arange(len(first)), length)
    share = np.empty(len(cell))
    share[order] = (np.arange(len(cell)) - first[index] + 0.5) / length[index]
    return share


def outcomes(cases: Cases, decided: Days, figures: Figures, seed: int, last: int) -> Codes:
    """Outcome of the first decision of every case.

    Grants and refusals are as many as published for citizenship and year, as far as the stock anchors let cases out;
    whatever else leaves is withdrawn or discontinued. Dublin cases are mostly not taken into consideration.
    """
    draws = Draws(seed)
    n = len(cases)
    result = np.full(n, GRANT_REUNION, dtype=np.int8)
    year = clamp_year(year_of(decided)) - 2018
    period = np.where(decided > last, _LATER, np.where(cases.opening == DECIDED, _EARLIER, year))
    merits = cases.asylum & (cases.track != 1)
    where = np.flatnonzero(merits)
    width = len(figures.nationalities.iso3)
    cell = (period[where] * width + cases.nationality[where]).astype(np.int64)
    published = _mix(figures).reshape(-1, 4)
    simulated = np.bincount(cell, minlength=len(published)) / cases.scale
    on_merits = published[:, :3].sum(axis=1)
    dated = np.arange(len(published)) < 8 * width
    room = np.where(dated, np.maximum(simulated, on_merits), published.sum(axis=1))
    edges = np.cumsum(published[:, :3] / np.maximum(room, 1e-9)[:, None], axis=1)
    family = draws.uniform("outcome", int(cases.unit[-1]) + 1)[cases.unit[where]]
    share = _ranked_share(cell, family)
    column = (share[:, None] > edges[cell]).sum(axis=1)
    u = draws.uniform("outcome detail", int(cases.unit[-1]) + 1)[cases.unit[where]]
    repeat = cases.kind[where] == REPEAT
    safe = cases.track[where] == 2
    refused = np.where(
        repeat & (u < 0.55),
        INADMISSIBLE,
        np.where(safe | (u < 0.12), MANIFESTLY, np.where(u > 0.94, INADMISSIBLE, UNFOUNDED)),
    )
    ended = np.where(u < 0.5, WITHDRAWN, np.where(u < 0.96, DISCONTINUED, OTHER))
    result[where] = np.choose(column, [GRANT_A, GRANT_B, refused, ended])
    _dublin(cases, draws, result)
    reunion = cases.kind == REUNION
    grant = np.array([figures.yearly[y]["nareis_grant_share"] for y in range(2018, 2026)])[year]
    whole = draws.uniform("reunion", int(cases.unit[-1]) + 1)[cases.unit]
    result = np.where(
        reunion & (whole > grant), np.where(whole > grant + (1 - grant) * 0.8, WITHDRAWN, UNFOUNDED), result
    )
    chosen = np.isin(cases.kind, [RESETTLED, RELOCATED])
    return np.where(chosen, np.where(draws.chance("resettled", 0.97, n), GRANT_A, UNFOUNDED), result).astype(np.int8)


def _dublin(cases: Cases, draws: Draws, result: Codes) -> None:
    u = draws.uniform("dublin outcome", int(cases.unit[-1]) + 1)[cases.unit]
    decision = np.where(u < 0.82, NOT_TAKEN, np.where(u < 0.93, DISCONTINUED, WITHDRAWN))
    dublin = cases.track == 1
    result[dublin] = decision[dublin]


def persons(cases: Cases, decided: Days, outcome: Codes, seed: int) -> npt.NDArray[np.int32]:
    """Person of every case: the own case number, or the person of an earlier refused or ended case of that citizenship.

    Repeat applications follow a refusal; one first application in a hundred reopens a case that was discontinued.
    """
    draws = Draws(seed)
    n = len(cases)
    person = np.arange(n, dtype=np.int32)
    alone = cases.size == 1
    reopened = (cases.kind == FIRST) & alone & draws.chance("reopened", 0.01, n) & ~cases.minor_alone
    for followers, before in (
        ((cases.kind == REPEAT) & alone, is_refused(outcome)),
        (reopened, np.isin(outcome, [DISCONTINUED, WITHDRAWN])),
    ):
        source = np.flatnonzero(
            before & (cases.kind == FIRST) & alone & ~reopened & (cases.applied - cases.born > 18 * 366)
        )
        slot = cases.nationality[source].astype(np.int64) * 100_000 + decided[source]
        order = np.argsort(slot, kind="stable")
        source, slot = source[order], slot[order]
        wanted = np.flatnonzero(followers)
        base = cases.nationality[wanted].astype(np.int64) * 100_000
        high = np.searchsorted(slot, base + cases.applied[wanted] - 5)
        low = np.searchsorted(slot, base)
        back = np.floor(draws.uniform("earlier case", len(wanted)) ** 2 * np.minimum(high - low, 600)).astype(np.int64)
        found = high > low
        person[wanted[found]] = source[(high - 1 - back)[found]]
    return person
