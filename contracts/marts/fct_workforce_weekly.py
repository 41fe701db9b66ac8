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


def ratio(description: str, formula: str, denominator: str, unit: str) -> Any:
    return column(
        f"{description}; empty for preparation",
        formula=formula,
        denominator=denominator,
        unit=unit,
        source=f"{CAPACITY}, {STEPS}, ind.beslissing",
        nullable=True,
        ge=0,
    )


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
        "of the hours available, those productive",
        formula="productive_hours / available_hours",
        denominator="available_hours",
        unit="share",
        source=CAPACITY,
        nullable=True,
        in_range=(0, 1),
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
        "of the plan, what was done",
        "hearing: hearings_held / hearings_planned; decision: decisions_made / decisions_planned",
        "hearings_planned or decisions_planned, by role",
        "share",
    )
    output_per_fte: float = ratio(
        "what a full-time equivalent did in the week",
        "hearing: hearings_held / fte; decision: decisions_made / fte",
        "fte",
        "units per fte",
    )
    hours_per_unit: float = ratio(
        "productive hours that a hearing or decision took",
        "hearing: productive_hours / hearings_held; decision: productive_hours / decisions_made",
        "hearings_held or decisions_made, by role",
        "hours per unit",
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
