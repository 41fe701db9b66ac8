"""One process and everything that it starts: how long, how much processor, how much memory at its peak.

Belongs here: running and sampling (Linux: /proc). Does not belong here: which process, or what its figures mean.
"""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SHORTEST, LONGEST = 0.05, 0.5
"""Seconds between two looks: often at first, so that a short run is seen; later seldom, since a look costs."""
_TICKS = os.sysconf("SC_CLK_TCK")


class RunError(Exception):
    """A measured process ended otherwise than it should; the message has its last lines."""


@dataclass(frozen=True)
class Measured:
    """One run. Memory is the sum of the processes' proportional shares (PSS): pages that a fork shares count once."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str | Path], environment: Mapping[str, str], expected: Sequence[int] = (0,)) -> Measured:
    """Run a command to its end. Raises RunError when its exit code is not expected."""
    begun, before = time.perf_counter(), _waited_for()
    process = subprocess.Popen(
        [str(part) for part in command],
        env=dict(environment),
        # a .env in the caller's folder must not reach what is measured
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    sampler = _Sampler(process.pid)
    sampler.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - begun
    sampler.stop()
    if process.returncode not in expected:
        last = "\n".join(output.splitlines()[-20:])
        raise RunError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{last}")
    # what ended unseen between two looks is in the first, what nobody waited for (dbt's fork server) in the second
    cpu_seconds = max(_waited_for() - before, sampler.cpu_seconds)
    return Measured(round(seconds, 3), round(cpu_seconds, 2), sampler.peak_bytes, output)


def _waited_for() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Sampler(threading.Thread):
    """Looks at a process and its descendants until told to stop."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak_bytes = 0
        self.ticks: dict[int, int] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        begun = time.perf_counter()
        while not self._ended.wait(min(LONGEST, max(SHORTEST, (time.perf_counter() - begun) / 20))):
            self._look()

    def stop(self) -> None:
        self._ended.set()
        self.join()

    @property
    def cpu_seconds(self) -> float:
        """User and system time of every process seen, up to its last sample."""
        return sum(self.ticks.values()) / _TICKS

    def _look(self) -> None:
        total = 0
        for pid in _tree(self.root):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self.ticks[pid] = int(fields[11]) + int(fields[12])
                total += _proportional_share(pid)
            except (OSError, IndexError, ValueError):
                # it ended between being listed and being looked at
                continue
        self.peak_bytes = max(self.peak_bytes, total)


def _tree(root: int) -> list[int]:
    """A process and its descendants, as far as each is still there."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def _proportional_share(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
