"""What the partners record of a chain: the fourteen extracts as versions, one after another.

Belongs here: which part makes which extract. Does not belong here: the content of any.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation import (
    applications,
    capacity,
    decision_rows,
    housing_rows,
    legal_aid,
    locations,
    mess,
    penalties,
    penalty_rows,
    reception_rows,
    remedy_rows,
    step_rows,
    step_versions,
    work,
)
from analytics.simulation.calendar import day
from analytics.simulation.chain import Chain
from analytics.simulation.draws import Draws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.tables import Table


@dataclass(frozen=True)
class Recorded:
    """What only the truth knows about what the partners recorded."""

    certificates: pl.DataFrame
    double_numbers: pl.DataFrame
    corrections: pl.DataFrame
    procedure: npt.NDArray[np.int8]


def record(chain: Chain, take: Callable[[Iterable[Table]], None]) -> Recorded:
    """Make the fourteen extracts of a chain, in the order of their layouts.

    Each is handed over as soon as it is made, in one or more parts that follow each other by key, and then forgotten.
    """
    parameters, cases = chain.parameters, chain.cases
    first, last = day(parameters.start), day(parameters.end)
    known = applications.first_known(cases, parameters)
    knowledge = Knowledge(Draws(parameters.seed), parameters.mess, known)
    corrections: list[pl.DataFrame] = []

    def hand_over(table: Table) -> None:
        if parameters.mess:
            table, truth = mess.correct_later(table, knowledge.draws, cases.applied)
            corrections.append(truth)
        take([table])

    application, double, procedure = applications.application_table(
        cases, chain.people, chain.decided, chain.outcome, chain.hearings, chain.responsible, known, parameters
    )
    hand_over(application)
    del application
    staffing = _steps(chain, knowledge, take, corrections)
    decision, decisions = decision_rows.decision_table(
        cases, chain.decided, chain.outcome, chain.remedies, knowledge, last
    )
    hand_over(decision)
    lodged = [*remedy_rows.against_decisions(cases, chain.remedies, parameters.seed), penalties.as_remedies(chain.late)]
    hand_over(remedy_rows.remedy_table(lodged, knowledge, last))
    hand_over(penalty_rows.notice_table(chain.late, knowledge))
    hand_over(penalty_rows.term_table(cases, chain.decided, knowledge))
    hand_over(penalty_rows.payment_table(cases, chain.decided, chain.late, knowledge))
    hand_over(capacity.capacity_table(pl.concat([staffing, decisions]), knowledge.draws, first, last))
    del staffing, decision, decisions
    places = locations.make_locations(cases.scale)
    hand_over(reception_rows.resident_table(chain.receptions, chain.people, knowledge))
    hand_over(reception_rows.stay_table(chain.receptions, places, knowledge, last))
    hand_over(locations.location_table(places, first))
    hand_over(housing_rows.housing_table(chain.receptions, knowledge, last))
    certificate, certificates = legal_aid.certificate_table(
        cases, chain.people, chain.course, chain.decided, chain.outcome, lodged, knowledge, parameters
    )
    hand_over(certificate)
    hand_over(legal_aid.roster_table(chain.course, knowledge, cases.scale, first, last))
    known_corrections = [part for part in corrections if part.width]
    return Recorded(
        certificates, double, pl.concat(known_corrections) if known_corrections else pl.DataFrame(), procedure
    )


def _steps(
    chain: Chain, knowledge: Knowledge, take: Callable[[Iterable[Table]], None], corrections: list[pl.DataFrame]
) -> pl.DataFrame:
    """Hand over the extract processtap; returns the realised steps with hours for the staffing figures."""
    parameters, cases = chain.parameters, chain.cases
    last = day(parameters.end)
    rows, staffing = step_rows.make_step_rows(cases, chain.course, knowledge, parameters.steps_per_case, last)
    team = work.team_of(cases)
    tables, truths = step_versions.step_tables(rows, team, knowledge.draws, cases.applied, last, parameters.mess)
    take(tables)
    corrections.extend(truths)
    return staffing
