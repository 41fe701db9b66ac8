"""Alerts: what is told, to whom, how often; and that no target can harm a refresh."""

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration import alerts, failures, gate, history, lock, runs, schedules, watch
from orchestration import home as homes
from orchestration.alerts import Alert
from orchestration.settings import PROJECT, Settings, SettingsError, load
from tests.conftest import Told

ALERT = Alert("overdue_partner", "rvr", "warning", "rvr is overdue", "Ask rvr.", seen="2025-07-20")
NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
def outbox(told: Told, home: Path) -> Told:
    """What a command was told, in a home that is ready for its ledger."""
    homes.prepare(load(home).paths)
    return told


class Hook(BaseHTTPRequestHandler):
    """Keeps what is posted to it; answers with the status of the server."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.received.append((self.path, self.headers["Content-Type"], json.loads(self.rfile.read(length))))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """A webhook on loopback."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HTTPServer(("127.0.0.1", 0), Hook) as listening:
        listening.received, listening.status = [], 204
        monkeypatch.setenv("KETENZICHT_ALERT_WEBHOOK", f"http://127.0.0.1:{listening.server_port}/hook?token=secret")
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def test_the_command_gets_json_on_its_input_and_the_text_as_a_variable(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outbox: Told
) -> None:
    line = f'cat > {tmp_path}/json; echo "$ALERT_KIND $ALERT_TEXT $KETENZICHT_KEY" > {tmp_path}/text'
    monkeypatch.setenv("KETENZICHT_ALERT_COMMAND", line)
    assert alerts.tell(load(home), [ALERT], alerts.nothing_cleared) == [ALERT]
    assert json.loads((tmp_path / "json").read_text()) == {
        "kind": "overdue_partner",
        "severity": "warning",
        "what": "rvr is overdue",
        "where": str(home),
        "what_to_do": "Ask rvr.",
        "as_of": None,
        "run_id": None,
        "text": "Ketenzicht overdue partner: rvr is overdue. Ask rvr.",
    }
    # the key of the home is not for the command
    assert (tmp_path / "text").read_text() == f"overdue_partner {ALERT.text} \n"


def test_the_webhook_gets_the_same_as_a_post(home: Path, server: HTTPServer) -> None:
    settings = load(home)
    homes.prepare(settings.paths)
    alerts.tell(settings, [ALERT], alerts.nothing_cleared)
    ((path, content_type, content),) = server.received
    assert (path, content_type) == ("/hook?token=secret", "application/json")
    assert content == alerts.payload(settings, ALERT)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses_is_logged_without_its_address_and_tried_again(
    home: Path, server: HTTPServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    settings = load(home)
    homes.prepare(settings.paths)
    server.status = status
    assert alerts.tell(settings, [ALERT], alerts.nothing_cleared) == []
    assert f"answered {status}" in caplog.text
    assert "secret" not in caplog.text
    server.status = 200
    assert alerts.tell(settings, [ALERT], alerts.nothing_cleared) == [ALERT]
    assert [path for path, _, _ in server.received] == ["/hook?token=secret"] * 2


def test_one_condition_is_told_once_until_it_clears(home: Path, outbox: Told) -> None:
    settings = load(home)
    for _ in range(3):
        alerts.tell(settings, [ALERT], alerts.nothing_cleared)
    assert len(outbox()) == 1
    alerts.tell(settings, [], lambda condition, seen: (condition, seen) == ("overdue_partner:rvr", "2025-07-20"))
    alerts.tell(settings, [ALERT], alerts.nothing_cleared)
    assert len(outbox()) == 2


def test_a_target_that_failed_does_not_make_the_other_repeat_itself(
    home: Path, outbox: Told, server: HTTPServer
) -> None:
    server.status = 500
    for _ in range(2):
        alerts.tell(load(home), [ALERT], alerts.nothing_cleared)
    assert (len(outbox()), len(server.received)) == (1, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [("exit 3", "exit code 3"), ("no-such-command-here", "exit code 127"), ("sleep 60", "within 1 s")],
)
def test_a_broken_command_is_logged_and_ends_in_time(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, line: str, reason: str
) -> None:
    monkeypatch.setenv("KETENZICHT_ALERT_COMMAND", line)
    monkeypatch.setenv("KETENZICHT_ALERT_TIMEOUT_SECONDS", "1")
    settings = load(home)
    homes.prepare(settings.paths)
    begun = time.monotonic()
    assert alerts.tell(settings, [ALERT, replace(ALERT, subject="coa")], alerts.nothing_cleared) == []
    assert time.monotonic() - begun < 5
    assert reason in caplog.text


def test_a_webhook_where_nobody_listens_is_logged(
    home: Path, server: HTTPServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KETENZICHT_ALERT_WEBHOOK", "http://127.0.0.1:1/hook?token=secret")
    settings = load(home)
    homes.prepare(settings.paths)
    assert alerts.tell(settings, [ALERT], alerts.nothing_cleared) == []
    assert "could not be reached" in caplog.text
    assert "secret" not in caplog.text


def test_without_a_ledger_only_who_asks_once_tells(home: Path, outbox: Told) -> None:
    settings = load(home)
    with lock.exclusive(settings.paths.alerts.with_suffix(".lock"), 0):
        pass
    settings.paths.alerts.with_suffix(".lock").unlink()
    settings.paths.alerts.with_suffix(".lock").mkdir()
    assert alerts.tell(settings, [ALERT], alerts.nothing_cleared) == []
    assert alerts.tell(settings, [ALERT], alerts.nothing_cleared, without_ledger=True) == [ALERT]
    assert len(outbox()) == 1


def test_a_webhook_must_be_a_web_address_and_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_ALERT_WEBHOOK", "file:///etc/passwd")
    with pytest.raises(SettingsError, match=r"KETENZICHT_ALERT_WEBHOOK.*http") as refused:
        load()
    assert "passwd" not in str(refused.value)


def ended(instance: dg.DagsterInstance, body: Callable[[], None]) -> str:
    """A run of a job `refresh` with one step; its run id."""

    @dg.op(name="raw")
    def step() -> None:
        body()

    @dg.job(name="refresh", executor_def=dg.in_process_executor)
    def refresh() -> None:
        step()

    return refresh.execute_in_process(instance=instance, raise_on_error=False).run_id


def breaks_on_a_row() -> None:
    raise duckdb.ConversionException("Could not convert string '1990-01-31' of Z000000001, v_nummer 2812345678")


def is_held() -> None:
    raise gate.held("every new delivery was refused:\nind/2025-07-31 refused: line 3 holds Z000000001", "deliveries")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def test_a_failed_run_is_told_by_step_and_error_never_by_the_text_of_the_error(instance: dg.DagsterInstance) -> None:
    run_id = ended(instance, breaks_on_a_row)
    found = failures.of_run(instance, run_id)
    assert found is not None
    assert (found.kind, found.what, found.run_id) == (
        "run_failure",
        "refresh failed in step raw: ConversionException",
        run_id,
    )
    assert not re.search("1990|Z0000|28123", found.text)


def test_a_gate_is_told_as_a_blocking_check(instance: dg.DagsterInstance) -> None:
    found = failures.of_run(instance, ended(instance, is_held))
    assert found is not None
    assert found.kind == "blocking_check"
    assert found.what.endswith("every new delivery was refused: ind/2025-07-31")


def test_a_run_whose_process_was_killed_is_told(home: Path, outbox: Told, instance: dg.DagsterInstance) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    run = dg.DagsterRun("refresh", status=dg.DagsterRunStatus.STARTED, tags={runs.PROCESS: str(gone.pid)})
    instance.add_run(run)
    tick(load(home), instance)
    assert [one["what"] for one in outbox()] == ["refresh failed: its process was killed"]


def test_a_run_that_succeeded_is_no_alert(instance: dg.DagsterInstance) -> None:
    assert failures.of_run(instance, ended(instance, lambda: None)) is None


def test_what_looks_like_a_number_of_somebody_is_masked(home: Path) -> None:
    named = replace(ALERT, what="Z000000001 and 2812345678 are late", what_to_do="Ask 1AB2345 about C00000003.")
    told = json.dumps(alerts.payload(load(home), named))
    assert not re.search("Z0000|28123|1AB23|C0000", told)
    assert alerts.masked("since 2025-07-31: not_null:day 12345") == "since 2025-07-31: not_null:day 12345"


def tick(settings: Settings, instance: dg.DagsterInstance) -> str:
    with dg.build_sensor_context(instance=instance) as context:
        return schedules.watching(settings).evaluate_tick(context).skip_message or ""


def test_the_daemon_tells_of_a_run_once_until_a_run_succeeds(
    home: Path, outbox: Told, instance: dg.DagsterInstance
) -> None:
    settings = load(home)
    ended(instance, breaks_on_a_row)
    assert "told: Ketenzicht run failure" in tick(settings, instance)
    assert tick(settings, instance) == "nothing new to tell"
    ended(instance, lambda: None)
    tick(settings, instance)
    ended(instance, breaks_on_a_row)
    tick(settings, instance)
    assert [one["kind"] for one in outbox()] == ["run_failure"] * 2


def test_command_line_and_daemon_do_not_repeat_each_other(
    home: Path, outbox: Told, instance: dg.DagsterInstance
) -> None:
    settings = load(home)
    watch.after_run(settings, instance, ended(instance, is_held))
    tick(settings, instance)
    assert [one["kind"] for one in outbox()] == ["blocking_check"]


def test_with_nobody_to_tell_the_daemon_says_so(home: Path, instance: dg.DagsterInstance) -> None:
    assert "KETENZICHT_ALERT_COMMAND" in tick(load(home), instance)


def freshness(database: duckdb.DuckDBPyConnection, newest: date | None, as_of: date) -> dict[str, bool]:
    """Which partners the mart itself calls late or missing, each with its newest delivery of this date."""
    sql = (PROJECT / "dbt_project/models/marts/fct_freshness.sql").read_text()
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", sql)
    sql = re.sub(r"\{\{ source\('(\w+)', '(\w+)'\) \}\}", r"\1.\2", sql)
    database.execute("delete from raw.as_of; delete from raw.delivery")
    database.execute("insert into raw.as_of values (?)", [as_of])
    if newest is not None:
        database.execute("insert into raw.delivery select partner, ?, 'in_force' from delivery_schedule", [newest])
    return {row[0]: row[4] != "on_time" for row in database.execute(sql).fetchall()}


def test_overdue_is_what_the_freshness_mart_would_say_as_of_today() -> None:
    with duckdb.connect() as database:
        database.execute(f"create table delivery_schedule as from '{watch.SCHEDULE}'")
        database.execute("create schema raw; create table raw.as_of (as_of_on date)")
        database.execute("create table raw.delivery (partner text, reference_on date, state text)")
        told = set()
        for newest in [None, *(date(2025, 7, 28) + timedelta(days=day) for day in range(8))]:
            for age in range(0, 15, 2):
                today = (newest or date(2025, 7, 28)) + timedelta(days=age)
                now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
                mart = freshness(database, newest, today)
                assert {one.partner: one.is_overdue(newest, now) for one in watch.schedule()} == mart, (newest, today)
                told |= set(mart.values())
        assert told == {True, False}


def test_a_partner_has_until_its_hour(home: Path) -> None:
    ind = next(one for one in watch.schedule() if one.partner == "ind")
    # newest 29 July, expected 30 July, a day of grace: late from 1 August 05:00 in Amsterdam, 03:00 UTC
    assert not ind.is_overdue(date(2025, 7, 29), datetime(2025, 8, 1, 2, 59, tzinfo=UTC))
    assert ind.is_overdue(date(2025, 7, 29), datetime(2025, 8, 1, 3, 0, tzinfo=UTC))


def test_without_a_run_the_daemon_tells_who_is_overdue_and_what_is_stale(
    own_examples: Path, outbox: Told, instance: dg.DagsterInstance
) -> None:
    settings = load(own_examples)
    on_time = [watch.now_holding(settings, instance, NOON + timedelta(days=day)) for day in (0, 1)]
    assert on_time == [[], []]
    late = watch.watch(settings, instance, NOON + timedelta(days=9))
    assert [(one.kind, one.subject) for one in late] == [
        ("overdue_partner", "ind"),
        ("overdue_partner", "coa"),
        ("overdue_partner", "rvr"),
        ("stale_publication", "publication"),
    ]
    assert watch.watch(settings, instance, NOON + timedelta(days=9)) == []
    # all has cleared, and comes back
    assert watch.watch(settings, instance, NOON) == []
    assert len(watch.watch(settings, instance, NOON + timedelta(days=9))) == 4
    assert {one["as_of"] for one in outbox()} == {"2025-07-31"}


def test_a_home_under_refresh_is_left_alone(own_examples: Path, outbox: Told, instance: dg.DagsterInstance) -> None:
    settings = load(own_examples)
    with lock.exclusive(settings.paths.lock, 0):
        assert watch.watch(settings, instance, NOON + timedelta(days=9)) == []
    assert outbox() == []


def test_a_home_without_deliveries_waits_for_nobody(home: Path, outbox: Told, instance: dg.DagsterInstance) -> None:
    assert watch.now_holding(load(home), instance, NOON) == []


def test_a_trial_alert_reaches_every_target(command, home: Path, outbox: Told, server: HTTPServer) -> None:
    code, printed = command("alerts", "--test", "--home", home)
    assert (code, printed) == (0, "command: told\nwebhook: told\n")
    assert outbox()[0]["kind"] == server.received[0][2]["kind"] == "test"
    server.status = 500
    code, printed = command("alerts", "--test", "--home", home)
    assert (code, "webhook: answered 500" in printed) == (1, True)


def test_what_holds_now_is_listed_and_told_on_request(command, home: Path, outbox: Told) -> None:
    code, printed = command("alerts", "--home", home, "--send")
    assert (code, printed, outbox()) == (0, "nothing to tell\n", [])
    settings = load(home)
    with history.opened(settings.paths) as instance:
        ended(instance, breaks_on_a_row)
    code, printed = command("alerts", "--home", home, "--json")
    assert (code, [one["kind"] for one in json.loads(printed)], outbox()) == (0, ["run_failure"], [])
    for _ in range(2):
        code, printed = command("alerts", "--home", home, "--send")
        assert (code, printed.startswith("Ketenzicht run failure: refresh failed in step raw")) == (0, True)
    assert [one["kind"] for one in outbox()] == ["run_failure"]


def test_a_folder_that_is_no_home_is_not_made_one(command, home: Path) -> None:
    code, printed = command("alerts", "--home", home)
    assert (code, "ketenzicht init" in printed, home.exists()) == (2, True, False)
