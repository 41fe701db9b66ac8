"""Releases: whole or absent, swapped by one rename, the last N kept."""

import os
import stat
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration import home as homes
from orchestration import release
from orchestration.publish import moves
from orchestration.resources import Request
from orchestration.settings import Paths, load

A = date(2025, 7, 31)


@pytest.fixture
def paths(home: Path) -> Paths:
    prepared = Paths(home)
    homes.prepare(prepared)
    return prepared


def build(paths: Paths, *rows: tuple[str, int]) -> None:
    """A build with one mart, as the last dbt call leaves it."""
    with duckdb.connect(str(paths.build)) as connection:
        connection.execute("create schema marts; create table marts.fct (name varchar, stock integer)")
        connection.execute(
            "insert into marts.fct select unnest(?), unnest(?)", [list(column) for column in zip(*rows, strict=True)]
        )


def publish(paths: Paths, *rows: tuple[str, int], as_of: date = A) -> Path:
    build(paths, *rows)
    written = release.write(load(paths.home), as_of)
    release.swap(paths, written)
    return written


def stock(paths: Paths) -> list[tuple[int]]:
    with duckdb.connect(str(paths.chain.resolve()), read_only=True) as connection:
        return connection.execute("select stock from marts.fct order by all").fetchall()


def test_readers_find_the_newest_release_under_names_that_stay(paths: Paths) -> None:
    publish(paths, ("a", 1))
    publish(paths, ("a", 2))
    assert sorted(folder.name for folder in paths.releases.iterdir()) == ["2025-07-31-1", "2025-07-31-2"]
    assert stock(paths) == [(2,)]
    assert duckdb.sql(f"from '{paths.published}/parquet/fct.parquet'").fetchall() == [("a", 2)]
    assert not list(paths.build.parent.iterdir())


def test_an_open_reader_keeps_the_file_that_it_opened(paths: Paths) -> None:
    publish(paths, ("a", 1))
    with duckdb.connect(str(paths.chain.resolve()), read_only=True) as reader:
        publish(paths, ("a", 2))
        release.retain(paths, 1)
        assert reader.execute("select stock from marts.fct").fetchall() == [(1,)]
    assert stock(paths) == [(2,)]


def test_the_link_is_never_away(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever step of a swap is looked at, `current` leads to a whole release."""
    publish(paths, ("a", 1))
    seen = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.append(release.published(paths))
        result = replace(self, target)
        seen.append(release.published(paths))
        return result

    monkeypatch.setattr(Path, "replace", watched)
    publish(paths, ("a", 2))
    assert [found.name for found in seen if found] == ["2025-07-31-1", "2025-07-31-2"]


def test_published_files_are_read_only(paths: Paths) -> None:
    written = publish(paths, ("a", 1))
    files = [file for file in written.rglob("*") if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o444}
    assert {file.name for file in files} == {"chain.duckdb", "fct.parquet"}


def test_the_last_releases_are_kept_and_the_published_one_always(paths: Paths) -> None:
    current = publish(paths, ("a", 0))
    for age, day in enumerate((1, 2, 3, 4)):
        build(paths, ("a", day))
        written = release.write(load(paths.home), date(2025, 1, day))
        os.utime(written, ns=(10**18 + age, 10**18 + age))
    os.utime(current, ns=(1, 1))
    assert release.retain(paths, 2) == ["2025-01-01-1", "2025-01-02-1"]
    assert sorted(folder.name for folder in paths.releases.iterdir()) == ["2025-01-03-1", "2025-01-04-1", current.name]
    assert stock(paths) == [(0,)]


def test_what_a_killed_refresh_left_is_cleaned(paths: Paths) -> None:
    publish(paths, ("a", 1))
    (paths.releases / ".draft" / "parquet").mkdir(parents=True)
    (paths.releases / ".draft-2025-01-01-1").mkdir()
    (paths.published / ".link-current").symlink_to("nowhere")
    build(paths, ("half", 1))
    release.clean(paths)
    assert [folder.name for folder in paths.releases.iterdir()] == ["2025-07-31-1"]
    assert sorted(entry.name for entry in paths.published.iterdir()) == [
        "chain.duckdb",
        "current",
        "parquet",
        "releases",
    ]
    assert not list(paths.build.parent.iterdir())
    assert publish(paths, ("a", 2)).name == "2025-07-31-2"


@pytest.mark.parametrize(
    ("day", "asked", "does"),
    [
        (1, {}, True),
        (31, {}, True),
        (15, {}, True),
        (14, {}, False),
        (14, {"replace": True}, True),
        (31, {"release_only": True}, False),
        (31, {"release_only": True, "replace": True}, False),
    ],
)
def test_the_publication_moves_forward_and_back_only_when_asked(day: int, asked: dict[str, bool], does: bool) -> None:
    current = Path("2025-07-15-2") if day > 1 else None
    assert moves(Request(**asked), current, date(2025, 7, day)) is does
