"""The benchmark of one size: deliveries, refreshes, the floor, the engines; what each took and whether they agree.

Belongs here: the order of the runs. Does not belong here: how a run is measured (`measured`), what is good (`goals`).

Every refresh is the command that users run, in a process of its own. Homes are thrown away; deliveries of equal size
are equal.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from analytics.benchmark import engines, floor_run, shares
from analytics.benchmark.machine import size_of
from analytics.benchmark.measured import Measured, RunError, run
from analytics.benchmark.workload import Day, deliver_day

KEY = "6b6574656e7a69636874" + "0" * 44
"""Pseudonym key of every home of the benchmark: the floor has to write the same pseudonyms."""
KETENZICHT = (sys.executable, "-c", "from orchestration.cli import main; main()")
PUBLISHED, PUBLISHED_WITH_WARNINGS = 0, 3
PARTS = ("floor", "deltas", "nothing_new", "one_row", "daily", "engines", "outside")
"""What can be asked beside the full build, which every ratio needs; `outside`: PostgreSQL and pm4py beside `engines`"""
SAME_FROM_DELTAS = "fct_ind_stock_daily"
"""A mart that depends on the newest rows alone: where persons are linked, history knows more than one delivery"""
CHEAP = 20_000
"""Up to this size builds and floor are run twice: the best counts."""


@dataclass(frozen=True)
class Conditions:
    """Where and how the runs of one benchmark take place."""

    work: Path
    environment: Mapping[str, str]
    """of every process; without settings of the user's"""
    threads: int
    memory_limit: str
    say: Callable[[str], None]
    keep: bool = False
    """leave homes and deliveries as they are at the end"""

    def of_home(self, home: Path) -> dict[str, str]:
        """The environment of a command that works on a home."""
        return {
            **self.environment,
            "KETENZICHT_HOME": str(home),
            "KETENZICHT_KEY": KEY,
            "KETENZICHT_THREADS": str(self.threads),
            "KETENZICHT_MEMORY_LIMIT": self.memory_limit,
        }


def measure_size(cases: int, parts: frozenset[str], conditions: Conditions) -> dict[str, Any]:
    """All asked parts for one number of cases. Raises RunError when a process fails."""
    return _Size(cases, parts, conditions).measure()


def _nothing(_: Measured) -> dict[str, Any]:
    return {}


def _parts(done: Measured) -> dict[str, Any]:
    """Seconds of each part of the floor's script."""
    return {"parts": json.loads(done.output.splitlines()[-1])}


class _Size:
    """One size under way."""

    def __init__(self, cases: int, parts: frozenset[str], conditions: Conditions) -> None:
        self.cases, self.parts, self.conditions = cases, parts, conditions
        self.folder = conditions.work / str(cases)
        self.chain = self.folder / "chain"
        self.home = self.folder / "home"
        self.repeats = 2 if cases <= CHEAP else 1
        self.runs: dict[str, Any] = {}
        self.differing: dict[str, int] = {}
        self.stock = ""

    def measure(self) -> dict[str, Any]:
        rows, size = self._simulate("full", self.chain)
        told: dict[str, Any] = {"cases": self.cases, "rows": rows, "delivered_bytes": size}
        self._full()
        told["disk_bytes"] = {name: size_of(self.home / name) for name in ("work", "published", "dagster")}
        if "floor" in self.parts:
            self._floor()
        if self.parts & {"engines", "outside"}:
            told["engines"] = self._engines()
        if "nothing_new" in self.parts:
            self.runs["nothing_new"] = self._best("nothing_new", self._nothing_new, 3)
        self._days()
        if "deltas" in self.parts:
            self._deltas()
        if not self.conditions.keep:
            shutil.rmtree(self.folder)
        return {**told, "runs": self.runs, "differing_rows": self.differing}

    def _simulate(self, plan: str, out: Path) -> tuple[int, int]:
        command = (sys.executable, "-m", "analytics.benchmark.workload", out, str(self.cases), plan)
        done = run(list(map(str, command)), self.conditions.environment)
        rows, size = json.loads(done.output.splitlines()[-1])
        self._tell(f"simulate {plan}", done)
        return rows, size

    def _tell(self, name: str, done: Measured) -> None:
        self.conditions.say(
            f"{self.cases:>9,}  {name:<18} {done.seconds:8.1f} s  {done.cpu_seconds:8.1f} cpu s"
            f"  {done.peak_bytes / 1e9:5.2f} GB"
        )

    def _best(
        self, name: str, once: Callable[[], Measured], times: int, read: Callable[[Measured], dict[str, Any]] = _nothing
    ) -> dict[str, Any]:
        """The fastest of several runs, with what `read` finds in its output and home right after it."""
        runs = [(done, read(done)) for done in (once() for _ in range(times))]
        best, found = min(runs, key=lambda one: one[0].seconds)
        self._tell(name, best)
        return {
            "seconds": best.seconds,
            "cpu_seconds": best.cpu_seconds,
            "peak_bytes": max(done.peak_bytes for done, _ in runs),
            "all_seconds": [done.seconds for done, _ in runs],
            **found,
        }

    def _refresh(self, home: Path) -> Measured:
        return run([*KETENZICHT, "refresh"], self.conditions.of_home(home), (PUBLISHED, PUBLISHED_WITH_WARNINGS))

    def _build(self, deliveries: Path) -> Measured:
        """A refresh of a home that has nothing but deliveries."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(deliveries, self.home / "deliveries")
        return self._refresh(self.home)

    def _full(self) -> None:
        build = partial(self._build, self.chain / "deliveries")
        self.runs["full"] = self._best("full", build, self.repeats, partial(self._shares, with_intake_rules=True))
        self.stock = floor_run.content_hash(self.home / "published" / "chain.duckdb", SAME_FROM_DELTAS)

    def _nothing_new(self) -> Measured:
        done = self._refresh(self.home)
        if not done.output.startswith("nothing new"):
            raise RunError(f"a second refresh of {self.home} found something new:\n{done.output}")
        return done

    def _shares(self, done: Measured, *, with_intake_rules: bool = False) -> dict[str, Any]:
        return shares.of_refresh(self.home, done.output, done.seconds, with_intake_rules=with_intake_rules)

    def _floor(self) -> None:
        target = self.folder / "floor.duckdb"

        def once() -> Measured:
            target.unlink(missing_ok=True)
            limits = ("--memory-limit", self.conditions.memory_limit, "--threads", str(self.conditions.threads))
            command = (sys.executable, "-m", "analytics.benchmark.floor_run", self.chain / "deliveries", target, KEY)
            return run([*map(str, command), *limits], self.conditions.environment)

        self.runs["floor"] = self._best("floor", once, self.repeats, _parts)
        differing = floor_run.differences(self.home / "published" / "chain.duckdb", target)
        self.differing |= {f"floor.{table}": rows for table, rows in differing.items()}

    def _engines(self) -> dict[str, Any]:
        folder, environment = self.folder / "engines", self.conditions.environment
        told, differing = engines.within(self.home, folder, environment, self._tell)
        if "outside" in self.parts:
            more, unlike = engines.outside(folder, self.conditions.work, environment, self._tell)
            told |= more
            differing |= unlike
        self.differing |= differing
        return told

    def _days(self) -> None:
        """The days after the full delivery, one after the other in the same home."""
        days = []
        if "one_row" in self.parts:
            days.append(("one_row", Day(1, "delta", one_row=True)))
        if "daily" in self.parts:
            days += [("daily_delta", Day(2, "delta")), ("daily_full", Day(3, "full"))]
        before: tuple[Day, ...] = ()
        for name, today in days:
            changed = deliver_day(self.chain / "deliveries", self.home, today, before)
            before = (*before, today)
            taken = self._best(name, partial(self._refresh, self.home), 1, self._shares)
            self.runs[name] = {**taken, "changed_rows": changed}

    def _deltas(self) -> None:
        monthly = self.folder / "monthly"
        rows, size = self._simulate("monthly", monthly)
        taken = self._best("deltas", partial(self._build, monthly / "deliveries"), self.repeats, self._shares)
        self.runs["deltas"] = {**taken, "rows": rows, "delivered_bytes": size}
        stock = floor_run.content_hash(self.home / "published" / "chain.duckdb", SAME_FROM_DELTAS)
        self.differing[f"deltas.{SAME_FROM_DELTAS}"] = int(stock != self.stock)
