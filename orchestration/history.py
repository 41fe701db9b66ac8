"""Dagster's storage of runs and events, opened so that a run does not spend most of its time waiting for the disk.

Belongs here: opening and first making it. Does not belong here: what is read from it (`runs`).
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine

from orchestration.durable import reached
from orchestration.home import HomeError
from orchestration.settings import Paths


class EventLog(SqliteEventLogStorage):
    """Dagster's event log over connections that stay open.

    Dagster opens and closes a database, and compiles its statements anew, for every one of some 700 events of a run:
    a third of a small refresh. The files and what is in them are the same.
    """

    def __init__(self, *args: Any, **config: Any) -> None:
        self._engines: dict[str | None, Engine] = {}
        super().__init__(*args, **config)

    @contextmanager
    def run_connection(self, run_id: str | None = None) -> Iterator[Connection]:
        """A transaction on the events of one run."""
        if run_id not in self._engines:
            with super().run_connection(run_id):
                """Made and brought up to date by Dagster."""
            self._engines[run_id] = create_engine(self.conn_string_for_shard(str(run_id)))
        with self._engines[run_id].begin() as connection:
            yield connection

    def index_connection(self) -> AbstractContextManager[Connection]:
        """A transaction on what is known of assets over all runs."""
        return self.run_connection("index")

    def dispose(self) -> None:
        """Close what is open."""
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()


class Storage(DagsterSqliteStorage):
    """Dagster's storage in SQLite with our event log: what a run in this process writes to."""

    def __init__(self, base_dir: str, **config: Any) -> None:
        super().__init__(base_dir, **config)
        self._event_log_storage = EventLog(str(Path(self._event_log_storage.path_for_shard("index")).parent))

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "Storage":
        """Made from configuration; Dagster's own method names its own class."""
        return cls(inst_data=inst_data, **config_value)


def relax() -> None:
    """Let SQLite sync at checkpoints only, in this process.

    Dagster commits each of several hundred events of a run by itself. In its write-ahead mode a crash of the machine
    can then lose the last events of the log, never corrupt it; a crash of the process loses none.
    """
    if not event.contains(Engine, "connect", _sync_at_checkpoints):
        event.listen(Engine, "connect", _sync_at_checkpoints)


def _sync_at_checkpoints(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")


def prepare(paths: Paths) -> None:
    """Create the storage, one process at a time: a fresh one hit by several at once is left unusable."""
    relax()
    ready = paths.dagster / "initialised"
    if ready.exists():
        return
    with (paths.dagster / "initialising").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        reached("dagster_storage.begun")
        with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
            instance.get_runs_count()
        reached("dagster_storage.made")
        ready.touch()
        reached("dagster_storage.ready")


@contextmanager
def opened(paths: Paths) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of a home that `home.prepare` has made. Raises HomeError: SQLite writes even to read."""
    for needed in (paths.dagster, *paths.dagster.glob("history/*.db"), *paths.dagster.glob("history/runs/index.db")):
        if not os.access(needed, os.W_OK):
            raise HomeError(f"cannot write to {needed}: run this as the user whose home it is; ketenzicht doctor looks")
    prepare(paths)
    ref = InstanceRef.from_dir(str(paths.dagster))
    # A storage that the user names in dagster.yaml stays the user's.
    if ref.storage_data and ref.storage_data.class_name == DagsterSqliteStorage.__name__:
        ours = ref.storage_data._replace(module_name=__name__, class_name=Storage.__name__)
        ref = ref._replace(storage_data=ours)
    with dg.DagsterInstance.from_ref(ref) as instance:
        yield instance
