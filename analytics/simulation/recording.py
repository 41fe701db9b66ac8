"""What the partners record of a chain: the fourteen extracts as versions.

Belongs here: which part makes which extract. Does not belong here: the content of any.
"""

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
    process_rows,
    reception_rows,
    remedy_rows,
)
from analytics.simulation.calendar import day
from analytics.simulation.chain import Chain
from analytics.simulation.draws import Draws
from analytics.simulation.knowledge import Knowledge
from analytics.simulation.tables import Table


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
    decision, decisions = decision_rows.decision_table(
        cases, chain.decided, chain.outcome, chain.remedies, knowledge, last
    )
    lodged = [*remedy_rows.against_decisions(cases, chain.remedies, parameters.seed), penalties.as_remedies(chain.late)]
    ind = [
        application,
        step,
        decision,
        remedy_rows.remedy_table(lodged, knowledge, last),
        penalty_rows.notice_table(chain.late, knowledge),
        penalty_rows.term_table(cases, chain.decided, knowledge),
        penalty_rows.payment_table(cases, chain.decided, chain.late, knowledge),
        capacity.capacity_table(pl.concat([work, decisions]), knowledge.draws, first, last),
    ]
    places = locations.make_locations(cases.scale)
    coa = [
        reception_rows.resident_table(chain.receptions, chain.people, knowledge),
        reception_rows.stay_table(chain.receptions, places, knowledge, last),
        locations.location_table(places, first),
        housing_rows.housing_table(chain.receptions, knowledge, last),
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
