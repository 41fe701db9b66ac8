"""When rule tables and staging views stand, and when they are made anew."""

from pathlib import Path

import duckdb

from orchestration import home as homes
from orchestration import standing
from orchestration.settings import Paths, load


def database(home: Path) -> Paths:
    paths = load(home).paths
    homes.prepare(paths)
    duckdb.connect(str(paths.database)).close()
    return paths


def test_nothing_stands_in_a_new_database(home: Path) -> None:
    assert not standing.stands(database(home), "project")


def test_what_was_made_from_a_project_stands_for_that_one_only(home: Path) -> None:
    paths = database(home)
    standing.begin(paths)
    standing.end(paths, "project")
    assert standing.stands(paths, "project")
    assert not standing.stands(paths, "another")


def test_a_run_that_died_half_way_leaves_nothing_standing(home: Path) -> None:
    paths = database(home)
    standing.begin(paths)
    standing.end(paths, "project")
    standing.begin(paths)
    assert not standing.stands(paths, "project")
    assert not standing.stands(paths, "another")
