"""The extract capaciteit: staff, training and planning by week, team, pool and role, in line with the work done.

Belongs here: fte and hours. Does not belong here: the work itself.
"""

import numpy as np
import polars as pl

from analytics.simulation.draws import Draws
from analytics.simulation.steps import EXTRA, HEARING, INTERVIEW, STEPS
from analytics.simulation.tables import Table, coded, make_table
from analytics.simulation.work import POOLS, TEAMS

ROLES = ("VOORBEREIDEN", "HOREN", "BESLISSEN")
_HOURS_A_WEEK = 36
_PLAN_WEEKS = 6
_SMOOTHED_WEEKS = 12


def capacity_table(work: pl.DataFrame, draws: Draws, first: int, last: int) -> Table:
    """Weeks from the first day on, and a roster for the weeks to come; productive hours are known after the week."""
    monday = first - (first + 3) % 7
    weeks = (last - monday) // 7 + 1 + _PLAN_WEEKS
    shape = (weeks, len(TEAMS), len(POOLS), len(ROLES))
    step = work["step"].to_numpy()
    role = np.where(step == len(STEPS), 2, np.where(np.isin(step, (INTERVIEW, HEARING, EXTRA)), 1, 0))
    week = (work["day"].to_numpy() - monday) // 7
    inside = week >= 0
    cell = np.ravel_multi_index(
        (
            week[inside],
            work["team"].to_physical().to_numpy()[inside],
            work["pool"].to_physical().to_numpy()[inside],
            role[inside],
        ),
        shape,
    )
    size = int(np.prod(shape))
    quarters = np.round(np.nan_to_num(work["hours"].to_numpy()[inside]) * 4)
    hours = (np.bincount(cell, weights=quarters, minlength=size) / 4).reshape(shape)
    units = np.bincount(cell, minlength=size).reshape(shape)
    level = np.zeros(shape)
    for back in range(min(_SMOOTHED_WEEKS, weeks)):
        level[back:] += hours[: weeks - back] / _SMOOTHED_WEEKS
    level = np.maximum(level, np.where(hours > 0, hours * 0.6, 0))
    plan = np.repeat(level[-_PLAN_WEEKS - 1 : -_PLAN_WEEKS], _PLAN_WEEKS, axis=0)
    level[-_PLAN_WEEKS:] = plan
    at = np.argwhere(level > 0)
    index = tuple(at.T)
    n = len(at)
    need = level[index]
    training = np.where(at[:, 2] > 0, 0.15, 0.06) * (0.5 + draws.uniform("training", n))
    available = np.maximum(
        np.round(np.maximum(need / (0.78 + 0.1 * draws.uniform("utilised", n)), hours[index] / 0.95) * 4) / 4, 0.25
    )
    fte = np.round(available / _HOURS_A_WEEK / (1 - 0.15), 2)
    planned = np.round(units[index] * (1.05 + 0.2 * draws.uniform("planned units", n))).astype(np.int64)
    start = (monday + 7 * at[:, 0]).astype(np.int32)
    base = pl.DataFrame(
        {
            "week": start,
            "team": coded(at[:, 1], TEAMS),
            "pool": coded(at[:, 2], POOLS),
            "rol": coded(at[:, 3], ROLES),
            "fte": fte,
            "fte_in_opleiding": np.round(np.minimum(fte * training, fte), 2),
            "uren_beschikbaar": available,
            "gepland_gehoren": pl.Series(planned).set(pl.Series(at[:, 3] != 1), None),
            "gepland_beslissingen": pl.Series(planned).set(pl.Series(at[:, 3] != 2), None),
        }
    )
    ahead = base.with_columns(
        uren_productief=pl.lit(0.0), known_from=pl.Series(np.maximum(start - 28, first).astype(np.int32))
    )
    done = base.with_columns(
        uren_productief=pl.Series(np.minimum(np.round(hours[index] * 4) / 4, available)),
        known_from=pl.Series(np.maximum(start + 8, first).astype(np.int32)),
    )
    return make_table("capaciteit", [ahead, done])
