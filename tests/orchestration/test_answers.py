"""What docs/analysts.md tells analysts is true: its answers, its Python, and what it says of reconnecting."""

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

import contracts
from orchestration import answers, questions, release
from orchestration.settings import Paths

ALL = questions.questions()
SNIPPETS = re.findall(r"^```python\n(.*?)^```", answers.PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_page_answers_every_question(examples_home: Path, tmp_path: Path) -> None:
    page = Path(shutil.copy(answers.PAGE, tmp_path))
    answers.write(page, examples_home / "published" / "chain.duckdb")
    for text in (answers.PAGE.read_text(), page.read_text()):
        head, _, written = text.partition(answers.MARK)
        assert re.findall(r"^### (.*)$", written, re.MULTILINE) == [one.title for one in ALL]
        assert [one.name for one in ALL if one.answer not in written] == []
    assert "As of 2025-07-31." in written
    assert head == answers.PAGE.read_text().partition(answers.MARK)[0]


def test_the_page_names_every_mart() -> None:
    marts = {name.removeprefix("marts.") for name in contracts.stage("marts")} - {"_metadata"}
    assert [mart for mart in sorted(marts) if f"`{mart}`" not in answers.PAGE.read_text()] == []


def test_a_page_without_the_mark_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Another page\n")
    with pytest.raises(ValueError, match=r"page\.md has no line <!-- From here on written by"):
        answers.write(page, tmp_path / "chain.duckdb")
    assert page.read_text() == "# Another page\n"


def test_the_python_of_the_page_runs(
    examples_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").symlink_to(examples_home)
    (tmp_path / "queries").symlink_to(questions.QUERIES)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for snippet in SNIPPETS:
        exec(snippet, names)
    assert names["as_of"] == "2025-07-31"
    assert list(names["waits"].columns) == list(next(one for one in ALL if one.name == "who_waits").columns)
    assert names["waits"]["cases"].dtype == names["over_term"]["over_term"].dtype == "int64"
    assert [len(names[frame]) > 0 for frame in ("penalties", "flow", "timeliness")] == [True] * 3
    assert "stock: " in capsys.readouterr().out


def test_readers_keep_their_release_and_find_the_new_one_as_the_page_says(
    own_examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cases(connection: duckdb.DuckDBPyConnection) -> int:
        found = connection.execute("select count(*) from marts.dim_case").fetchone()
        assert found is not None
        return int(found[0])

    paths = Paths(own_examples)
    names: dict[str, Any] = {"duckdb": duckdb, "Path": Path}
    exec(next(one for one in SNIPPETS if "def newest" in one).partition("\n\n\nwith")[0], names)
    (tmp_path / "data").symlink_to(own_examples)
    monkeypatch.chdir(tmp_path)
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
