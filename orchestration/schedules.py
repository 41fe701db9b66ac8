"""When a run starts by itself: every morning, and when deliveries have become complete; and runs per date on demand.

Belongs here: the schedule, the sensors, the backfill, and what they decide on. Does not belong here: what a run does,
or what is worth an alert.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg
from dagster import RunRequest, SkipReason

from orchestration import alerts, deliveries, fingerprint, runs, watch
from orchestration import key as keys
from orchestration.manifest import MANIFEST
from orchestration.settings import Settings

QUIET_SECONDS = 60
"""Deliveries within a minute make one run: the sensor waits until none has been completed for this long."""

TIMEZONE = "Europe/Amsterdam"
FIRST_DAY = "2015-01-01"
"""Where the as-of dates of a backfill begin: before the seed tables do, nothing can be asked for."""


def backfill_config() -> dg.PartitionedConfig[dg.DailyPartitionsDefinition]:
    """One run per as-of date, which writes a release and leaves the publication as it is."""

    @dg.daily_partitioned_config(start_date=FIRST_DAY, timezone=TIMEZONE, end_offset=1)
    def of_date(start: datetime, _end: datetime) -> dict[str, object]:
        return {"resources": {"request": {"config": {"as_of": str(start.date()), "release_only": True}}}}

    return of_date


def morning(job_name: str, settings: Settings) -> dg.ScheduleDefinition:
    """The daily refresh at 06:00; skipped when there is nothing to do."""

    @dg.schedule(
        name="every_morning",
        cron_schedule="0 6 * * *",
        job_name=job_name,
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every morning at 06:00: takes what has arrived, if anything has.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> RunRequest | SkipReason:
        return SkipReason("nothing new") if nothing_new(settings) else RunRequest()

    return every_morning


def on_delivery(job_name: str, settings: Settings) -> dg.SensorDefinition:
    """One refresh when deliveries have become complete."""

    @dg.sensor(
        name="on_delivery",
        job_name=job_name,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts one refresh when deliveries have become complete and none has for a minute.",
    )
    def arrived(context: dg.SensorEvaluationContext) -> RunRequest | SkipReason:
        runs.bury(context.instance)
        found = deliveries.find(settings.paths.deliveries)
        state, because = decide(found, context.cursor, datetime.now(UTC).timestamp())
        if state is None:
            return SkipReason(because)
        context.update_cursor(state)
        return SkipReason(f"already taken{because}") if nothing_new(settings) else RunRequest(run_key=state)

    return arrived


def watching(settings: Settings) -> dg.SensorDefinition:
    """Alerts, also when no run happens: of failed runs, overdue partners and a stale publication."""

    @dg.sensor(
        name="alerts",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells KETENZICHT_ALERT_COMMAND and KETENZICHT_ALERT_WEBHOOK what is wrong, once until it clears.",
    )
    def watched(context: dg.SensorEvaluationContext) -> SkipReason:
        if not alerts.targets(settings):
            return SkipReason("nobody to tell: set KETENZICHT_ALERT_COMMAND or KETENZICHT_ALERT_WEBHOOK")
        told = watch.watch(settings, context.instance, datetime.now(UTC))
        return SkipReason("told: " + "; ".join(alert.text for alert in told) if told else "nothing new to tell")

    return watched


def nothing_new(settings: Settings) -> bool:
    """Whether a refresh would find everything as it was."""
    inputs = fingerprint.inputs(settings, keys.ensure(settings).secret)
    return fingerprint.already_done(settings.paths, inputs, settings.as_of, replace=False) is not None


def decide(found: Sequence[deliveries.Delivery], cursor: str | None, now: float) -> tuple[str | None, str]:
    """The new cursor when a run should start, else None; and the reason not to, with what waits for what.

    `now` is in seconds since 1970. The cursor is a hash of the complete deliveries.
    """
    times = {
        f"{delivery.label}:{delivery.stat_id}": (delivery.folder / MANIFEST).stat().st_mtime
        for delivery in found
        if (delivery.folder / MANIFEST).is_file()
    }
    state = fingerprint.hash_text("\n".join(sorted(times)))
    because = _what_waits(found)
    if not times:
        return None, f"no complete delivery{because}"
    if state == cursor:
        return None, f"no delivery since the last run{because}"
    if 0 <= now - max(times.values()) < QUIET_SECONDS:
        return None, f"a delivery came in less than {QUIET_SECONDS} s ago: waiting for others{because}"
    return state, because


def _what_waits(found: Sequence[deliveries.Delivery]) -> str:
    resolved = deliveries.resolve(found, deliveries.Verdicts())
    waiting = [one for one in resolved if one.state in {"incomplete", "waiting", "refused"}]
    return "".join(f"; {one.label} is {one.state}: {one.reason}" for one in waiting)
