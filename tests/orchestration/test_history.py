"""Dagster's storage as a run opens it: the same files as Dagster's own, faster."""

import os
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from orchestration import history, run_log
from orchestration import home as homes
from orchestration.settings import load


def test_dagster_reads_what_a_run_wrote_over_connections_that_stay_open(home: Path) -> None:
    paths = load(home).paths
    homes.prepare(paths)

    @dg.asset
    def table() -> None:
        """An asset, to have events."""

    with history.opened(paths) as instance:
        assert isinstance(instance.event_log_storage, history.EventLog)
        run = dg.materialize([table], instance=instance)
        told = [event.message for event in instance.all_logs(run.run_id)]
    with dg.DagsterInstance.from_config(str(paths.dagster)) as dagsters:
        assert not isinstance(dagsters.event_log_storage, history.EventLog)
        assert [event.message for event in dagsters.all_logs(run.run_id)] == told
        assert dagsters.get_latest_materialization_event(table.key) is not None


def test_a_storage_that_the_user_chose_stays(home: Path) -> None:
    paths = load(home).paths
    homes.prepare(paths)
    config = paths.dagster / "dagster.yaml"
    chosen = "module: dagster._core.storage.event_log\n  class: ConsolidatedSqliteEventLogStorage\n"
    runs = "module: dagster._core.storage.runs\n  class: SqliteRunStorage\n"
    schedules = "module: dagster._core.storage.schedules\n  class: SqliteScheduleStorage\n"
    text = config.read_text()
    for name, what in {"event_log_storage": chosen, "run_storage": runs, "schedule_storage": schedules}.items():
        text += f"{name}:\n  {what}  config: {{base_dir: {paths.dagster / 'own'}}}\n"
    config.write_text(text)
    with history.opened(paths) as instance:
        assert type(instance.event_log_storage).__name__ == "ConsolidatedSqliteEventLogStorage"


def test_a_storage_that_cannot_be_written_to_is_named(
    home: Path, command: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    command("init", "--home", home)
    closed = load(home).paths.dagster / "history" / "runs.db"
    asked = os.access
    # a mode would not stop root, as whom tests may run
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != closed and asked(path, mode))
    code, printed = command("alerts", "--home", home)
    assert code == 2 and f"error: cannot write to {closed}" in printed
    # it reads the files, and writes none
    assert command("status", "--home", home)[0] == 0


def test_a_storage_elsewhere_is_asked_by_dagsters_own_means(
    home: Path, command: Callable[..., tuple[int, str]]
) -> None:
    paths = load(home).paths
    homes.prepare(paths)
    assert not run_log.is_elsewhere(paths)
    text = "storage:\n  sqlite:\n    base_dir: " + str(paths.dagster / "own") + "\n"
    (paths.dagster / "dagster.yaml").write_text((paths.dagster / "dagster.yaml").read_text() + text)
    assert run_log.is_elsewhere(paths)

    @dg.asset_check(asset="table")
    def is_right() -> dg.AssetCheckResult:
        """A check that fails."""
        return dg.AssetCheckResult(passed=False)

    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        look = dg.define_asset_job("look", dg.AssetSelection.all_asset_checks())
        checking = dg.Definitions(asset_checks=[is_right], jobs=[look])
        checking.resolve_job_def("look").execute_in_process(instance=instance, raise_on_error=False)
    code, printed = command("status", "--home", home)
    assert (code, "table: is_right (error)" in printed, "look" in printed) == (0, True, True)
