"""The specification's fourteen cases, from delivery to published mart: every visit, deadline and day of stock."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

EXPECTED = Path(__file__).parents[1] / "golden" / "examples" / "expected"


@pytest.fixture(scope="module")
def published(examples_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The publication, with a view that says which case number a case has."""
    database = duckdb.connect()
    database.execute(f"attach '{examples_home / 'work' / 'ketenzicht.duckdb'}' as work (read_only)")
    database.execute(f"attach '{examples_home / 'published' / 'chain.duckdb'}' as chain (read_only)")
    database.execute(
        "create view number_of_case as select identifier as zaaknummer, pseudonym as case_id"
        " from work.raw.pseudonym where kind = 'zaaknummer'"
    )
    yield database
    database.close()


def expected(name: str) -> list[dict[str, str]]:
    with (EXPECTED / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def answer(database: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, str]]:
    found = database.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, map(text, row), strict=True)) for row in found.fetchall()]


def text(value: Any) -> str:
    return "" if value is None else str(value)


def test_every_visit_begins_and_ends_on_the_expected_day(published: duckdb.DuckDBPyConnection) -> None:
    ours = answer(
        published,
        "select zaaknummer, stage, entered_on, left_on from chain.marts.fct_stage_visit"
        " join number_of_case using (case_id) order by zaaknummer, visit_no",
    )
    assert ours == expected("stage_visits")


def test_every_case_has_the_expected_stage_decision_and_deadlines(published: duckdb.DuckDBPyConnection) -> None:
    ours = answer(
        published,
        "select zaaknummer, stage, decided_on, outcome, deadline_as_applied, deadline_in_hindsight,"
        " deadline_from_loopbrief from chain.marts.dim_case join number_of_case using (case_id) order by zaaknummer",
    )
    assert ours == expected("cases")


def test_the_stock_of_every_expected_day_is_equal(published: duckdb.DuckDBPyConnection) -> None:
    measures = [name for name in expected("ind_stock")[0] if name != "day"]
    sums = ", ".join(f"coalesce(sum({measure}), 0) as {measure}" for measure in measures)
    for row in expected("ind_stock"):
        ours = answer(
            published,
            f"select {sums} from chain.marts.fct_ind_stock_daily"
            f" where day = '{row['day']}' and application_kind <> 'family_reunification'",
        )
        assert ours == [{measure: row[measure] for measure in measures}], row["day"]
