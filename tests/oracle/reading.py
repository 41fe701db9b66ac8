"""The whole reading of one chain as of A: every case with its stages, deadlines, flags and runs.

Belongs here: putting the readings of one case together. Not: the rules themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.oracle.case import Case
from tests.oracle.clock import Clock
from tests.oracle.lead_time import Interval, case_intervals, certificate_interval
from tests.oracle.legal_aid import Certificate, Linker, Name
from tests.oracle.linking import Linked, linked
from tests.oracle.penalties import Run, penalty_runs
from tests.oracle.rows import Rows, read_home
from tests.oracle.rulebook import STAGES, Rulebook
from tests.oracle.stock import Dimensions, Progress, backlog_of, dimensions, ind_stock_of, project_progress
from tests.oracle.timeline import (
    Visit,
    housed_on,
    irrevocable_on,
    left_before_decision,
    stages,
    unbroken_since,
    visits,
)

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@dataclass
class CaseReading:
    """What the specification says of one case on A."""

    case: Case
    dimensions: Dimensions
    stage_on: dict[date, int]
    visits: list[Visit]
    stage: str
    stage_since: date
    irrevocable_on: date | None
    housed_on: date | None
    deadline_as_applied: date | None
    deadline_in_hindsight: date | None
    deadline_from_loopbrief: date | None
    is_impeded: bool
    is_suspended: bool
    left_before_decision: bool
    penalty_runs: list[Run]


@dataclass
class Reading:
    """What the specification says of a whole chain on A."""

    as_of: date
    rules: Rulebook
    cases: dict[str, CaseReading]
    linked: Linked

    def ind_stock(self) -> dict[tuple[date, Dimensions], Counter[str]]:
        """fct_ind_stock_daily: counts per day and combination; combinations without stock or flow are absent."""
        total: dict[tuple[date, Dimensions], Counter[str]] = defaultdict(Counter)
        for read in self.cases.values():
            daily = ind_stock_of(read.case, read.deadline_as_applied, read.deadline_in_hindsight, self.as_of)
            for day, measures in daily.items():
                total[day, read.dimensions].update(measures)
        return total

    def backlog(self) -> dict[tuple[date, str, Dimensions], Counter[str]]:
        """fct_backlog_daily: counts per day, stage and combination."""
        total: dict[tuple[date, str, Dimensions], Counter[str]] = defaultdict(Counter)
        for read in self.cases.values():
            for (day, stage), measures in backlog_of(read.case, read.visits, self.rules, self.as_of).items():
                total[day, stage, read.dimensions].update(measures)
        return total

    def certificates(self, name: Name) -> list[Certificate]:
        """Every certificate of the RvR with its case; `name` breaks ties."""
        closed = {key: read.stage_since if read.stage == "closed" else None for key, read in self.cases.items()}
        return Linker(self.linked.cases, closed, self.linked.person_of, name).certificates(self.linked.certificates)

    def intervals(self, name: Name) -> list[Interval]:
        """Every interval of the twelve segments."""
        certificates = self.certificates(name)
        found = [interval for certificate in certificates for interval in certificate_interval(certificate)]
        for read in self.cases.values():
            found += case_intervals(read.case, read.irrevocable_on, certificates)
        return found

    def project_progress(self) -> list[Progress]:
        """fct_project_progress for every row of `projects.csv`."""
        cases = [read.case for read in self.cases.values()]
        return [row for p in self.rules.projects for row in project_progress(p, cases, self.as_of)]


def read_case(case: Case, rules: Rulebook, as_of: date) -> CaseReading:
    """Walks one case through its days and reads off what holds on A."""
    stage_on = stages(case, rules, as_of)
    clock = Clock(case, rules, as_of)
    stage = stage_on[as_of]
    since = unbroken_since(stage_on, {stage})
    assert since is not None
    return CaseReading(
        case=case,
        dimensions=dimensions(case, rules),
        stage_on=stage_on,
        visits=visits(stage_on),
        stage=STAGES[stage][0],
        stage_since=since,
        irrevocable_on=irrevocable_on(stage_on),
        housed_on=housed_on(case),
        deadline_as_applied=clock.deadline_as_applied(),
        deadline_in_hindsight=clock.deadline_in_hindsight(),
        deadline_from_loopbrief=clock.deadline_from_loopbrief(),
        is_impeded=case.is_impeded(as_of),
        is_suspended=case.is_suspended(as_of),
        left_before_decision=left_before_decision(case, as_of),
        penalty_runs=penalty_runs(case, rules, as_of),
    )


def read_rows(rows: Rows, as_of: date, rules: Rulebook, carried: Mapping[str, set[str]] | None = None) -> Reading:
    """Reads rows per extract, text or typed, as of A."""
    found = linked(rows, carried)
    return Reading(as_of, rules, {key: read_case(case, rules, as_of) for key, case in found.cases.items()}, found)


def read_folder(home: Path, as_of: date | None = None, rules: Rulebook | None = None) -> Reading:
    """Reads the full csv deliveries below a home as of A (default: the newest reference date of ind)."""
    known = read_home(home, as_of)
    return read_rows(known.rows, known.as_of, rules or Rulebook.read(SEEDS), known.carried)
