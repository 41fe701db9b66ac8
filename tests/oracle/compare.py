"""The published marts against the oracle's reading, as a list of differences that a person can act on.

Belongs here: reading `marts` and saying where it differs. Does not belong here: what is right (`reading`).
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import Any

import duckdb

from tests.oracle.clock import is_over_term
from tests.oracle.reading import CaseReading, Reading
from tests.oracle.rows import Row
from tests.oracle.rulebook import STAGES
from tests.oracle.stock import BACKLOG, IND_STOCK, Progress
from tests.oracle.timeline import outcome_group, realised

Pseudonym = Callable[[str, str], str]
"""(kind of number, identifier) -> pseudonym."""

Cells = Mapping[str, Any]


def pseudonyms_of(key: bytes) -> Pseudonym:
    """HMAC-SHA-256 over `kind:identifier`, first 128 bits as hex (docs/architecture.md, linking.md)."""
    return lambda kind, identifier: hmac.new(key, f"{kind}:{identifier}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Published:
    """The marts of one publication, and how its case numbers were hidden."""

    database: duckdb.DuckDBPyConnection
    pseudonym: Pseudonym

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a mart."""
        found = self.database.execute(f"from marts.{table}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def names(self, reading: Reading) -> dict[str, str]:
        """case_id -> zaaknummer."""
        return {self.pseudonym("zaaknummer", zaaknummer): zaaknummer for zaaknummer in reading.cases}


def differences(published: Published, reading: Reading) -> list[str]:
    """Every difference between the marts and the reading; empty when they are equal."""
    return [
        *case_differences(published, reading),
        *person_differences(published, reading),
        *visit_differences(published, reading),
        *ind_stock_differences(published, reading),
        *backlog_differences(published, reading),
        *penalty_differences(published, reading),
        *progress_differences(published, reading),
    ]


Keyed = list[tuple[Any, dict[str, Any]]]
"""Published rows, each with its key."""


def compared(what: str, published: Keyed, ours: Mapping[Any, Cells]) -> list[str]:
    """Rows by key, cell by cell; numbers are compared as published, rounded to 6 decimals."""
    theirs = dict(published)
    times = Counter(key for key, _ in published)
    found = [f"{what} {key}: published {count} times" for key, count in times.items() if count > 1]
    found += [f"{what} {key}: published, not in the oracle: {dict(theirs[key])}" for key in theirs.keys() - ours.keys()]
    found += [f"{what} {key}: in the oracle, not published: {dict(ours[key])}" for key in ours.keys() - theirs.keys()]
    for key in ours.keys() & theirs.keys():
        for column, value in ours[key].items():
            said = theirs[key][column]
            if said != value and plain(said) != plain(value):
                found.append(f"{what} {key} {column}: published {theirs[key][column]}, oracle {value}")
    return sorted(found)


def plain(value: Any) -> Any:
    """Numbers as six decimals, so that a fraction equals the double or decimal published of it."""
    if isinstance(value, bool) or value is None or isinstance(value, str | date):
        return value
    return f"{float(value):.6f}" if not isinstance(value, Fraction) else f"{value.numerator / value.denominator:.6f}"


def case_differences(published: Published, reading: Reading) -> list[str]:
    """dim_case."""
    names = published.names(reading)
    theirs = [(names.get(row["case_id"], row["case_id"]), row) for row in published.rows("dim_case")]
    ours = {key: case_cells(read, reading.as_of) for key, read in reading.cases.items()}
    return compared("dim_case", theirs, ours)


def first_done(case_read: CaseReading, stap: str) -> date | None:
    """Day of the first realised step of a name."""
    steps: list[Row] = realised(case_read.case, stap)
    return steps[0].datum_gerealiseerd if steps else None


def case_cells(read: CaseReading, as_of: date) -> Cells:
    """What dim_case must say of one case."""
    case, last = read.case, (read.case.decisions or [None])[-1]
    applied, hindsight = read.deadline_as_applied, read.deadline_in_hindsight
    kind, group, track, project = read.dimensions
    return {
        "application_kind": kind,
        "nationality_group": group,
        "track": track,
        "project": project,
        "registered_on": case.registered_on,
        "applied_on": case.applied_on,
        "first_interview_on": first_done(read, "AANMELDGEHOOR"),
        "prepared_on": first_done(read, "RVT_EINDE"),
        "file_ready_on": first_done(read, "DOSSIER_GEREED"),
        "heard_on": first_done(read, "NADER_GEHOOR"),
        "intended_on": first_done(read, "VOORNEMEN"),
        "viewed_on": first_done(read, "ZIENSWIJZE"),
        "decided_on": case.decided_on,
        "outcome": case.outcome,
        "outcome_group": outcome_group(case.outcome) if case.outcome else None,
        "last_decided_on": last.datum_beslissing if last else None,
        "last_outcome": last.uitkomst if last else None,
        "decision_count": len(case.decisions),
        "irrevocable_on": read.irrevocable_on,
        "housed_on": read.housed_on,
        "stage": read.stage,
        "holder": dict(STAGES.values())[read.stage],
        "stage_since": read.stage_since,
        "is_open": read.stage != "closed",
        "is_impeded": read.is_impeded,
        "is_suspended": read.is_suspended,
        "left_before_decision": read.left_before_decision,
        "deadline_as_applied": applied,
        "deadline_in_hindsight": hindsight,
        "deadline_from_loopbrief": read.deadline_from_loopbrief,
        "is_over_term": is_over_term(case, applied, as_of),
        "is_over_term_in_hindsight": is_over_term(case, hindsight, as_of),
        "decided_in_term": in_term(case.decided_on, applied),
        "decided_in_term_in_hindsight": in_term(case.decided_on, hindsight),
    }


def in_term(decided_on: date | None, deadline: date | None) -> bool | None:
    """First decision on or before the deadline; null while undecided or without deadline."""
    return None if decided_on is None or deadline is None else decided_on <= deadline


def person_differences(published: Published, reading: Reading) -> list[str]:
    """The same cases belong together, whatever a person is called."""
    names = published.names(reading)
    theirs = grouped((row["person_id"], names.get(row["case_id"], "?")) for row in published.rows("dim_case"))
    ours = grouped((read.case.person, key) for key, read in reading.cases.items())
    return [f"persons: cases {cases} are one on one side only" for cases in sorted(theirs ^ ours)]


def grouped(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, ...]]:
    """The sets of members, without the names of their groups."""
    groups: dict[str, list[str]] = defaultdict(list)
    for group, member in pairs:
        groups[group].append(member)
    return {tuple(sorted(members)) for members in groups.values()}


def visit_differences(published: Published, reading: Reading) -> list[str]:
    """fct_stage_visit."""
    names = published.names(reading)
    theirs = [
        ((names.get(row["case_id"], row["case_id"]), row["visit_no"]), row) for row in published.rows("fct_stage_visit")
    ]
    ours: dict[tuple[str, int], Cells] = {}
    for key, read in reading.cases.items():
        for number, visit in enumerate(read.visits, start=1):
            days = ((visit.left_on or reading.as_of) - visit.entered_on).days
            norm = reading.rules.norm_days(visit.stage, visit.entered_on)
            ours[key, number] = {
                "stage": STAGES[visit.stage][0],
                "holder": STAGES[visit.stage][1],
                "entered_on": visit.entered_on,
                "left_on": visit.left_on,
                "days": days,
                "norm_days": norm,
                "is_over_norm": None if norm is None else days > norm,
                "days_over_norm": None if norm is None else max(0, days - norm),
            }
    return compared("fct_stage_visit", theirs, ours)


daily = itemgetter("application_kind", "nationality_group", "track", "project")
"""The four dimensions of a daily row."""


def ind_stock_differences(published: Published, reading: Reading) -> list[str]:
    """fct_ind_stock_daily; a combination without stock or flow may have a row of zeros or none."""
    theirs = [((row["day"], daily(row)), row) for row in published.rows("fct_ind_stock_daily")]
    ours = {key: {m: counts[m] for m in IND_STOCK} for key, counts in reading.ind_stock().items()}
    for key, row in theirs:
        if not any(row[measure] for measure in IND_STOCK):
            ours.setdefault(key, dict.fromkeys(IND_STOCK, 0))
    found = compared("fct_ind_stock_daily", theirs, ours)
    for key, row in theirs:
        share = Fraction(row["stock"] - row["over_term"], row["stock"]) if row["stock"] else None
        found += [f"fct_ind_stock_daily {key}: residual {row['residual']}"] * (row["residual"] != 0)
        if plain(row["on_time_share"]) != plain(share):
            found.append(f"fct_ind_stock_daily {key} on_time_share: published {row['on_time_share']}, oracle {share}")
    return found


def backlog_differences(published: Published, reading: Reading) -> list[str]:
    """fct_backlog_daily: one row a combination that has a stock or a flow, no more and no fewer."""
    holders = dict(STAGES.values())
    theirs = [((row["day"], row["stage"], daily(row)), row) for row in published.rows("fct_backlog_daily")]
    ours = {
        key: {measure: counts[measure] for measure in BACKLOG} | {"holder": holders[key[1]]}
        for key, counts in reading.backlog().items()
    }
    return compared("fct_backlog_daily", theirs, ours)


def penalty_differences(published: Published, reading: Reading) -> list[str]:
    """fct_penalty_run; payments are compared where they stand, on run_no 1 of a kind."""
    names = published.names(reading)
    theirs = [
        ((names.get(row["case_id"], row["case_id"]), row["kind"], row["run_no"]), row)
        for row in published.rows("fct_penalty_run")
    ]
    ours = {
        (key, run.kind, run.run_no): {
            column: value
            for column, value in vars(run).items()
            if run.run_no == 1 or column not in {"paid_eur", "outstanding_eur"}
        }
        for key, read in reading.cases.items()
        for run in read.penalty_runs
    }
    return compared("fct_penalty_run", theirs, ours)


def progress_differences(published: Published, reading: Reading) -> list[str]:
    """fct_project_progress."""
    theirs = [((row["project_id"], row["day"]), row) for row in published.rows("fct_project_progress")]
    rows: list[Progress] = reading.project_progress()
    return compared("fct_project_progress", theirs, {(row.project_id, row.day): vars(row) for row in rows})


def told(found: list[str], most: int = 25) -> str:
    """Differences as a message: how many per table and column, and the first of them."""
    counts = Counter(" ".join(line.split(":")[0].split()[i] for i in (0, -1)) for line in found)
    lines = [f"{count:6d} {what}" for what, count in counts.most_common(15)]
    return "\n".join([f"{len(found)} differences", *lines, *found[:most]])
