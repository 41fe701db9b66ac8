"""Putting faults into a simulated history, and saying what must come of each.

Belongs here: the deliveries after the last regular one. Does not belong here: any single fault.
"""

import json
from datetime import timedelta

import polars as pl

from analytics.simulation.calendar import day
from analytics.simulation.deliveries import PARTNERS, Delivery, plan
from analytics.simulation.faults.carrier import Carrier
from analytics.simulation.faults.registry import REGISTRY, Fault
from analytics.simulation.faults.situations import SITUATIONS
from analytics.simulation.parameters import Parameters

ALL = "all"
"""Every fault of the registry; situations are put into a home alone."""

COLUMNS = {
    "fault": pl.String,
    "partner": pl.String,
    "delivery": pl.String,
    "state": pl.String,
    "exit_code": pl.Int64,
    "says": pl.String,
    "counts": pl.String,
    "line": pl.Int64,
    "description": pl.String,
}


def known_faults(names: tuple[str, ...]) -> list[Fault]:
    """The faults of these names, each with a delivery of its own; none for a situation.

    Raises ValueError for a name that is not in the registry, and for a situation that is not alone.
    """
    if names == (ALL,):
        return list(REGISTRY.values())
    unknown = [name for name in names if name not in REGISTRY and name not in SITUATIONS]
    if unknown:
        known = ", ".join([ALL, *sorted(REGISTRY), *sorted(SITUATIONS)])
        raise ValueError(f"unknown fault {', '.join(unknown)}; known are {known}")
    alone = [name for name in names if name in SITUATIONS]
    if alone and len(names) > 1:
        raise ValueError(f"{alone[0]} is about a home as a whole: ask for it alone")
    return [REGISTRY[name] for name in names if name in REGISTRY]


def inject_faults(parameters: Parameters) -> pl.DataFrame:
    """Add one delta a fault after the partner's last regular delivery, a day apart; returns what must come of each.

    Every fault has its own delivery, so that any set of them can be put into one home: a refused one changes nothing,
    and the next delta is made against the newest that is in force.
    """
    plans = {partner: plan(parameters, partner) for partner in PARTNERS}
    base = {partner: planned[-1].name for partner, planned in plans.items()}
    days = dict.fromkeys(PARTNERS, 0)
    rows = []
    for ordinal, one in enumerate(known_faults(parameters.faults), start=1):
        days[one.partner] += 1
        reference = parameters.end + timedelta(days=days[one.partner])
        delivery = Delivery(one.partner, day(reference), 1, "delta", base[one.partner], -1)
        folder = parameters.out / "deliveries" / one.partner / delivery.name
        carrier = Carrier(delivery, folder, plans[one.partner][0].name, ordinal)
        one.inject(carrier)
        if one.outcome.state == "in_force":
            base[one.partner] = delivery.name
        rows.append(
            {
                "fault": one.name,
                "partner": carrier.folder.parent.name,
                "delivery": carrier.folder.name,
                "state": one.outcome.state,
                "exit_code": one.outcome.exit_code,
                "says": one.outcome.says,
                "counts": json.dumps(dict(one.outcome.counts)),
                "line": one.outcome.line,
                "description": one.description,
            }
        )
    rows += [_arranged(name, parameters) for name in parameters.faults if name in SITUATIONS]
    return pl.DataFrame(rows, COLUMNS)


def _arranged(name: str, parameters: Parameters) -> dict[str, object]:
    """Bring a situation about that lies in the deliveries; one that follows a refresh is only named."""
    one = SITUATIONS[name]
    if not one.after_refresh:
        one.arrange(parameters.out / "deliveries")
    ending = {"exit_code": one.ending.exit_code, "says": one.ending.says}
    return dict.fromkeys(COLUMNS) | {"fault": name, "description": one.description} | ending
