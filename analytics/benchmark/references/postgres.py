"""A PostgreSQL of the benchmark's own: a temporary data folder, a local socket, stopped when it is done with.

Belongs here: starting, loading, timing the statements (`postgres_statements`). Does not belong here: a figure.

The programs are those of Debian's package `postgresql`; what the server may use is set to what DuckDB may. It refuses
to run as root: then it runs as the unprivileged user that the package made.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from analytics.benchmark.references import postgres_statements

INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
SETTINGS = {
    # nothing but a local socket inside the data folder
    "listen_addresses": "''",
    "shared_buffers": "2GB",
    "work_mem": "1GB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    # what a benchmark loses in a crash is a benchmark
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "8GB",
}


def programs() -> Path | None:
    """The folder of the newest installed server's programs; None when there is none."""
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Server:
    """A running server, asked by `psql` through its socket."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder, self.binaries = folder, binaries
        self.user = USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def call(self, program: str, *arguments: str, given: str | None = None) -> str:
        """Run one of PostgreSQL's programs as the server's user. Raises CalledProcessError."""
        is_other = os.geteuid() == 0
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            input=given,
            text=True,
            check=True,
            capture_output=True,
            cwd="/",
            env={"PATH": f"{self.binaries}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            user=self.user if is_other else None,
            group=pwd.getpwnam(self.user).pw_gid if is_other else None,
            extra_groups=[] if is_other else None,
        )
        return done.stdout

    def sql(self, text: str) -> str:
        """Run statements; returns what they print, unaligned."""
        return self.call(
            "psql", "-h", str(self.folder), "-d", "postgres", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", given=text
        )


@contextmanager
def running(binaries: Path) -> Iterator[Server]:
    """Start a server with a temporary folder; stop it and remove the folder at the end.

    Not below the benchmark's: the server's user must reach it, and the path of a socket is at most 107 characters.
    """
    folder = Path(tempfile.mkdtemp(prefix="ketenzicht-postgres-"))
    folder.chmod(0o755)
    server = Server(folder, binaries)
    if os.geteuid() == 0:
        shutil.chown(folder, server.user)
    data = folder / "data"
    try:
        server.call("initdb", "-D", str(data), "--auth=trust", "--no-sync", "--locale=C", "-E", "UTF8")
        options = [f"-c {name}={value}" for name, value in SETTINGS.items()]
        options.append(f"-c unix_socket_directories='{folder}'")
        log = folder / "log"
        server.call("pg_ctl", "-D", str(data), "-w", "-l", str(log), "-o", " ".join(options), "start")
        try:
            yield server
        finally:
            server.call("pg_ctl", "-D", str(data), "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(server: Server, inputs: Path, repeats: int, figures: Sequence[str]) -> Mapping[str, float]:
    """Load the tables, compute each figure so many times, leave it as Parquet; returns seconds as `timing` does."""
    as_of_on = date.fromisoformat((inputs / "as_of_on").read_text())
    text = {"lead_time": postgres_statements.lead_time(), "stock": postgres_statements.stock(as_of_on)}
    exchange = server.folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    begun = time.perf_counter()
    for name, file in postgres_statements.sources(inputs).items():
        copied = exchange / f"{name}.csv"
        with duckdb.connect() as connection:
            connection.execute(f"copy (from '{file}') to '{copied}' (header)")
        copied.chmod(0o644)
        server.sql(
            f"create unlogged table {name} ({postgres_statements.TABLES[name]});\n"
            f"copy {name} from '{copied}' (format csv, header);\nanalyze {name};"
        )
    told = {"load": time.perf_counter() - begun}
    for figure in figures:
        taken = []
        for _ in range(repeats):
            begun = time.perf_counter()
            server.sql(f"drop table if exists figure;\ncreate unlogged table figure as {text[figure]};")
            taken.append(time.perf_counter() - begun)
        told[figure] = min(taken)
        written = exchange / f"{figure}.csv"
        server.sql(f"copy figure to '{written}' (format csv, header);")
        with duckdb.connect() as connection:
            connection.execute(f"copy (from '{written}') to '{inputs / f'postgres_{figure}.parquet'}'")
    return told
