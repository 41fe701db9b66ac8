"""When rule tables and staging views stand, and when they are made anew."""

from pathlib import Path

import duckdb

from orchestration import home as homes
from orchestration import standing
from orchestration.settings import Settings, load


def settings_of(home: Path) -> Settings:
    settings = load(home)
    homes.prepare(settings.paths)
    duckdb.connect(str(settings.paths.database)).close()
    return settings


def test_nothing_stands_in_a_new_database(home: Path) -> None:
    assert not standing.stands(settings_of(home), "project")


def test_what_was_made_from_a_project_stands_for_that_one_only(home: Path) -> None:
    settings = settings_of(home)
    standing.begin(settings)
    standing.end(settings, "project")
    assert standing.stands(settings, "project")
    assert not standing.stands(settings, "another")


def test_a_run_that_died_half_way_leaves_nothing_standing(home: Path) -> None:
    settings = settings_of(home)
    standing.begin(settings)
    standing.end(settings, "project")
    standing.begin(settings)
    assert not standing.stands(settings, "project")
    assert not standing.stands(settings, "another")
