"""marts.fct_workforce_weekly."""

from datetime import date
from typing import Any

from contracts.base import Contract
from contracts.columns import Decimal18, column

CAPACITY = "ind.capaciteit"
STEPS = "ind.processtap"


def reported(description: str, unit: str, source: str) -> Any:
    return column(f"{description}; empty where no capacity was reported", unit=unit, source=source, nullable=True, ge=0)


def cancelled(why: str, code: str) -> Any:
    return column(
        f"hearings cancelled or put off, {why} ({code}), in the week they were planned for; without that date in none",
        unit="hearings",
        source=f"{STEPS}.datum_gepland, reden",
        ge=0,
    )


def ratio(description: str, unit: str, source: str) -> Any:
    return column(description, unit=unit, source=source, nullable=True, ge=0)


class FctWorkforceWeekly(Contract):
    """Staff and what it produced: one row a week, team, pool and role.

    Also where hearings or decisions stand without a report of capacity, so that they add up. Hearings stand in the role
    hearing, decisions in decision, 0 in the other roles; preparation has no counted output.
    """

    week_start: date = column("Monday of the week; weeks to come are a roster", source=f"{CAPACITY}.week")
    team: str = column("IND team; unknown where a step or decision has none", source=f"{CAPACITY}.team")
    pool: str = column(
        "staff pool: INTERN, EXTERN, TASKFORCE; unknown where a step or decision has none",
        source=f"{CAPACITY}.pool",
    )
    role: str = column(
        "preparation (VOORBEREIDEN), hearing (HOREN), decision (BESLISSEN)",
        source=f"{CAPACITY}.rol",
        isin=("preparation", "hearing", "decision"),
    )
    fte: Decimal18 = reported("full-time equivalents", "fte", f"{CAPACITY}.fte")
    fte_in_training: Decimal18 = reported("of these in training", "fte", f"{CAPACITY}.fte_in_opleiding")
    available_hours: Decimal18 = reported("hours available", "hours", f"{CAPACITY}.uren_beschikbaar")
    productive_hours: Decimal18 = reported("hours productive", "hours", f"{CAPACITY}.uren_productief")
    utilisation: float = column(
        "productive_hours / available_hours", unit="share", source=CAPACITY, nullable=True, in_range=(0, 1)
    )
    hearings_planned: int = reported("hearings planned", "hearings", f"{CAPACITY}.gepland_gehoren")
    hearings_held: int = column(
        "hearings held (AANMELDGEHOOR, NADER_GEHOOR, AANVULLEND_GEHOOR), by the team and pool of the step",
        unit="hearings",
        source=f"{STEPS}.datum_gerealiseerd",
        ge=0,
    )
    hearings_cancelled_interpreter: int = cancelled("for want of an interpreter", "TOLK")
    hearings_cancelled_lawyer: int = cancelled("for the lawyer", "GEMACHTIGDE")
    hearings_cancelled_no_show: int = cancelled("as nobody came", "NIET_VERSCHENEN")
    hearings_cancelled_capacity: int = cancelled("for want of staff", "IND_CAPACITEIT")
    hearings_cancelled_illness: int = cancelled("for illness", "ZIEKTE")
    hearings_cancelled_other: int = cancelled("for another reason or none given", "OVERIG")
    decisions_planned: int = reported("decisions planned", "decisions", f"{CAPACITY}.gepland_beslissingen")
    decisions_made: int = column(
        "all decisions, by the team and pool of the decision",
        unit="decisions",
        source="ind.beslissing.datum_beslissing",
        ge=0,
    )
    plan_attainment: float = ratio(
        "hearing: hearings_held / hearings_planned; decision: decisions_made / decisions_planned; preparation: empty",
        "share",
        CAPACITY,
    )
    output_per_fte: float = ratio("hearings held or decisions made, by role, / fte", "units per fte", CAPACITY)
    hours_per_unit: float = ratio(
        "productive_hours / hearings held or decisions made, by role", "hours per unit", CAPACITY
    )
    weeks_since_start: int = column(
        "weeks since the first week of team and pool with fte > 0, the learning curve; empty before it or without one",
        unit="weeks",
        source=f"{CAPACITY}.fte",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_workforce_weekly"
        unique = ["week_start", "team", "pool", "role"]
        at_most = (
            {"column": "fte_in_training", "limit": "fte"},
            {"column": "productive_hours", "limit": "available_hours"},
        )
        monday = {"column": "week_start"}
