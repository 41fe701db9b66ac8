"""The extracts of RvR."""

from pathlib import Path

import polars as pl

from analytics.simulation import Parameters
from analytics.simulation.chain import make_chain
from analytics.simulation.recording import record


def test_the_last_weeks_of_the_roster_are_as_large_as_those_before() -> None:
    chain = make_chain(Parameters(out=Path("unused"), cases=20_000, seed=3, mess=False))
    made = {}
    record(chain, lambda tables: made.update({table.layout.name: table.versions for table in tables}))
    roster = made["rooster"]
    weeks = (
        roster.unique(["week", "ac_locatie"]).group_by("week").agg(pl.col("dagdelen_beschikbaar").sum()).sort("week")
    )
    sessions = weeks["dagdelen_beschikbaar"].to_list()
    # eight weeks ahead of the last day; who is prepared after them is not yet on a roster
    assert max(sessions[-9:]) < 2 * max(sessions[-61:-9])
