"""One synthetic chain, from the inflow to the versions of every extract.

Belongs here: the order in which the parts are drawn. Does not belong here: any rule of a part.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation import (
    applications,
    capacity,
    legal_aid,
    mess,
    penalties,
    process_rows,
    reception_rows,
    remedies,
)
from analytics.simulation.calendar import Days, day
from analytics.simulation.cases import Cases, make_cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import Figures
from analytics.simulation.hearings import Hearings, offer
from analytics.simulation.inflow import cells
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.outcomes import Codes, outcomes, persons
from analytics.simulation.outflow import first_decisions
from analytics.simulation.parameters import Parameters
from analytics.simulation.penalties import Late, make_late, responsible_since
from analytics.simulation.people import People, make_people
from analytics.simulation.reception import Receptions, make_receptions
from analytics.simulation.remedies import Remedies, make_remedies
from analytics.simulation.steps import Course, make_course
from analytics.simulation.tables import Table


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


@dataclass(frozen=True)
class Recorded:
    """What the partners record of it: the extracts as versions, and what only the truth knows about them."""

    tables: dict[str, list[Table]]
    certificates: pl.DataFrame
    double_numbers: pl.DataFrame
    corrections: pl.DataFrame
    procedure: npt.NDArray[np.int8]


def record(chain: Chain) -> Recorded:
    """The fourteen extracts of a chain."""
    parameters, cases = chain.parameters, chain.cases
    first, last = day(parameters.start), day(parameters.end)
    known = applications.first_known(cases, parameters)
    knowledge = Knowledge(Draws(parameters.seed), parameters.mess, known)
    application, double, procedure = applications.application_table(
        cases, chain.people, chain.decided, chain.outcome, chain.hearings, chain.responsible, known, parameters
    )
    step, work = process_rows.process_table(cases, chain.course, knowledge, parameters.steps_per_case, last)
    decision, decisions = remedies.decision_table(cases, chain.decided, chain.outcome, chain.remedies, knowledge, last)
    lodged = [*remedies.against_decisions(cases, chain.remedies, parameters.seed), penalties.as_remedies(chain.late)]
    ind = [
        application,
        step,
        decision,
        remedies.remedy_table(lodged, knowledge, last),
        penalties.notice_table(chain.late, knowledge),
        penalties.term_table(cases, chain.decided, knowledge),
        penalties.payment_table(cases, chain.decided, chain.late, knowledge),
        capacity.capacity_table(
            pl.concat(
                [
                    work.select("team", "pool", "step", "day", "hours"),
                    decisions.select("team", "pool", "step", "day", "hours"),
                ]
            ),
            knowledge.draws,
            first,
            last,
        ),
    ]
    locations = reception_rows.make_locations(cases.scale)
    coa = [
        reception_rows.resident_table(chain.receptions, chain.people, knowledge),
        reception_rows.stay_table(chain.receptions, locations, knowledge, last),
        reception_rows.location_table(locations, first),
        reception_rows.housing_table(chain.receptions, knowledge, last),
    ]
    certificate, certificates = legal_aid.certificate_table(
        cases, chain.people, chain.course, chain.decided, chain.outcome, lodged, knowledge, parameters
    )
    rvr = [certificate, legal_aid.roster_table(chain.course, knowledge, cases.scale, first, last)]
    tables = {"ind": ind, "coa": coa, "rvr": rvr}
    corrections = _with_mess(tables, chain, knowledge.draws) if parameters.mess else pl.DataFrame()
    return Recorded(tables, certificates, double, corrections, procedure)


def _with_mess(tables: dict[str, list[Table]], chain: Chain, draws: Draws) -> pl.DataFrame:
    """Replace extracts by ones with corrections and mistakes in them; returns the corrections."""
    corrections = []
    for extracts in tables.values():
        for index, table in enumerate(extracts):
            corrected, truth = mess.correct_later(table, draws, chain.cases.applied)
            if table.layout.name == "processtap":
                corrected = mess.recorded_by_mistake(corrected, draws)
            extracts[index] = corrected
            corrections.append(truth)
    return pl.concat([part for part in corrections if part.width])
