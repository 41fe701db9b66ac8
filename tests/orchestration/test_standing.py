"""What stands of a working database, and what a build makes anew."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration import database, standing
from orchestration import home as homes
from orchestration.raw.store import LAYOUT
from orchestration.settings import Settings, load

NOTHING, RULES = standing.NOTHING, standing.Standing(rules=True, untouched=False, knowledge=False)


def lay_out(connection: duckdb.DuckDBPyConnection) -> None:
    """A database after a build as of 2025-03-10: IND had delivered on that day, COA ten days before."""
    for schema in ("raw", "rules", "intermediate"):
        connection.execute(f"create schema {schema}")
    for table, columns in LAYOUT.items():
        connection.execute(f"create table {table} ({columns})")
    connection.execute("create table rules.statutory_terms (announced_on date, withdrawn_on date)")
    connection.execute("insert into rules.statutory_terms values ('2022-09-26', null), ('2025-01-27', '2025-03-20')")
    connection.execute("create table intermediate.knowledge_date as select date '2025-02-28' as knowledge_on")
    connection.execute("insert into raw.as_of values ('2025-03-10')")
    connection.execute("insert into raw.setting values ('landmark_days', '14'), ('restatement_months', '36')")
    deliver(connection, "ind", "2025-02-28")
    deliver(connection, "ind", "2025-03-10")
    deliver(connection, "coa", "2025-02-28")
    deliver(connection, "coa", "2025-03-01", state="refused")


def deliver(connection: duckdb.DuckDBPyConnection, partner: str, day: str, state: str = "in_force") -> None:
    connection.execute(
        "insert into raw.delivery (partner, name, reference_on, state, content_id) values (?, ?, ?, ?, ?)",
        [partner, day, day, state, f"{partner} {day}"],
    )


@pytest.fixture
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        lay_out(connection)
        standing.note(connection)
        standing.confirm(connection)
        yield connection


@pytest.fixture
def settings(home: Path) -> Settings:
    settings = load(home)
    homes.prepare(settings.paths)
    with duckdb.connect(str(settings.paths.database)) as connection:
        lay_out(connection)
    return settings


def test_nothing_stands_before_a_first_build(settings: Settings) -> None:
    assert standing.found(settings, "project") == NOTHING


def test_what_was_made_from_a_project_stands_for_that_one_only(settings: Settings) -> None:
    standing.begin(settings, NOTHING)
    standing.end(settings, "project", NOTHING)
    standing.trust(settings)
    assert standing.found(settings, "project") == standing.Standing(rules=True, untouched=True, knowledge=True)
    assert standing.found(settings, "another") == NOTHING


def test_of_a_build_that_died_half_way_nothing_stands_but_what_it_did_not_make(settings: Settings) -> None:
    standing.begin(settings, NOTHING)
    assert standing.found(settings, "project") == NOTHING
    standing.end(settings, "project", NOTHING)
    standing.trust(settings)
    standing.begin(settings, standing.found(settings, "project"))
    assert standing.found(settings, "project") == RULES


def test_rows_that_no_contract_has_judged_are_made_and_judged_again(settings: Settings) -> None:
    """A build that a contract holds, or that dies before it is judged, is no ground to leave rows as they are."""
    standing.begin(settings, NOTHING)
    standing.end(settings, "project", NOTHING)
    assert standing.found(settings, "project") == RULES


def test_contracts_judge_what_a_build_made(settings: Settings) -> None:
    """Whole tables; of kept ones the rows of touched keys; nothing of what was known at month ends if that stood."""
    kept = {"intermediate.application": {"case_id": "case"}}
    with database.connect(settings) as connection:
        connection.execute(
            """create table intermediate.touched_person (person_id varchar);
            create table intermediate.touched_case as select 'touched' as case_id;
            create table intermediate.application as select unnest(['touched', 'left']) as case_id"""
        )
        for table in standing.KNOWLEDGE:
            connection.execute(f"create table intermediate.{table} as select 1 as any_column")
    standing.begin(settings, NOTHING)
    standing.end(settings, "project", NOTHING)
    with database.connect(settings) as connection:
        assert standing.made_rows(connection, kept) == {}
        connection.execute("insert into intermediate.touched_person values ('somebody')")
        made = standing.made_rows(connection, kept)
        assert [connection.execute(f"from {rows}").fetchall() for rows in made.values()] == [[("touched",)]]
    standing.end(settings, "project", standing.Standing(rules=True, untouched=True, knowledge=True))
    with database.connect(settings) as connection:
        made = standing.made_rows(connection, kept)
        assert set(made) == {*kept, *(f"intermediate.{table}" for table in standing.KNOWLEDGE)}
        del made["intermediate.application"]
        assert not any(connection.execute(f"from {rows}").fetchall() for rows in made.values())


def test_a_later_delivery_and_a_later_day_touch_some_keys_only(built: duckdb.DuckDBPyConnection) -> None:
    deliver(built, "ind", "2025-03-11")
    built.execute("update raw.as_of set as_of_on = '2025-03-11'")
    assert standing.of_history(built).untouched


def test_a_partner_that_is_behind_may_deliver_what_lies_before_the_as_of_date(built: duckdb.DuckDBPyConnection) -> None:
    deliver(built, "coa", "2025-03-05")
    found = standing.of_history(built)
    assert found.untouched
    assert found.knowledge


@pytest.mark.parametrize(
    "change",
    [
        "insert into raw.delivery (partner, name, reference_on, state, content_id)"
        " values ('ind', '2025-03-05', '2025-03-05', 'in_force', 'late')",
        "update raw.delivery set content_id = 'written again' where partner = 'ind' and name = '2025-02-28'",
        "update raw.delivery set state = 'refused' where partner = 'coa'",
        "insert into raw.delivery (partner, name, reference_on, state, content_id)"
        " values ('rvr', '2025-03-11', '2025-03-11', 'in_force', 'the first of this partner')",
        "update raw.as_of set as_of_on = '2025-03-09'",
        "update raw.as_of set as_of_on = '2025-03-20'",
        "update raw.setting set value = '21' where name = 'landmark_days'",
        "update raw.last_build set is_whole = false where partner = 'coa'",
        "delete from raw.last_build",
    ],
)
def test_everything_is_made_anew_when(built: duckdb.DuckDBPyConnection, change: str) -> None:
    built.execute(change)
    assert standing.of_history(built) == RULES


def test_what_was_known_at_month_ends_is_made_anew_at_a_month_end(built: duckdb.DuckDBPyConnection) -> None:
    built.execute("update rules.statutory_terms set withdrawn_on = null")
    for day, stands in (("2025-03-30", True), ("2025-03-31", False), ("2025-04-01", False)):
        built.execute("update raw.as_of set as_of_on = ?", [day])
        assert standing.of_history(built) == standing.Standing(rules=True, untouched=True, knowledge=stands), day


def test_a_delivery_of_before_the_last_month_end_changes_what_was_known_then(built: duckdb.DuckDBPyConnection) -> None:
    built.execute("update raw.delivery set reference_on = '2025-02-20' where partner = 'coa' and state = 'in_force'")
    standing.note(built)
    standing.confirm(built)
    deliver(built, "coa", "2025-02-27")
    assert standing.of_history(built) == standing.Standing(rules=True, untouched=True, knowledge=False)
