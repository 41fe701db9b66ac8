"""Putting faults into a simulated history, and saying what must come of each.

Belongs here: the deliveries after the last regular one. Does not belong here: any single fault.
"""

from datetime import timedelta

import polars as pl

from analytics.simulation.calendar import day
from analytics.simulation.deliveries import Delivery, plan
from analytics.simulation.faults.registry import REGISTRY, Carrier, Fault
from analytics.simulation.parameters import Parameters


def known_faults(names: tuple[str, ...]) -> list[Fault]:
    """The faults of these names. Raises ValueError for a name that is not in the registry."""
    unknown = [name for name in names if name not in REGISTRY]
    if unknown:
        raise ValueError(f"unknown fault {', '.join(unknown)}; known are {', '.join(sorted(REGISTRY))}")
    return [REGISTRY[name] for name in names]


def inject_faults(parameters: Parameters) -> pl.DataFrame:
    """Add one delta a fault after the last regular delivery, a day apart; returns what must come of each.

    Every fault has its own delivery, so that any set of them can be put into one home: a refused one changes nothing,
    and the next delta is made against the newest that is in force.
    """
    base = {partner: plan(parameters, partner)[-1].name for partner in ("ind", "coa", "rvr")}
    rows = []
    for number, one in enumerate(known_faults(parameters.faults), start=1):
        reference = parameters.end + timedelta(days=number)
        delivery = Delivery(one.partner, day(reference), 1, "delta", base[one.partner], -1)
        folder = parameters.out / "deliveries" / one.partner / delivery.name
        one.inject(Carrier(delivery, folder, {}))
        if one.outcome.state == "in_force":
            base[one.partner] = delivery.name
        rows.append(
            {
                "fault": one.name,
                "partner": one.partner,
                "delivery": delivery.name,
                "state": one.outcome.state,
                "exit_code": one.outcome.exit_code,
                "rule": one.outcome.rule,
                "rows": one.outcome.rows,
                "description": one.description,
            }
        )
    text = dict.fromkeys(("fault", "partner", "delivery", "state"), pl.String)
    return pl.DataFrame(
        rows, text | {"exit_code": pl.Int64, "rule": pl.String, "rows": pl.Int64, "description": pl.String}
    )
