"""The named queries answer on a published home, as they say they do; what docs/analysts.md tells analysts is true."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import answers, questions, release
from orchestration.questions import Question, QuestionError
from orchestration.settings import PROJECT, Paths
from orchestration.status import LONGEST, rows
from tests.conftest import EXAMPLES

AS_OF = date(2025, 7, 31)
ALL = questions.questions()
SNIPPETS = re.findall(r"^```python\n(.*?)^```", answers.PAGE.read_text(), re.MULTILINE | re.DOTALL)
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


def test_a_file_that_does_not_say_what_it_asks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command, home: Path
) -> None:
    (tmp_path / "silent.sql").write_text("select 1\n")
    monkeypatch.setattr(questions, "QUERIES", tmp_path)
    with pytest.raises(QuestionError, match=r"silent\.sql: begin it with a comment"):
        questions.statement("silent")
    code, printed = command("sql", "--list", "--home", home)
    assert (code, "silent.sql" in printed) == (2, True)


def test_the_page_for_analysts_answers_every_question(examples_home: Path, tmp_path: Path) -> None:
    page = Path(shutil.copy(answers.PAGE, tmp_path))
    answers.write(page, examples_home / "published" / "chain.duckdb")
    for text in (answers.PAGE.read_text(), page.read_text()):
        head, _, written = text.partition(answers.MARK)
        assert re.findall(r"^### (.*)$", written, re.MULTILINE) == [one.title for one in ALL]
        assert [one.name for one in ALL if one.answer not in written] == []
    assert "As of 2025-07-31." in written
    assert head == answers.PAGE.read_text().partition(answers.MARK)[0]


def test_the_page_for_analysts_names_every_mart(chain: duckdb.DuckDBPyConnection) -> None:
    marts = chain.execute("select table_name from duckdb_tables() where table_name <> '_metadata'").fetchall()
    assert [mart for (mart,) in marts if f"`{mart}`" not in answers.PAGE.read_text()] == []


def test_the_python_of_the_page_for_analysts_runs(
    examples_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").symlink_to(examples_home)
    (tmp_path / "queries").symlink_to(questions.QUERIES)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for snippet in SNIPPETS:
        exec(snippet, names)
    assert names["as_of"] == str(AS_OF)
    assert list(names["waits"].columns) == list(next(one for one in ALL if one.name == "who_waits").columns)
    assert names["waits"]["cases"].dtype == names["over_term"]["over_term"].dtype == "int64"
    assert [len(names[frame]) > 0 for frame in ("penalties", "flow", "timeliness")] == [True] * 3
    assert "stock: " in capsys.readouterr().out


def test_readers_keep_their_release_and_find_the_new_one_as_the_page_says(
    own_examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cases(connection: duckdb.DuckDBPyConnection) -> int:
        found = connection.execute("select count(*) from marts.dim_case").fetchone()
        assert found is not None
        return int(found[0])

    paths = Paths(own_examples)
    names: dict[str, Any] = {"duckdb": duckdb, "Path": Path}
    exec(next(one for one in SNIPPETS if "def newest" in one).partition("\n\n\nwith")[0], names)
    (own_examples.parent / "data").symlink_to(own_examples)
    monkeypatch.chdir(own_examples.parent)
    with duckdb.connect("data/published/chain.duckdb", read_only=True) as before:
        assert cases(before) == 14
        old = release.published(paths)
        assert old is not None
        new = shutil.copytree(old, old.with_name("2025-07-31-2"))
        (new / "chain.duckdb").chmod(0o644)
        with duckdb.connect(str(new / "chain.duckdb")) as connection:
            connection.execute("delete from marts.dim_case where stage = 'closed'")
        release.swap(paths, new)
        shutil.rmtree(old)
        assert cases(before) == 14
        with names["newest"]() as beside:
            assert cases(beside) == 7
    with duckdb.connect("data/published/chain.duckdb", read_only=True) as after:
        assert cases(after) == 7
