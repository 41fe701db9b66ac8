"""The named queries answer on a published home, as they say they do."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import query, questions
from orchestration.questions import Question, QuestionError
from orchestration.settings import PROJECT
from orchestration.status import LONGEST, rows
from tests.conftest import EXAMPLES

AS_OF = date(2025, 7, 31)
ALL = questions.questions()
Command = Callable[..., tuple[int, str]]
Rows = list[dict[str, Any]]


@pytest.fixture
def chain(examples_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(examples_home / "published" / "chain.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def shuffled(examples_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same tables, their rows in another order."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{examples_home}/published/chain.duckdb' as chain (read_only)")
        connection.execute("create schema marts")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'chain'"
        ).fetchall():
            connection.execute(
                f"create table marts.{table} as from chain.marts.{table} as t order by md5(t :: text || 'x')"
            )
        connection.execute("detach chain")
        yield connection


def answer(connection: duckdb.DuckDBPyConnection, name: str) -> Rows:
    found = connection.execute(questions.statement(name))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def expected(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / "expected" / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def test_twelve_questions_are_listed_and_each_is_a_file(command: Command, home: Path) -> None:
    code, printed = command("sql", "--list", "--home", home)
    listed = [line.split()[0] for line in printed.splitlines()[1:]]
    assert (code, len(listed)) == (0, 12)
    assert listed == sorted(file.stem for file in (PROJECT / "queries").glob("*.sql"))
    described = json.loads(command("sql", "--list", "--json", "--home", home)[1])
    assert [one["name"] for one in described] == listed
    assert [one for one in described if not all(one.values()) or not Path(one["file"]).is_file()] == []


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.name)
def test_a_question_has_the_columns_and_reads_the_marts_that_it_says(
    chain: duckdb.DuckDBPyConnection, question: Question
) -> None:
    description = chain.execute(question.sql).description
    assert tuple(column[0] for column in description) == question.columns
    assert set(question.marts) == set(re.findall(r"\bmarts\.(\w+)", question.sql))


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.name)
def test_an_answer_does_not_depend_on_the_order_of_rows(
    chain: duckdb.DuckDBPyConnection, shuffled: duckdb.DuckDBPyConnection, question: Question
) -> None:
    assert chain.execute(question.sql).fetchall() == shuffled.execute(question.sql).fetchall()


def test_who_waits_counts_the_open_visits_of_the_worked_cases(chain: duckdb.DuckDBPyConnection) -> None:
    visits = [(one["stage"], one["entered_on"]) for one in expected("stage_visits") if not one["left_on"]]
    by_stage = {stage: [day for _, day in of] for stage, of in groupby(sorted(visits), lambda one: one[0])}
    assert {(row["stage"], row["cases"], row["longest_days"]) for row in answer(chain, "who_waits")} == {
        (stage, len(days), (AS_OF - date.fromisoformat(min(days))).days) for stage, days in by_stage.items()
    }


def test_over_term_is_the_stock_of_the_worked_cases(chain: duckdb.DuckDBPyConnection) -> None:
    (worked,) = [one for one in expected("ind_stock") if one["day"] == str(AS_OF)]
    (row,) = [
        row
        for row in answer(chain, "over_term")
        if (row["stock_kind"], row["nationality_group"]) == ("ind_stock", "all")
    ]
    assert {name: str(row[name]) for name in row.keys() & worked.keys()} == {
        name: worked[name] for name in row.keys() & worked.keys()
    }
    assert (row["over_term"], row["on_time_share"], row["on_time_share_in_hindsight"]) == (4, 0.2, 0)


def test_the_longest_stage_is_the_one_that_status_shows(chain: duckdb.DuckDBPyConnection) -> None:
    shown = [(one["holder"], one["stage"], one["cases"]) for one in rows(chain, LONGEST)]
    assert sorted((one["holder"], one["stage"], one["open_cases"]) for one in answer(chain, "longest_stage")) == shown


def test_penalties_add_up_to_those_of_the_worked_cases(chain: duckdb.DuckDBPyConnection) -> None:
    accrued = {row["kind"]: (row["runs"], row["running"], row["accrued_eur"]) for row in answer(chain, "penalties")}
    assert accrued == {
        "administrative": (1, 0, Decimal(1442)),
        "judicial": (1, 0, Decimal(3200)),
        "all": (2, 0, Decimal(4642)),
    }
    assert {one["kind"] for one in expected("penalty_runs")} == {"administrative", "judicial"}


def test_how_sure_shows_every_kind_of_evidence_and_no_broken_identity(chain: duckdb.DuckDBPyConnection) -> None:
    found = answer(chain, "how_sure")
    assert {row["evidence"] for row in found} >= {"identity", "published", "delivered", "fresh"}
    assert [row for row in found if row["evidence"] == "identity" and row["off"]] == []


@pytest.fixture
def hand_made(examples_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Marts without rows, for rows that the worked cases have none of."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{examples_home}/published/chain.duckdb' as chain (read_only)")
        connection.execute("create schema marts")
        for table in ("_metadata", "fct_workforce_weekly", "fct_lead_time"):
            connection.execute(f"create table marts.{table} as from chain.marts.{table} limit 0")
        connection.execute("detach chain")
        yield connection


def test_the_learning_curve_divides_sums_of_the_weeks_worked(hand_made: duckdb.DuckDBPyConnection) -> None:
    hand_made.execute("insert into marts._metadata by name select 'as_of_on' as key, '2025-03-10' as value")
    hand_made.execute("""
        insert into marts.fct_workforce_weekly by name
        select
            week_start, 'T' as team, 'EXTERN' as pool, role, fte, 0.5 as fte_in_training, 80 as available_hours,
            productive_hours, 0 as hearings_held, decisions_made, 5 as decisions_planned, weeks_since_start
        from (values
            (date '2024-12-02', 'decision', 2, 60, 2, 0),
            (date '2025-02-24', 'decision', 3, 40, 3, 12),
            (date '2025-03-03', 'decision', 1, 30, 4, 13),
            (date '2025-03-03', 'preparation', 1, 30, 0, 13),
            (date '2025-03-10', 'decision', 1, 30, 0, 14)
        ) as week (week_start, role, fte, productive_hours, decisions_made, weeks_since_start)
    """)
    names = (
        "weeks_band",
        "team_weeks",
        "fte_mean",
        "output",
        "hours_per_unit",
        "units_per_fte_week",
        "plan_attainment",
    )
    assert [tuple(row[name] for name in names) for row in answer(hand_made, "learning_curve")] == [
        ("0-12", 2, 2.5, 5, 20, 1, 0.5),
        ("13-25", 1, 1, 4, 7.5, 4, 0.8),
    ]


@pytest.mark.parametrize(
    ("as_of", "cohort", "period"),
    [("2024-12-31", 2023, 2024), ("2024-12-30", 2023, 2023), ("2024-12-29", 2022, 2023)],
    ids=["on the last day of a year", "a day before", "when the last of the cohort is followed for 364 days"],
)
def test_lead_time_takes_the_newest_whole_year_and_the_newest_followed_for_a_year(
    hand_made: duckdb.DuckDBPyConnection, as_of: str, cohort: int, period: int
) -> None:
    hand_made.execute("insert into marts._metadata by name select 'as_of_on' as key, ? as value", [as_of])
    hand_made.execute("""
        insert into marts.fct_lead_time by name
        select
            'application_to_decision' as segment, view, 'year' as period_kind, make_date(year, 1, 1) as period_start,
            'nationality_group' as group_kind, 'Syrian' as group_value, year as started_count, year as completed_count,
            year as open_count
        from (values ('cohort'), ('period'), ('stock')) as one (view)
        cross join (values (2022), (2023), (2024)) as of_year (year)
    """)
    (row,) = answer(hand_made, "lead_time_by_group")
    assert (row["cohort_year"], row["applied"], row["period_year"], row["decided"], row["undecided"]) == (
        cohort,
        cohort,
        period,
        period,
        2024,
    )


def test_a_question_is_asked_by_its_name(examples_home: Path, command: Command) -> None:
    code, printed = command("sql", "penalties", "--format", "csv", "--home", examples_home)
    assert (code, printed.splitlines()[1].split(",")[:2]) == (0, ["all", "2"])


def test_no_figure_is_cut_off_to_fit_a_terminal(examples_home: Path, command: Command) -> None:
    code, printed = command("sql", "penalties", "--home", examples_home)
    assert (code, "4642.00" in printed, "…" in printed) == (0, True, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["who_wait"], "ketenzicht sql --list"), (["--list", "who_waits"], "stands alone")],
    ids=["a name that is none", "a name beside --list"],
)
def test_a_wrong_question_says_what_to_do(
    examples_home: Path, command: Command, arguments: list[str], said: str
) -> None:
    code, printed = command("sql", *arguments, "--home", examples_home)
    assert (code, said in printed) == (2, True)


@pytest.mark.parametrize("asked", ["select 1; select 2", "pivot (select 1 as a, 2 as b) on a using sum(b); select 2"])
def test_of_several_statements_none_is_answered(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error, match="2 statements, divided by `;`"):
        query.ask(connection, asked, "csv")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [("select ';' as a; -- b; c\n;", "a\n;\n"), ("pivot (select 'x' as a, 2 as b) on a using sum(b)", "x\n2\n")],
)
def test_one_statement_is_one_whatever_stands_around_it(
    asked: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect() as connection:
        query.ask(connection, asked, "csv")
    assert capsys.readouterr().out == said


def test_a_file_that_does_not_say_what_it_asks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command, home: Path
) -> None:
    (tmp_path / "silent.sql").write_text("select 1\n")
    monkeypatch.setattr(questions, "QUERIES", tmp_path)
    with pytest.raises(QuestionError, match=r"silent\.sql: begin it with a comment"):
        questions.statement("silent")
    code, printed = command("sql", "--list", "--home", home)
    assert (code, "silent.sql" in printed) == (2, True)
