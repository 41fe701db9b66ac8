"""When a run starts by itself: once a morning, once per minute of deliveries, and what the skipped ticks say."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration import deliveries, fingerprint, schedules
from orchestration.fingerprint import Done, inputs, record
from orchestration.schedules import QUIET_SECONDS, decide
from orchestration.settings import load
from tests.conftest import deliver_examples

NOON = datetime(2025, 8, 1, 12, tzinfo=UTC).timestamp()


def complete(home: Path, partner: str, name: str, at: float, **manifest: object) -> None:
    """A delivery whose manifest was written at `at`."""
    folder = home / "deliveries" / partner / name
    folder.mkdir(parents=True)
    content = {
        "partner": partner,
        "reference_date": name[:10],
        "mode": "full",
        "contract": "1.0",
        "resources": [],
        **manifest,
    }
    (folder / "datapackage.json").write_text(json.dumps(content))
    os.utime(folder / "datapackage.json", (at, at))


def test_a_delivery_starts_one_run_when_a_minute_has_been_quiet(home: Path) -> None:
    complete(home, "ind", "2025-07-31", NOON)
    found = deliveries.find(home / "deliveries")
    assert decide(found, None, NOON + QUIET_SECONDS - 1)[0] is None
    state, _ = decide(found, None, NOON + QUIET_SECONDS)
    assert state is not None
    assert decide(found, state, NOON + 3600)[0] is None


def test_several_deliveries_within_a_minute_make_one_run(home: Path) -> None:
    cursor, starts = None, 0
    arrivals = {0: "ind", 25: "coa", 80: "rvr"}
    for second in range(0, 400, 5):
        if second in arrivals:
            complete(home, arrivals[second], "2025-07-31", NOON + second)
        state, _ = decide(deliveries.find(home / "deliveries"), cursor, NOON + second)
        starts, cursor = (starts + 1, state) if state else (starts, cursor)
    assert starts == 1


def test_a_delivery_that_is_being_uploaded_starts_nothing_and_is_named(home: Path) -> None:
    (home / "deliveries/ind/2025-07-31").mkdir(parents=True)
    state, because = decide(deliveries.find(home / "deliveries"), None, NOON)
    assert state is None
    assert "ind/2025-07-31 is incomplete" in because


def test_a_skipped_tick_says_what_waits_for_what(home: Path) -> None:
    complete(home, "ind", "2025-07-31", NOON, mode="delta", base="2025-06-30")
    found = deliveries.find(home / "deliveries")
    state, _ = decide(found, None, NOON + 100)
    _, because = decide(found, state, NOON + 200)
    assert "ind/2025-07-31 is waiting" in because
    assert "2025-06-30" in because


def test_a_corrected_delivery_starts_another_run(home: Path) -> None:
    complete(home, "ind", "2025-07-31", NOON)
    state, _ = decide(deliveries.find(home / "deliveries"), None, NOON + 100)
    complete(home, "ind", "2025-07-31.2", NOON + 200)
    again, _ = decide(deliveries.find(home / "deliveries"), state, NOON + 300)
    assert again not in (None, state)


def test_the_sensor_asks_for_one_run_and_remembers(home: Path) -> None:
    deliver_examples(home)
    for manifest in home.rglob("datapackage.json"):
        os.utime(manifest, (NOON, NOON))
    sensor = schedules.on_delivery("refresh", load(home))
    with dg.build_sensor_context(instance=dg.DagsterInstance.ephemeral()) as context:
        (run,) = sensor.evaluate_tick(context).run_requests
        assert run.run_key == context.cursor
        assert not sensor.evaluate_tick(context).run_requests


def test_the_sensor_starts_nothing_for_what_the_command_line_has_taken(home: Path, key: bytes) -> None:
    deliver_examples(home)
    for manifest in home.rglob("datapackage.json"):
        os.utime(manifest, (NOON, NOON))
    settings = load(home)
    taken_by_hand(settings, key)
    with dg.build_sensor_context(instance=dg.DagsterInstance.ephemeral()) as context:
        tick = schedules.on_delivery("refresh", settings).evaluate_tick(context)
    assert not tick.run_requests
    assert tick.skip_message is not None
    assert "already taken" in tick.skip_message


def test_every_morning_at_six_in_amsterdam_unless_there_is_nothing_new(home: Path, key: bytes) -> None:
    deliver_examples(home)
    settings = load(home)
    schedule = schedules.morning("refresh", settings)
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 * * *", "Europe/Amsterdam")
    with dg.build_schedule_context() as context:
        assert len(schedule.evaluate_tick(context).run_requests or []) == 1
        taken_by_hand(settings, key)
        assert schedule.evaluate_tick(context).skip_message == "nothing new"


def taken_by_hand(settings, key: bytes) -> None:
    """The ledger as `ketenzicht refresh` leaves it."""
    settings.paths.work.mkdir(parents=True)
    settings.paths.database.touch()
    record(settings.paths, Done(inputs(settings, key), None, False, None, 0, "run"))


@pytest.mark.parametrize("day", ["2015-01-01", "2024-02-29", "2025-07-31"])
def test_a_backfill_asks_for_the_release_of_its_date_only(day: str) -> None:
    config = schedules.backfill_config().get_run_config_for_partition_key(day)
    assert config["resources"]["request"]["config"] == {"as_of": day, "release_only": True}


def test_what_is_hashed_is_not_the_key_itself(home: Path, key: bytes) -> None:
    assert key.hex() not in inputs(load(home), key)
    assert fingerprint.hash_text("") != fingerprint.hash_text(" ")
