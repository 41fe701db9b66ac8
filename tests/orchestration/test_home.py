"""The folders of a home and the lock on it."""

import fcntl
import os
import stat
from pathlib import Path

import pytest

from orchestration import home as homes
from orchestration import lock
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


ASKING = (
    ("status",),
    ("quarantine", "list"),
    ("quarantine", "show"),
    ("sql", "select 1"),
    ("explain", "dim_case"),
    ("alerts",),
    ("forget", "--before", "2020-01-01"),
)


@pytest.mark.parametrize("asked", ASKING, ids=" ".join)
def test_a_home_that_is_not_there_is_no_empty_one(asked: tuple[str, ...], home: Path, command) -> None:
    """Misspelt, it looked like a home without deliveries; `forget` even made it, and forgot nobody where they were."""
    code, printed = command(*asked, "--home", home)
    assert code == 2
    assert str(home) in printed and "ketenzicht init" in printed
    assert not home.exists()
    home.write_text("a file")
    code, printed = command(*asked, "--home", home)
    assert code == 2
    assert str(home) in printed and "ketenzicht init" in printed


@pytest.mark.parametrize("asked", [("refresh",), ("forget", "--before", "2020-01-01")], ids=" ".join)
def test_a_home_that_cannot_be_written_to_is_named_before_anything_is_done(
    asked: tuple[str, ...], home: Path, command, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(home)
    homes.prepare(paths)
    allowed = os.access
    # a mode would not stop root, as whom tests may run
    monkeypatch.setattr(os, "access", lambda path, mode: path != paths.work and allowed(path, mode))
    code, printed = command(*asked, "--home", home)
    assert (code, f"Permission denied: {paths.work}" in printed, "Traceback" in printed) == (2, True, False)
    assert not paths.lock.exists()


def test_a_file_of_another_user_is_named_with_what_to_do(home: Path, command, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Paths(home)
    homes.prepare(paths)

    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(paths.lock))

    monkeypatch.setattr(lock, "exclusive", closed)
    code, printed = command("forget", "--v-number", "1234501", "--home", home)
    assert code == 2
    assert f"error: cannot use {paths.lock}: Permission denied: run this as the user whose home it is" in printed


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


def test_a_refresh_beside_another_ends_with_1(parsed_home: Path, command) -> None:
    paths = Paths(parsed_home)
    homes.prepare(paths)
    with paths.lock.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        code, printed = command("refresh", "--home", parsed_home)
    assert code == 1
    assert "\nanother refresh" in f"\n{printed}"
    assert "KETENZICHT_LOCK_WAIT_SECONDS" in printed
    assert "LockedError" not in printed
