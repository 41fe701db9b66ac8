"""What somebody should be told of: an overdue partner, a stale publication, and what `failures` finds.

Belongs here: from deliveries, publication and the clock to alerts; who looks when. Does not belong here: telling
(`alerts`), the schedule of looking (`schedules`).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb

from orchestration import alerts, database, deliveries, failures, lock, release, runs
from orchestration.alerts import BLOCKING_CHECK, OVERDUE_PARTNER, RUN_FAILURE, STALE_PUBLICATION, Alert
from orchestration.settings import PROJECT, Paths, Settings

SCHEDULE = PROJECT / "dbt_project" / "seeds" / "delivery_schedule.csv"
CLOCK = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Expected:
    """When a partner delivers, by the seed delivery_schedule."""

    partner: str
    frequency: str
    expected_by: time
    grace_days: int

    def next_after(self, newest: date) -> date | None:
        """The day on which the delivery after `newest` is expected, as fct_freshness has it."""
        match self.frequency:
            case "daily":
                return newest + timedelta(days=1)
            case "weekly":
                return newest + timedelta(days=8 - newest.isoweekday())
        return None

    def is_overdue(self, newest: date | None, now: datetime) -> bool:
        """Whether fct_freshness as of today would call it late or missing, once the hour of delivery is past."""
        if newest is None:
            return True
        local = now.astimezone(CLOCK)
        day = local.date() if local.time() >= self.expected_by else local.date() - timedelta(days=1)
        due = self.next_after(newest)
        return due is not None and day > due + timedelta(days=self.grace_days)


def schedule() -> list[Expected]:
    """The seed delivery_schedule."""
    with SCHEDULE.open(newline="") as stream:
        return [
            Expected(row["partner"], row["frequency"], time.fromisoformat(row["expected_by"]), int(row["grace_days"]))
            for row in csv.DictReader(stream)
        ]


def after_run(settings: Settings, instance: dg.DagsterInstance, run_id: str) -> list[Alert]:
    """Tell what a run of the command line found: its failure, or the partners that the publication calls late."""
    if not alerts.targets(settings):
        return []
    if (failed := failures.of_run(instance, run_id)) is not None:
        return alerts.tell(settings, [failed], alerts.nothing_cleared, without_ledger=True)
    newest, late = _published_freshness(settings.paths)

    def is_cleared(condition: str, seen: str) -> bool:
        kind, _, subject = condition.partition(":")
        if kind in {RUN_FAILURE, BLOCKING_CHECK}:
            return subject.startswith("refresh")
        return kind == OVERDUE_PARTNER and subject not in late and newest.get(subject, "") > seen

    return alerts.tell(settings, [_overdue(partner, newest[partner]) for partner in late], is_cleared)


def now_holding(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> list[Alert] | None:
    """Every condition that holds now; None while a refresh holds the working database."""
    newest = newest_usable(settings)
    if newest is None:
        return None
    waited_for = [one for one in schedule() if newest and one.is_overdue(newest.get(one.partner), now)]
    overdue = [_overdue(one.partner, str(newest.get(one.partner, ""))) for one in waited_for]
    return [*failures.newest(instance), *overdue, *stale(settings, now)]


def watch(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> list[Alert]:
    """Tell what holds now and was not told, and forget what has ended; returns what was told."""
    if not alerts.targets(settings):
        return []
    runs.bury(instance)
    holding = now_holding(settings, instance, now)
    if holding is None:
        return []
    names = {alert.condition for alert in holding}
    return alerts.tell(settings, holding, lambda condition, _seen: condition not in names)


def stale(settings: Settings, now: datetime) -> Iterator[Alert]:
    """The publication, when its as-of date is older than the setting allows; one that is pinned never is."""
    current = release.published(settings.paths)
    if current is None or settings.as_of is not None:
        return
    age = (now.astimezone(CLOCK).date() - release.as_of(current)).days
    if age > settings.stale_after_days:
        yield Alert(
            STALE_PUBLICATION,
            "publication",
            "warning",
            f"what readers open is as of {release.as_of(current)}, {age} days ago "
            f"(KETENZICHT_STALE_AFTER_DAYS is {settings.stale_after_days})",
            f"See whether IND delivers and the schedule daemon runs: ketenzicht doctor. {failures.LOOK}",
        )


def newest_usable(settings: Settings) -> dict[str, date] | None:
    """Newest reference date per partner of the deliveries on disk that are in force; None while a refresh runs.

    Holds the lock of the home meanwhile: a reader of the working database would stop a refresh that begins.
    """
    refused: dict[tuple[str, str], str] = {}
    paths = settings.paths
    if paths.database.exists():
        with lock.kept_free(paths.lock) as is_free:
            if not is_free:
                return None
            with database.connect(settings, read_only=True) as connection:
                found = connection.execute("select name, content_id from raw.delivery where state = 'refused'")
                refused = dict.fromkeys(found.fetchall(), "refused by an earlier intake")
    newest: dict[str, date] = {}
    for one in deliveries.resolve(deliveries.find(paths.deliveries), deliveries.Verdicts(refused)):
        if one.state == "in_force" and one.name is not None:
            newest[one.partner] = max(one.name.reference_on, newest.get(one.partner, date.min))
    return newest


def _overdue(partner: str, newest: str) -> Alert:
    known = f"its newest usable delivery is of {newest}" if newest else "it has no usable delivery"
    return Alert(
        OVERDUE_PARTNER,
        partner,
        "warning",
        f"{partner} is overdue: {known}",
        f"Ask {partner}; see whether a delivery of theirs was refused or waits: ketenzicht status",
        seen=newest,
    )


def _published_freshness(paths: Paths) -> tuple[dict[str, str], list[str]]:
    """Newest reference date per partner as text, and the partners that are late or missing, as published."""
    current = release.published(paths)
    if current is None:
        return {}, []
    with duckdb.connect(str(current / "chain.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select partner, coalesce(newest_reference_on::text, ''), status <> 'on_time' from marts.fct_freshness "
            "order by partner"
        ).fetchall()
    return {partner: newest for partner, newest, _ in rows}, [partner for partner, _, is_late in rows if is_late]
