"""One refresh from the command line: needless, or run as the Dagster job it is; and the exit code it ends with.

Belongs here: starting the job, reading its end. Does not belong here: any step of it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orchestration import fingerprint, home
from orchestration import key as keys
from orchestration.arguments import DONE, FAILED, HELD
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}


@dataclass(frozen=True)
class Result:
    """How a refresh ended: exit code, what to tell, and the release it wrote."""

    exit_code: int
    lines: tuple[str, ...]
    release: str | None = None


def refresh(
    settings: Settings,
    *,
    as_of: date | None = None,
    full: bool = False,
    replace: bool = False,
    accept_drop: bool = False,
) -> Result:
    """Bring the publication up to date with the deliveries, and alert when that fails.

    Raises SettingsError, HomeError, KeyFileError.
    """
    try:
        return _refresh(settings, as_of=as_of, full=full, replace=replace, accept_drop=accept_drop)
    except Exception as error:
        _alert_of(settings, error)
        raise


def _refresh(settings: Settings, *, as_of: date | None, full: bool, replace: bool, accept_drop: bool) -> Result:
    home.prepare(settings.paths)
    secret = keys.ensure(settings).secret
    if not (full or accept_drop):
        inputs = fingerprint.inputs(settings, secret)
        done = fingerprint.already_done(settings.paths, inputs, as_of or settings.as_of, replace=replace)
        if done is not None:
            return Result(
                DONE, (f"nothing new since {done.release or 'the last refresh'}", *done.messages), done.release
            )
    from orchestration import database

    database.refuse_wrong_key(settings)
    request = {"as_of": as_of and str(as_of), "full": full, "replace": replace, "accept_drop": accept_drop}
    return _run(settings, request)


def _run(settings: Settings, request: Mapping[str, object]) -> Result:
    """Run the job in this process, on the storage that the UI reads."""
    from orchestration import dbt_process

    # dbt's import takes as long as Dagster's; begun now, it happens beside it.
    dbt_process.warm_up()
    # A run that waits for IND skips steps, and with them their checks: Dagster warns of each on standard error.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    from analytics.disclosure.closed_list import ClosedListError
    from orchestration import dbt, history, watch
    from orchestration.definitions import pipeline

    try:
        job = pipeline(settings).resolve_job_def("refresh")
        dbt.host(settings)
    except (dbt.DbtError, ClosedListError) as error:
        _alert_of(settings, error)
        return Result(FAILED, (str(error),))
    with history.opened(settings.paths) as instance:
        ended = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": QUIET, "resources": {"request": {"config": request}}},
        )
        dbt.end_host()
        watch.after_run(settings, instance, ended.run_id)
    if not ended.success:
        return _failed(ended)
    done = next(one for one in reversed(fingerprint.ledger(settings.paths)) if one.run_id == ended.run_id)
    return Result(done.exit_code, done.messages, done.release)


def _alert_of(settings: Settings, error: Exception) -> None:
    """Tell of a refresh that broke before or beside its run."""
    from orchestration import alerts, failures

    alert = failures.run_failed(type(error).__name__)
    alerts.tell(settings, [alert], alerts.nothing_cleared, without_ledger=True)


def _failed(ended: "dg.ExecuteInProcessResult") -> Result:
    """Exit code and reasons of a run that failed."""
    from orchestration import gate

    broken = [
        f"{'.'.join(one.asset_key.path)} breaks {one.check_name}: "
        + ", ".join(f"{name} {entry.value}" for name, entry in one.metadata.items())
        for one in ended.get_asset_check_evaluations()
        if not one.passed and one.severity.value == "ERROR"
    ]
    failures = [event for event in ended.all_events if event.is_step_failure]
    held = bool(failures) and all(gate.is_held(event) for event in failures)
    reasons = [gate.reason(event) for event in failures if not (broken and gate.is_held(event))]
    reasons += [gate.reason(event) for event in ended.all_events if event.is_run_failure and not failures]
    return Result(HELD if held else FAILED, (*broken, *reasons, "nothing published; the earlier publication stands"))
