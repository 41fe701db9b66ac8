"""What is told of a failed run: names of checks, steps, errors and deliveries, and counts.

Belongs here: from Dagster's record of a run to an alert. Does not belong here: texts of errors, which can quote a row;
what the command line prints (`refresh`).
"""

import re
from collections.abc import Iterator, Mapping

import dagster as dg
from dagster import DagsterEventType, DagsterRunStatus, RunsFilter

from orchestration import gate
from orchestration.alerts import BLOCKING_CHECK, RUN_FAILURE, Alert

JOBS = ("refresh", "release_as_of")
LABEL = re.compile(r"^((?:ind|coa|rvr)/\d{4}-\d{2}-\d{2}(?:\.\d+)?) refused", re.MULTILINE)
LOOK = "Look at: ketenzicht status"


def newest(instance: dg.DagsterInstance) -> Iterator[Alert]:
    """Of each job the newest run that ended, when it failed."""
    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE]
    for job in JOBS:
        for run in instance.get_runs(RunsFilter(job_name=job, statuses=ended), limit=1):
            if run.status is DagsterRunStatus.FAILURE:
                yield _failure(instance, run)


def of_run(instance: dg.DagsterInstance, run_id: str) -> Alert | None:
    """The alert of a run; None when it did not fail."""
    run = instance.get_run_by_id(run_id)
    return _failure(instance, run) if run and run.status is DagsterRunStatus.FAILURE else None


def _failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Alert:
    """Which gate held a run and why, in names and counts; or in which step what broke."""
    job, run_id = run.job_name, run.run_id
    steps = _events(instance, run_id, DagsterEventType.STEP_FAILURE)
    step = steps[0].step_key if steps else None
    if steps and all(gate.is_held(event) for event in steps):
        return _alert_of_gate(job, run_id, step, _held_by(instance, run_id, steps))
    errors = [gate.cause(event) for event in (*steps, *_events(instance, run_id, DagsterEventType.RUN_FAILURE))]
    names = [error.cls_name for error in errors if error is not None and error.cls_name]
    return run_failed(names[0] if names else "its process was killed", job=job, step=step, run_id=run_id)


def run_failed(error: str, *, job: str = "refresh", step: str | None = None, run_id: str | None = None) -> Alert:
    """The alert of a run that broke; `error` is the name of an error, never its text, which can quote a row."""
    what = f"{job} failed" + (f" in step {step}" if step else "") + f": {error}"
    stands = "The earlier publication stands. " + LOOK + ", and the run's log in Dagster"
    return Alert(RUN_FAILURE, what, "error", what, stands, step=step, run_id=run_id)


def _alert_of_gate(job: str, run_id: str, step: str | None, by: str) -> Alert:
    return Alert(
        BLOCKING_CHECK,
        f"{job}: {by}",
        "error",
        f"{job} published nothing, a gate held it: {by}",
        f"The earlier publication stands. {LOOK}, and the failing checks in Dagster",
        step=step,
        run_id=run_id,
    )


def _held_by(instance: dg.DagsterInstance, run_id: str, steps: list[dg.DagsterEvent]) -> str:
    """The checks that blocked, with rule and count; or the deliveries that were refused, by name."""
    refused = [label for event in steps for label in LABEL.findall(gate.reason(event))]
    if any(gate.gate_of(event) == "deliveries" for event in steps):
        return "every new delivery was refused: " + ", ".join(refused)
    found = [
        event.asset_check_evaluation_data
        for event in _events(instance, run_id, DagsterEventType.ASSET_CHECK_EVALUATION)
    ]
    broken = [
        f"{'.'.join(one.asset_key.path)} {one.check_name}" + _counts(one.metadata)
        for one in found
        if not one.passed and one.severity is dg.AssetCheckSeverity.ERROR
    ]
    return "; ".join(sorted(broken)) or "a blocking check"


def _counts(metadata: Mapping[str, dg.MetadataValue]) -> str:
    counts = [f"{name} {one.value}" for name, one in sorted(metadata.items()) if isinstance(one.value, int)]
    return f" ({', '.join(counts)})" if counts else ""


def _events(instance: dg.DagsterInstance, run_id: str, kind: DagsterEventType) -> list[dg.DagsterEvent]:
    return [entry.get_dagster_event() for entry in instance.all_logs(run_id, of_type=kind)]
