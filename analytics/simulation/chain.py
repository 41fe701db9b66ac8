"""One synthetic chain: what truly happens.

Belongs here: the order in which the parts are drawn. Does not belong here: any rule of a part, or how partners
record it (`recording.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import Days, day
from analytics.simulation.cases import Cases, make_cases
from analytics.simulation.figures import Figures
from analytics.simulation.hearings import Hearings, offer
from analytics.simulation.inflow import cells
from analytics.simulation.outcomes import Codes, outcomes, persons
from analytics.simulation.outflow import first_decisions
from analytics.simulation.parameters import Parameters
from analytics.simulation.penalties import Late, make_late, responsible_since
from analytics.simulation.people import People, make_people
from analytics.simulation.reception import Receptions, make_receptions
from analytics.simulation.remedies import Remedies, make_remedies
from analytics.simulation.steps import Course, make_course


@dataclass(frozen=True)
class Chain:
    """What truly happens, before anybody records it."""

    parameters: Parameters
    cases: Cases
    held: npt.NDArray[np.bool_]
    hearings: Hearings
    decided: Days
    outcome: Codes
    people: People
    course: Course
    remedies: Remedies
    responsible: Days
    late: Late
    receptions: Receptions


def make_chain(parameters: Parameters) -> Chain:
    """Draw the chain: applications, outflow, outcomes, persons, steps, remedies, lateness, reception."""
    figures = Figures()
    cases = make_cases(figures, cells(figures, parameters), parameters)
    drawn, held = first_decisions(cases, figures, parameters)
    hearings = offer(cases, drawn, figures, parameters)
    decided = hearings.decided
    outcome = outcomes(cases, decided, figures, parameters.seed, day(parameters.end))
    person = persons(cases, decided, outcome, parameters.seed)
    people = make_people(cases, person, decided, outcome, figures.nationalities, parameters.seed, parameters.mess)
    course = make_course(cases, decided, outcome, hearings, held, figures, parameters.seed)
    after = make_remedies(cases, decided, outcome, parameters.seed)
    responsible = responsible_since(cases, decided, parameters.seed)
    late = make_late(cases, decided, responsible, figures, parameters)
    receptions = make_receptions(cases, person, decided, outcome, after, figures, parameters)
    return Chain(
        parameters, cases, held, hearings, decided, outcome, people, course, after, responsible, late, receptions
    )
