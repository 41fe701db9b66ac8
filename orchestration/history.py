"""Dagster's storage of runs and events, opened so that a run does not spend most of its time waiting for the disk.

Belongs here: opening and first making it. Does not belong here: what is read from it (`runs`).
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from orchestration.settings import Paths


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
        with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
            instance.get_runs_count()
        ready.touch()


@contextmanager
def opened(paths: Paths) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of a home that `home.prepare` has made."""
    prepare(paths)
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        yield instance
