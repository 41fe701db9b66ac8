"""fct_reception_daily against a count by hand: every resident, day by day, on generated chains."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tests.chains import Chain, chain, merge
from tests.chains.facts import Row
from tests.dbt_project import raw_tables
from tests.dbt_project.compiled import build

FOREVER = date.max
DAY = timedelta(days=1)
EXTRACTS = {"bewoner": "coa", "verblijf": "coa", "locatie": "coa", "aanvraag": "ind", "beslissing": "ind"}
EXTRACTS |= {"termijnmutatie": "ind"}
NORM_DAYS = 98
"""Of awaiting_housing, on every day (rules/stage_norms.csv)."""


def text(value: Any) -> str | None:
    return {True: "J", False: "N"}[value] if isinstance(value, bool) else None if value is None else str(value)


def published(case: Chain) -> duckdb.DuckDBPyConnection:
    rows = {
        f"{partner}__{extract}": [{column: text(cell) for column, cell in row.items()} for row in case.rows[extract]]
        for extract, partner in EXTRACTS.items()
    }
    return build(rows, case.as_of, ["marts.fct_reception_daily", "intermediate.over_term_span"])


class Day:
    """One day of a chain, read row by row. The clock has its own oracle (tests/oracle); here it is taken over."""

    def __init__(self, case: Chain, day: date, over_term: list[tuple[str, date, date]]) -> None:
        self.case, self.day = case, day
        self.over_term = {case_id for case_id, begins, ends in over_term if begins <= day < ends}

    def counts(self) -> Counter[tuple[str, str, str]]:
        found: Counter[tuple[str, str, str]] = Counter()
        for resident in self.case.rows["bewoner"]:
            for place in self.places(resident):
                found[*place, self.status(resident["v_nummer"])] += 1
                found[*place, "all"] += 1
        return found

    def places(self, resident: Row) -> list[tuple[str, str]]:
        stays = [
            self.location(stay["locatiecode"])
            for stay in self.case.rows["verblijf"]
            if stay["coa_nummer"] == resident["coa_nummer"]
            and stay["datum_aankomst"] <= self.day < (stay["datum_vertrek"] or FOREVER)
        ]
        is_in = resident["datum_instroom"] <= self.day < (resident["datum_uitstroom"] or FOREVER)
        return stays or ([("unknown", "unknown")] if is_in else [])

    def location(self, code: str) -> tuple[str, str]:
        valid = [
            row
            for row in self.case.rows["locatie"]
            if row["locatiecode"] == code and row["geldig_vanaf"] <= self.day <= (row["geldig_tot"] or FOREVER)
        ]
        latest = max(valid, key=lambda row: row["geldig_vanaf"], default=None)
        return (latest["soort"], latest["gemeentecode"]) if latest else ("unknown", "unknown")

    def status(self, v_nummer: str | None) -> str:
        mine = [
            row
            for row in self.case.rows["aanvraag"]
            if row["v_nummer"] == v_nummer and row["datum_aanvraag"] <= self.day
        ]
        if not mine:
            return "unlinked"
        latest = max(mine, key=self.order)
        if latest["soort_aanvraag"] == "NAREIS":
            return "family_reunification"
        decisions = [row for row in self.case.rows["beslissing"] if row["zaaknummer"] == latest["zaaknummer"]]
        granted = min(
            (row["datum_beslissing"] for row in decisions if row["uitkomst"].startswith("INWILLIGING")), default=FOREVER
        )
        if granted <= self.day:
            return "granted_over_norm" if (self.day - granted).days > NORM_DAYS else "granted_in_norm"
        if any(row["datum_beslissing"] <= self.day for row in decisions):
            return "refused"
        is_over = raw_tables.pseudonym("zaaknummer", latest["zaaknummer"]) in self.over_term
        return "before_decision_over_term" if is_over else "before_decision_in_term"

    @staticmethod
    def order(row: Row) -> tuple[date, date, str]:
        registered = row["datum_aanmelding"] or row["datum_aanvraag"]
        return row["datum_aanvraag"], registered, raw_tables.pseudonym("zaaknummer", row["zaaknummer"])


@pytest.mark.parametrize("seed", [1, 21, 41])
def test_every_resident_is_counted_where_it_is_by_what_it_waits_for(seed: int) -> None:
    as_of = date(2025, 7, 31)
    case = merge(chain(seed + n, 15, block=n, as_of=as_of) for n in range(12))
    with published(case) as database:
        over_term = database.execute(
            "select case_id, from_on, until_on from ketenzicht.intermediate.over_term_span where clock = 'as_applied'"
        ).fetchall()
        days = [as_of - n * 61 * DAY for n in range(40)]
        found = database.execute(
            """select day, location_type, municipality_code, resident_status, residents
            from marts.fct_reception_daily where residents > 0"""
        ).fetchall()
    ours = {day: {tuple(place): count for at, *place, count in found if at == day} for day in days}
    theirs = {day: dict(Day(case, day, over_term).counts()) for day in days}
    assert ours == theirs
