"""Checks of what runs on a home: the lock, the working database, the schedule daemon, what killed runs left.

Belongs here: processes and their traces. Does not belong here: modes and space (`folders`). Dagster's storage is read
without Dagster: its import takes seconds, and may be what is broken.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration import lock as locks
from orchestration.doctor.finding import PROBLEM, WARNING, Finding, Situation
from orchestration.lock import is_alive
from orchestration.run_log import query

LONGEST_REFRESH = timedelta(hours=6)
LONGEST_SILENCE = timedelta(minutes=5)
"""A daemon leaves a heartbeat every half minute."""
HOLDER = re.compile(r"PID (\d+)")


def lock(situation: Situation) -> Iterator[Finding]:
    """Whether a refresh hangs, or was killed. The kernel frees the lock of a dead process; its number stays behind."""
    file = situation.paths.lock
    if not file.exists():
        return
    process = file.read_text().strip()
    begun = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    with locks.kept_free(file) as is_free:
        if is_free and process:
            yield Finding(
                "lock",
                PROBLEM,
                f"the lock is stale: the refresh of process {process} was killed before it ended",
                f"Nothing is lost and nothing to be removed; run: ketenzicht refresh --home {situation.paths.home}",
            )
        elif not is_free and not is_alive(process):
            yield Finding(
                "lock",
                PROBLEM,
                f"process {process or 'unknown'}, which took the lock, is gone, but one that it started still holds it",
                f"Find it with: fuser -v {file} (or lsof {file}), and end it",
            )
        elif not is_free and situation.now - begun > LONGEST_REFRESH:
            yield Finding(
                "lock",
                PROBLEM,
                f"process {process} holds the lock since {begun:%Y-%m-%d %H:%M} UTC",
                f"See what it does, in Dagster or with: ps -p {process}; when it hangs: kill {process}",
            )


def database(situation: Situation) -> Iterator[Finding]:
    """Whether a refresh can go on with the working database. Left alone while one does."""
    import duckdb

    from orchestration import database as databases
    from orchestration.key import KeyFileError

    paths = situation.paths
    with locks.kept_free(paths.lock) as is_free:
        if not is_free or not paths.database.exists():
            return
        try:
            with databases.connect(situation.settings, read_only=True) as connection:
                yield from _built_with(situation, connection)
        except KeyFileError as error:
            yield Finding("database", PROBLEM, str(error), "Do what the message says; until then no refresh runs")
            return
        except duckdb.IOException as error:
            if holder := HOLDER.search(str(error)):
                yield Finding(
                    "database",
                    PROBLEM,
                    f"process {holder[1]} has {paths.database} open: a refresh would fail",
                    f"End it (process {holder[1]}), and read {paths.chain} instead",
                )
                return
            yield Finding(
                "database",
                PROBLEM,
                f"{paths.database} cannot be read by DuckDB {duckdb.__version__}: {str(error).splitlines()[0]}",
                "Damaged, or written by a newer version: install that again; or remove the file, and the next refresh "
                "rebuilds it from the deliveries",
            )
        else:
            if databases.is_encrypted(paths.database) is (not situation.settings.encrypt):
                how = "plain on the disk" if situation.settings.encrypt else "encrypted"
                yield Finding(
                    "database",
                    WARNING,
                    f"the working database is {how}, KETENZICHT_ENCRYPT is {str(situation.settings.encrypt).lower()}",
                    "The next refresh writes it anew as the setting says: ketenzicht refresh",
                )


def _built_with(situation: Situation, connection: Any) -> Iterator[Finding]:
    """Format and key of the working database against ours."""
    from orchestration import key as keys
    from orchestration.raw.pseudonyms import built_with, key_check
    from orchestration.raw.store import FORMAT

    tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    found = connection.execute("select format from raw.format").fetchone() if "format" in tables else None
    number = str(found[0]).partition("-")[0] if found else ""
    if number.isdecimal() and int(number) > FORMAT:
        yield Finding(
            "database",
            PROBLEM,
            f"the working database has format {number}, newer than {FORMAT}, which this version writes",
            "Install the newer version again; else the next refresh rebuilds the history in the older format",
        )
    built = built_with(connection) if found else None
    key = keys.find(situation.settings)
    if built and key and built != key_check(key.secret):
        yield Finding(
            "database",
            PROBLEM,
            "this home was built with another key",
            "Give that key; or, to rotate it, rebuild all: ketenzicht refresh --full (docs/operations.md)",
        )


def daemon(situation: Situation) -> Iterator[Finding]:
    """Whether anything starts by itself: heartbeats in Dagster's storage, schedule and sensors switched on."""
    storage = situation.paths.dagster
    beats = query(storage / "history" / "runs.db", "select daemon_type, timestamp from daemon_heartbeats")
    newest = {kind: datetime.fromisoformat(at).replace(tzinfo=UTC) for kind, at in beats}
    start = "Start ketenzicht-daemon (docs/operations.md), or ketenzicht dev"
    if not newest:
        what = "no schedule daemon has ever run on this home: nothing starts by itself"
        yield Finding("daemon", WARNING, what, f"{start}; not needed where something else runs ketenzicht refresh")
        return
    for kind in ("SCHEDULER", "SENSOR"):
        at = newest.get(kind)
        if at is None or situation.now - at > LONGEST_SILENCE:
            since = f"since {at:%Y-%m-%d %H:%M} UTC" if at else "at all"
            what = f"the schedule daemon is not running: no heartbeat of its {kind.lower()} {since}"
            yield Finding("daemon", PROBLEM, what, start)
    stopped = "select instigator_body from instigators where status = 'STOPPED'"
    for (body,) in query(storage / "schedules" / "schedules.db", stopped):
        name = json.loads(body)["origin"]["job_name"]
        yield Finding("daemon", PROBLEM, f"{name} is switched off in Dagster", f"Switch {name} on, under Automation")


def leftovers(situation: Situation) -> Iterator[Finding]:
    """What killed runs left behind. Not asked while a refresh works on it."""
    paths = situation.paths
    with locks.kept_free(paths.lock) as is_free:
        if not is_free:
            return
        left = [
            *paths.build.parent.glob("*"),
            *paths.releases.glob(".draft*"),
            *paths.published.glob(".link-*"),
            *paths.work.glob("scratch/*"),
        ]
    next_one = f"The next one removes it: ketenzicht refresh --full --home {paths.home}"
    if left:
        names = ", ".join(str(one.relative_to(paths.home)) for one in sorted(left))
        yield Finding("leftovers", WARNING, f"a killed refresh left {names}", next_one)
    running = """
        select runs.run_id, run_tags.value
        from runs join run_tags using (run_id)
        where runs.status = 'STARTED' and run_tags.key = 'ketenzicht/process'
    """
    for run_id, process in query(paths.dagster / "history" / "runs.db", running):
        if not is_alive(process):
            what = f"run {run_id[:8]} counts as running, its process {process} is gone"
            yield Finding("leftovers", WARNING, what, "The next run, or the schedule daemon, marks it as failed")
