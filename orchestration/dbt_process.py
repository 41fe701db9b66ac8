"""dbt beside this process: one host reads the project once, and every command runs in a copy (fork) of that host.

To import dbt and to read the project costs more than to build small tables; the host does both while the raw step runs.
Belongs here: starting dbt and reading what it prints. Does not belong here: which command, or what its events mean.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import IO, TYPE_CHECKING

from orchestration.short_lived import look_for_garbage_rarely

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_CONTEXT = get_context("forkserver")
QUIETLY = ("--log-level", "none", "--log-level-file", "none")


def warm_up() -> None:
    """Begin to import dbt in the background, in a process of its own."""
    _CONTEXT.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb"])
    forkserver.ensure_running()


class DbtHost:
    """The process that commands are forked from, with one environment and folder; it ends with this object."""

    def __init__(self, env: Mapping[str, str], folder: Path, *, reads_project: bool) -> None:
        """`reads_project`: read it now, in the background; a project that cannot be read is told by each command."""
        warm_up()
        self._requests, theirs = _CONTEXT.Pipe(duplex=True)
        self._process = _CONTEXT.Process(
            target=_host, args=(dict(env), str(folder), reads_project, theirs), daemon=True
        )
        self._process.start()
        theirs.close()

    def start(self, args: Sequence[str]) -> "DbtProcess":
        """Start a command; the one before must have been waited for."""
        reader, writer = os.pipe()
        self._requests.send(list(args))
        send_handle(self._requests, writer, self._process.pid)
        os.close(writer)
        return DbtProcess(args, self._requests, os.fdopen(reader, "rb"))

    def close(self) -> None:
        """End the host, also while it still reads."""
        self._requests.close()
        self._process.terminate()
        self._process.join()


class DbtProcess:
    """A dbt command under way, with the part of `subprocess.Popen` that dagster-dbt uses."""

    def __init__(self, args: Sequence[str], host: Connection, stdout: IO[bytes]) -> None:
        self.args = ["dbt", *args]
        self.returncode: int | None = None
        self.stdout = stdout
        self._host = host
        self._pid: int = host.recv()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        if self.returncode is None and self._host.poll(timeout):
            self.returncode = self._host.recv()
        return -1 if self.returncode is None else self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to dbt."""
        if self.returncode is None:
            os.kill(self._pid, number)


def _host(env: Mapping[str, str], folder: str, reads_project: bool, requests: Connection) -> None:
    """The body of the host, until it is ended; a copy goes on as the command. Both end as processes of
    multiprocessing do: killed, they would leave dbt's semaphores behind."""
    signal.signal(signal.SIGTERM, _end_once)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    look_for_garbage_rarely()
    manifest = _read_project() if reads_project else None
    # what was read stays: no copy need look through it for garbage
    gc.freeze()
    try:
        while True:
            args = requests.recv()
            output = recv_handle(requests)
            pid = os.fork()
            if pid == 0:
                requests.close()
                sys.exit(_run(args, output, manifest))
            os.close(output)
            requests.send(pid)
            requests.send(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    except (EOFError, OSError):
        _end_once()


def _end_once(*_: object) -> None:
    """A second end, asked for while the first cleans up, would leave the rest behind."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit()


def _read_project() -> "Manifest | None":
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    sys.argv = ["dbt", "parse"]
    found = dbtRunner().invoke([*QUIETLY, "parse", "--no-write-json"]).result
    return found if isinstance(found, Manifest) else None


def _run(args: list[str], output: int, manifest: "Manifest | None") -> int:
    """The body of a command: dbt's own, printing into `output`. Returns the exit code."""
    from dbt.cli.exceptions import DbtUsageException
    from dbt.cli.main import dbtRunner

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # dbt writes its command line into its log and results: never that of the command it works for
    sys.argv = ["dbt", *args]
    ended = dbtRunner(manifest).invoke(args)
    if isinstance(ended.exception, DbtUsageException):
        # the one error that dbt's log does not tell
        sys.stderr.write(f"{ended.exception}\n")
        sys.stderr.flush()
    return 0 if ended.success else 2 if ended.exception else 1


def _end_with_parent() -> None:
    """A refresh that is killed must not leave a dbt behind that holds the database against the next one."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
