"""dbt as a process, forked from one that has imported it already: its import costs more than building small tables.

Belongs here: starting dbt and reading what it prints. Does not belong here: which command, or what its events mean.
"""

import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

from orchestration.short_lived import look_for_garbage_rarely

_CONTEXT = get_context("forkserver")


def warm_up() -> None:
    """Begin to import dbt in the background, in a process of its own."""
    _CONTEXT.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb"])
    forkserver.ensure_running()


class DbtProcess:
    """A dbt command under way, with the part of `subprocess.Popen` that dagster-dbt uses."""

    def __init__(self, args: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
        self.args = ["dbt", *args]
        self.returncode: int | None = None
        reader, writer = _CONTEXT.Pipe(duplex=False)
        warm_up()
        self._process = _CONTEXT.Process(target=_run, args=(list(args), dict(env), str(folder), writer), daemon=True)
        self._process.start()
        writer.close()
        self.stdout: IO[bytes] = os.fdopen(os.dup(reader.fileno()), "rb")
        reader.close()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        self._process.join(timeout)
        self.returncode = self._process.exitcode
        return -1 if self.returncode is None else self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to dbt."""
        if self._process.pid is not None:
            os.kill(self._process.pid, number)


def _run(args: list[str], env: dict[str, str], folder: str, output: Connection) -> None:
    """The body of the process: dbt's own command line, printing into `output`."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    for stream in (1, 2):
        os.dup2(output.fileno(), stream)
    output.close()
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    look_for_garbage_rarely()
    # dbt writes its command line into its log and results: never that of the command it works for
    sys.argv = ["dbt", *args]
    from dbt.cli.main import cli

    cli(args)


def _end_with_parent() -> None:
    """A refresh that is killed must not leave a dbt behind that holds the database against the next one."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
