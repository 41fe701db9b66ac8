"""The folders of a home and the lock on it."""

import fcntl
import stat
from pathlib import Path

import pytest

from orchestration import home as homes
from orchestration.lock import LockedError, exclusive
from orchestration.settings import Paths, load


def test_private_folders_are_private(home: Path) -> None:
    paths = load(home).paths
    homes.prepare(paths)
    for private in (paths.work, paths.build.parent, paths.dbt_target, paths.dagster):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert {folder.name for folder in paths.deliveries.iterdir()} == {"ind", "coa", "rvr"}


def test_what_is_there_stays(home: Path) -> None:
    paths = load(home).paths
    homes.prepare(paths)
    (paths.dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    (paths.deliveries / "ind" / "2025-01-31").mkdir()
    homes.prepare(paths)
    assert (paths.dagster / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"
    assert (paths.deliveries / "ind" / "2025-01-31").is_dir()


def test_a_home_that_cannot_be_made_ends_the_command_with_2(tmp_path: Path, command) -> None:
    (tmp_path / "file").write_text("in the way")
    code, printed = command("refresh", "--home", tmp_path / "file" / "home")
    assert code == 2
    assert "--home" in printed
    assert "file" in printed


def test_init_makes_a_dagster_home_without_telemetry(home: Path, command) -> None:
    from dagster import DagsterInstance

    code, printed = command("init", "--home", home)
    assert code == 0
    assert str(home / "deliveries") in printed
    with DagsterInstance.from_config(str(home / "dagster")) as instance:
        assert not instance.telemetry_enabled
        assert instance.get_runs_count() == 0
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1


def test_a_held_lock_is_told_with_its_holder(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with (
        exclusive(file, wait_seconds=0),
        pytest.raises(LockedError, match="KETENZICHT_LOCK_WAIT_SECONDS"),
        exclusive(file, wait_seconds=0),
    ):
        pass
    with exclusive(file, wait_seconds=0):
        pass


def test_a_refresh_beside_another_ends_with_1(home: Path, command) -> None:
    paths = Paths(home)
    homes.prepare(paths)
    with paths.lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        code, printed = command("refresh", "--home", home)
    assert code == 1
    assert "another refresh" in printed
    assert "KETENZICHT_LOCK_WAIT_SECONDS" in printed
