"""The extract processtap as versions, in parts of whole cases: planned, then done, cancelled or moved.

Belongs here: the versions of the rows of `step_rows.py`, with the mess of `mess.py`. Does not belong here: the rows.
With twenty rows a case this extract is nine tenths of a chain: of its versions only the order is held for all at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation import mess
from analytics.simulation.calendar import NEVER, Days
from analytics.simulation.draws import Draws, RunningDraws
from analytics.simulation.step_rows import (
    DONE,
    MODES,
    PART,
    PLANNED,
    REASONS,
    STATUSES,
    StepRows,
)
from analytics.simulation.steps import STEPS
from analytics.simulation.tables import BY_NAME, GONE_FROM, KNOWN_FROM, Table, coded
from analytics.simulation.work import POOLS, TEAMS

_LAYOUT = BY_NAME["processtap"]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Part:
    """Versions of consecutive whole cases: the first of them among all, and its row and whether it is the end."""

    offset: int
    row: Index
    is_end: npt.NDArray[np.bool_]

    def known(self, rows: StepRows) -> Days:
        """Day from which a version is shown."""
        return np.where(self.is_end, rows.told[self.row], rows.put_on[self.row])


def _parts(rows: StepRows, last: int) -> Iterator[_Part]:
    """All versions known by the last day; at least one part. A row is shown as planned no later than its end is."""
    begin = offset = 0
    while begin < len(rows) or begin == 0:
        end = min(begin + PART, len(rows))
        if end < len(rows):
            end = int(np.searchsorted(rows.case, rows.case[end - 1], "right"))
        here = slice(begin, end)
        planned = rows.on_calendar[here] & (rows.put_on[here] <= last)
        slot = np.flatnonzero(np.column_stack([planned, rows.told[here] <= last]).ravel())
        yield _Part(offset, begin + slot // 2, slot % 2 == 1)
        begin, offset = max(end, 1), offset + len(slot)


@dataclass(frozen=True)
class _Corrected:
    """Versions that were wrong at first: which among all, the days too early and until corrected, and the order.

    `order` has a position for every version, then one for each of the corrections.
    """

    version: Index
    back: npt.NDArray[np.int32]
    later: npt.NDArray[np.int32]
    order: npt.NDArray[np.uint32]
    total: int


def _corrected(rows: StepRows, draws: Draws, applied: Days, last: int) -> _Corrected:
    rule = mess.rule_of("processtap")
    assert rule is not None
    running = RunningDraws(draws.seed)
    chosen, moments, rights = [], [], []
    total, moment = 0, 0
    for part in _parts(rows, last):
        size = len(part.row)
        drawn, back, later = mess.drawn(rule, running, size)
        day, known = rows.day[part.row], part.known(rows)
        possible = part.is_end & (rows.status[part.row] == DONE)
        possible &= (day - back >= applied[rows.case[part.row]]) & (day <= known)
        at = np.flatnonzero(drawn & possible)
        chosen.append((part.offset + at, back[at], later[at]))
        again = np.r_[False, (part.row[1:] == part.row[:-1]) & (known[1:] == known[:-1])][:size]
        moments.append((moment + 2 * np.cumsum(~again)).astype(np.uint32))
        total, moment = total + size, int(moments[-1][-1]) if size else moment
        rights.append(moments[-1][at] + np.uint32(1))
    version, back, later = (np.concatenate(column) for column in zip(*chosen, strict=True))
    return _Corrected(version, back, later, _order(moments, rights), total)


def _order(moments: list[npt.NDArray[np.uint32]], rights: list[npt.NDArray[np.uint32]]) -> npt.NDArray[np.uint32]:
    """Positions of all versions and then of all corrections, ordered by moment.

    Versions of a row that became known on the same day have the same moment, and which of them then comes last, and
    stands, is what this sort of Polars makes of it: it has decided the bytes of every chain so far.
    """
    whole = pl.DataFrame(
        {
            "moment": np.concatenate([*moments, *rights]),
            "rank": np.repeat(np.array([0, 1], np.int8), [sum(map(len, moments)), sum(map(len, rights))]),
        }
    )
    moments.clear()
    return whole.select(pl.arg_sort_by("moment", "rank")).to_series().to_numpy()


def step_tables(
    rows: StepRows, team: npt.NDArray[np.int8], draws: Draws, applied: Days, last: int, messy: bool
) -> tuple[Iterator[Table], list[pl.DataFrame]]:
    """The extract in parts of whole cases, and a list that gets the corrections of the parts that were taken."""
    truths: list[pl.DataFrame] = []
    if not messy:
        return (Table(_LAYOUT, _frame(rows, part, team)) for part in _parts(rows, last)), truths
    return _messy(rows, team, draws, applied, last, truths), truths


def _messy(
    rows: StepRows, team: npt.NDArray[np.int8], draws: Draws, applied: Days, last: int, truths: list[pl.DataFrame]
) -> Iterator[Table]:
    corrected = _corrected(rows, draws, applied, last)
    running = RunningDraws(draws.seed)
    rule = mess.rule_of("processtap")
    assert rule is not None
    for part in _parts(rows, last):
        first, after = np.searchsorted(corrected.version, [part.offset, part.offset + len(part.row)])
        at = corrected.version[first:after] - part.offset
        back, later = (pl.Series(column[first:after]) for column in (corrected.back, corrected.later))
        right = _frame(rows, _Part(0, part.row[at], part.is_end[at]), team)
        right = right.with_columns(pl.col(KNOWN_FROM) + later)
        truths.append(mess.truth_of(rule, right.with_columns(back=back), _LAYOUT))
        wrong = _frame(rows, part, team)
        day = wrong[rule.column].to_numpy(writable=True)
        day[at] -= back.to_numpy()
        wrong = wrong.with_columns(pl.Series(rule.column, day))
        begin = part.offset + first
        place = corrected.order[begin : begin + len(part.row) + len(at)].astype(np.int64)
        place -= np.where(place < corrected.total, part.offset, corrected.total + first - len(part.row))
        yield mess.recorded_by_mistake(Table(_LAYOUT, pl.concat([wrong, right])[place]), running)


def _frame(rows: StepRows, part: _Part, team: npt.NDArray[np.int8]) -> pl.DataFrame:
    """Versions with the columns of the extract."""
    row, is_end = part.row, part.is_end
    day, status = rows.day[row], rows.status[row]
    done = is_end & (status == DONE)
    quarters = pl.Series(np.where(done, rows.quarters[row], np.int16(-1)))
    never = np.int32(NEVER)
    return pl.DataFrame(
        {
            "zaaknummer": rows.case[row] + 1,
            "volgnummer": rows.number[row],
            "stap": coded(rows.step[row], STEPS),
            "datum_gepland": np.where(rows.on_calendar[row], day, never),
            "datum_gerealiseerd": np.where(done, day, never),
            "status": coded(np.where(is_end, status, np.int8(PLANNED)), STATUSES),
            "reden": coded(np.where(is_end, rows.reason[row], np.int8(-1)), REASONS),
            "vorm": coded(rows.mode[row], MODES),
            "pool": coded(rows.pool[row], POOLS),
            "team": coded(team[rows.case[row]], TEAMS),
            "uren": quarters.set(quarters < 0, None).cast(pl.Float32) / 4,
            KNOWN_FROM: part.known(rows),
            GONE_FROM: np.full(len(row), NEVER, dtype=np.int32),
        }
    )
