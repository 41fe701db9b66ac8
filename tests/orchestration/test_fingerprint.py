"""Nothing new: decided from files alone."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from orchestration import fingerprint
from orchestration import home as homes
from orchestration.fingerprint import Done, already_done, inputs, record
from orchestration.settings import Paths, load
from tests.conftest import deliver_examples

A, B = date(2025, 7, 31), date(2025, 6, 30)


@pytest.fixture
def paths(home: Path) -> Paths:
    prepared = Paths(home)
    homes.prepare(prepared)
    prepared.database.touch()
    return prepared


def done(as_of: date | None, release: str | None, *, requested: bool = False, seen: str = "same") -> Done:
    return Done(seen, as_of, requested, release, 0, "run", ("told",))


def published(paths: Paths, *entries: Done, current: str) -> None:
    for entry in entries:
        record(paths, entry)
        if entry.release:
            (paths.releases / entry.release).mkdir(parents=True)
    paths.current.symlink_to(f"releases/{current}")


def test_every_input_of_a_figure_changes_the_fingerprint(
    home: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_examples(home)
    seen = [inputs(load(home), key), inputs(load(home), b"another key")]
    for name in ("LANDMARK_DAYS", "RESTATEMENT_MONTHS", "MAX_BAD_ROWS"):
        monkeypatch.setenv(f"KETENZICHT_{name}", "7")
        seen.append(inputs(load(home), key))
    (home / "deliveries/rvr/2025-07-31/rooster.csv").write_text("changed")
    seen.append(inputs(load(home), key))
    monkeypatch.setattr(fingerprint, "code_version", lambda: "another code")
    seen.append(inputs(load(home), key))
    assert len(set(seen)) == len(seen)


def test_what_changes_no_figure_changes_no_fingerprint(home: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_examples(home)
    before = inputs(load(home), key)
    for name, value in {"THREADS": "1", "KEEP_RELEASES": "2", "RUN_HISTORY_DAYS": "3"}.items():
        monkeypatch.setenv(f"KETENZICHT_{name}", value)
    assert inputs(load(home), key) == before


def test_the_published_release_need_not_be_made_again(paths: Paths) -> None:
    published(paths, done(A, "2025-07-31-1"), current="2025-07-31-1")
    assert already_done(paths, "same", None, replace=False) == done(A, "2025-07-31-1")
    assert already_done(paths, "same", A, replace=False) is not None
    assert already_done(paths, "same", B, replace=False) is None
    assert already_done(paths, "other", None, replace=False) is None


def test_a_release_of_an_earlier_date_stands_until_the_publication_shall_move_back(paths: Paths) -> None:
    entries = done(A, "2025-07-31-1"), done(B, "2025-06-30-1", requested=True)
    published(paths, *entries, current="2025-07-31-1")
    assert already_done(paths, "same", B, replace=False) == entries[1]
    assert already_done(paths, "same", B, replace=True) is None
    assert already_done(paths, "same", None, replace=False) == entries[0]


def test_a_release_that_is_gone_or_overtaken_is_made_again(paths: Paths) -> None:
    published(paths, done(A, "2025-07-31-1"), done(A, "2025-07-31-2", seen="newer"), current="2025-07-31-2")
    assert already_done(paths, "same", None, replace=False) is None
    (paths.releases / "2025-07-31-2").rmdir()
    paths.current.unlink()
    assert already_done(paths, "newer", None, replace=False) is None


def test_a_run_with_nothing_to_publish_is_not_repeated(paths: Paths) -> None:
    record(paths, done(None, None))
    assert already_done(paths, "same", None, replace=False) == done(None, None)


@pytest.mark.parametrize("content", ["", "{", "[{}]", "3"])
def test_an_unreadable_ledger_counts_as_none(paths: Paths, content: str) -> None:
    paths.last_refresh.write_text(content)
    assert fingerprint.ledger(paths) == []


def test_without_its_database_nothing_counts_as_done(paths: Paths) -> None:
    record(paths, done(None, None))
    paths.database.unlink()
    assert already_done(paths, "same", None, replace=False) is None


@pytest.mark.parametrize(
    ("modules", "may"),
    [
        # a refresh with nothing new must answer at once
        ("orchestration.cli, orchestration.refresh, orchestration.console", ""),
        ("orchestration.status, orchestration.summary", "duckdb"),
    ],
)
def test_what_answers_at_once_imports_none_of_the_heavy_libraries(modules: str, may: str) -> None:
    program = (
        f"import sys, {modules}\n"
        "heavy = {'dagster', 'dbt', 'duckdb', 'pandas', 'pandera', 'polars', 'pyarrow', 'numpy'}\n"
        f"print(*sorted(heavy & set(sys.modules) - {{'{may}'}}))"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (outcome.stdout, outcome.stderr) == ("\n", "")
