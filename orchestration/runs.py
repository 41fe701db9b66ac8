"""Dagster's memory of runs, by Dagster's own means: signed, buried, pruned, and read wherever it is kept.

Belongs here: what the event log knows. Does not belong here: what the tables hold; the files of a home (`run_log`).
"""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster import DagsterEventType, DagsterRunStatus, RunsFilter

from orchestration.lock import is_alive
from orchestration.run_log import Run

PROCESS = "ketenzicht/process"
FINISHED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def started_at(instance: dg.DagsterInstance, run_id: str) -> datetime:
    """When the run was made, by Dagster's own record: the only time of day that a run knows."""
    record = instance.get_run_record_by_id(run_id)
    if record is None:
        raise LookupError(f"Dagster has no run {run_id}")
    return record.create_timestamp.astimezone(UTC)


def prune(instance: dg.DagsterInstance, now: datetime, days: int) -> int:
    """Forget the finished runs made more than `days` before `now`, with their events; returns their number."""
    old = instance.get_run_records(filters=RunsFilter(statuses=FINISHED, created_before=now - timedelta(days=days)))
    for record in old:
        instance.delete_run(record.dagster_run.run_id)
    return len(old)


def sign(instance: dg.DagsterInstance, run_id: str) -> None:
    """Note which process works on a run, so that `bury` can tell later whether it still does."""
    instance.add_run_tags(run_id, {PROCESS: str(os.getpid())})


def bury(instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs as failed whose process is gone: Dagster would count them as running and start no other."""
    started = instance.get_runs(filters=RunsFilter(statuses=[DagsterRunStatus.STARTED]))
    dead = [run for run in started if PROCESS in run.tags and not is_alive(run.tags[PROCESS])]
    for run in dead:
        instance.report_run_failed(run, "The process of this run was killed; the next run cleans up after it.")
    return [run.run_id for run in dead]


def last(instance: dg.DagsterInstance, limit: int) -> list[Run]:
    """The newest runs first."""
    return [
        Run(
            record.dagster_run.run_id,
            record.dagster_run.job_name,
            record.dagster_run.status.value.lower(),
            datetime.fromtimestamp(record.start_time, UTC) if record.start_time else None,
            record.end_time - record.start_time if record.end_time and record.start_time else None,
        )
        for record in instance.get_run_records(limit=limit)
    ]


def failing_checks(instance: dg.DagsterInstance) -> list[str]:
    """The checks whose newest result is not a pass, as `schema.table: check`, from the runs that are remembered."""
    newest: dict[str, str] = {}
    events = instance.get_event_records(dg.EventRecordsFilter(DagsterEventType.ASSET_CHECK_EVALUATION))
    for record in events:
        event = record.event_log_entry.dagster_event
        if event is not None:
            found = event.asset_check_evaluation_data
            verdict = "passed" if found.passed else found.severity.value.lower()
            newest.setdefault(f"{'.'.join(found.asset_key.path)}: {found.check_name}", verdict)
    return sorted(f"{name} ({verdict})" for name, verdict in newest.items() if verdict != "passed")
