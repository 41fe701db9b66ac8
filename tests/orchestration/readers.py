"""Processes that query a publication for as long as they are let, each time over a connection of their own.

Belongs here: reading, and what a reader may never see. Does not belong here: publishing.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

READER = """
import json, os, sys, duckdb
from pathlib import Path
# they ask without a pause, and must leave the processors to what they read from
os.nice(15)
chain, stop = sys.argv[1], Path(sys.argv[2])
seen, errors, mixed, last = [], [], [], False
queries = 0
while not last:
    # one more after the last publication
    last = stop.exists()
    try:
        with duckdb.connect(chain, read_only=True) as connection:
            said = dict(connection.execute("from marts._metadata").fetchall())
            counts = {}
            for name in said:
                if name.startswith("row_count."):
                    table = name.removeprefix("row_count.")
                    counts[name] = str(connection.execute(f'select count(*) from marts."{table}"').fetchone()[0])
            again = dict(connection.execute("from marts._metadata").fetchall())
            queries += len(counts) + 2
            if again != said or any(said[name] != count for name, count in counts.items()):
                mixed.append(said["published_at"])
            if said["published_at"] not in seen:
                seen.append(said["published_at"])
            if queries == len(counts) + 2:
                print("reading", flush=True)
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
        if queries == 0:
            print("failing", flush=True)
            break
print(json.dumps({"queries": queries, "errors": errors, "mixed": mixed, "seen": seen}))
"""


@dataclass
class Seen:
    """What all readers saw, when they have ended."""

    queries: int = 0
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    publications: set[str] = field(default_factory=set)
    went_back: bool = False


@contextmanager
def reading(chain: Path, stop: Path, readers: int = 4) -> Iterator[Seen]:
    """Readers of `chain` while the block lasts; they read once more after it. `stop` is a file that does not exist."""
    seen = Seen()
    command = [sys.executable, "-c", READER, str(chain), str(stop)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    try:
        # every one reads before the first publication
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        yield seen
    finally:
        stop.touch()
        for process in processes:
            told = json.loads(process.communicate()[0].splitlines()[-1])
            seen.queries += told["queries"]
            seen.errors += told["errors"]
            seen.mixed += told["mixed"]
            seen.publications |= set(told["seen"])
            seen.went_back |= told["seen"] != sorted(told["seen"])
