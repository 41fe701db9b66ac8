"""The doctor: every finding is made true by breaking a small home, names what is broken, and says what to do."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, ScheduleInstigatorData
from dagster._daemon.types import DaemonHeartbeat

from orchestration import doctor, runs
from orchestration import home as homes
from orchestration.doctor import CHECKS, OK, PROBLEM, WARNING, Finding, folders, installation
from orchestration.raw.pseudonyms import key_check
from orchestration.raw.store import FORMAT
from orchestration.settings import Paths, Settings, load

NEEDED = installation._needed
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def good_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as `init` leaves it, with its schedule daemon running; tests break copies of it."""
    prepared = Paths(tmp_path_factory.mktemp("good") / "home")
    homes.prepare(prepared)
    beat(prepared, NOON)
    return prepared.home


@pytest.fixture
def paths(home: Path, good_home: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A good home of the test's own. Only the tests of versions look at all 130 packages: it takes a while."""
    monkeypatch.setattr(installation, "_needed", lambda: {"duckdb"})
    shutil.copytree(good_home, home)
    return load(home).paths


def beat(paths: Paths, at: datetime, *kinds: str) -> None:
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        for kind in kinds or ("SCHEDULER", "SENSOR"):
            instance.add_daemon_heartbeat(DaemonHeartbeat(at.timestamp(), kind, "daemon", []))


def findings(paths: Paths, now: datetime = NOON) -> list[Finding]:
    """Everything that is not well."""
    return [one for one in doctor.examine(paths.home, now) if one.state != OK]


def only(paths: Paths, now: datetime = NOON) -> Finding:
    """The one thing that is not well; what and remedy are never empty."""
    (found,) = findings(paths, now)
    assert found.what
    assert found.remedy
    return found


def working_database(paths: Paths, built_as: str, key: bytes) -> None:
    with duckdb.connect(str(paths.database)) as connection:
        connection.execute("create schema raw; create table raw.format (format text)")
        connection.execute("create table raw.pseudonym (kind text, identifier text, pseudonym text)")
        connection.execute("insert into raw.format values (?)", [built_as])
        connection.execute("insert into raw.pseudonym values ('key', 'check', ?)", [key_check(key)])


def dead_process() -> int:
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid


def test_a_good_home_is_well_in_every_respect(paths: Paths, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_needed", NEEDED)
    working_database(paths, f"{FORMAT}-0123456789abcdef", key)
    found = doctor.examine(paths.home, NOON)
    assert [(one.name, one.state) for one in found] == [(name, OK) for name in CHECKS]


def test_the_command_lists_findings_and_its_exit_code_says_whether_one_is_a_problem(
    home: Path, command: Command
) -> None:
    code, printed = command("doctor", "--home", home)
    assert (code, f"ketenzicht init --home {home}" in printed) == (1, True)
    homes.prepare(load(home).paths)
    code, printed = command("doctor", "--home", home, "--json")
    found = {one["name"]: one for one in json.loads(printed)}
    assert found.keys() == CHECKS.keys()
    assert all(one.keys() == {"name", "state", "what", "remedy"} for one in found.values())
    # a home without a daemon of its own may be run by cron
    assert (code, found["daemon"]["state"]) == (0, WARNING)


def test_another_version_than_the_locked_one(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(installation.LOCK.read_text().replace(f"\nduckdb=={duckdb.__version__} ", "\nduckdb==9.9.9 "))
    monkeypatch.setattr(installation, "LOCK", lock)
    found = only(paths)
    assert (found.name, found.state) == ("versions", PROBLEM)
    assert found.what == f"duckdb is {duckdb.__version__}, locked 9.9.9"
    assert "make setup" in found.remedy


def test_a_package_of_a_package_that_is_missing(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    there, needed = installation._installed, NEEDED()
    # of dagster, of an extra of pandera, not of the tools of development
    assert {"sqlalchemy", "polars"} <= needed
    assert not {"pytest", "ruff"} & needed
    monkeypatch.setattr(installation, "_needed", lambda: needed)
    monkeypatch.setattr(installation, "_installed", lambda name: None if name == "sqlalchemy" else there(name))
    assert only(paths).what == "sqlalchemy is missing"


def test_an_unknown_setting_hides_nothing_else(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_TREADS", "4")
    monkeypatch.setenv("KETENZICHT_THREADS", "many")
    paths.work.chmod(0o755)
    assert [(one.name, one.state) for one in findings(paths)] == [("settings", PROBLEM), ("modes", PROBLEM)]
    assert "KETENZICHT_TREADS" in findings(paths)[0].what


def test_an_ill_typed_setting_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_THREADS", "many")
    assert "KETENZICHT_THREADS" in only(paths).what


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "key"
    monkeypatch.delenv("KETENZICHT_KEY")
    monkeypatch.setenv("KETENZICHT_KEY_FILE", str(file))
    return file


def test_a_missing_key_is_not_replaced_by_a_new_one(paths: Paths, key_file: Path) -> None:
    found = only(paths)
    assert (found.name, found.state) == ("key", PROBLEM)
    assert "backup" in found.remedy
    assert not key_file.exists()


@pytest.mark.parametrize(("text", "mode", "said"), [("0" * 64, 0o644, "chmod 600"), ("abc", 0o600, "64 hex digits")])
def test_a_key_that_cannot_be_used(paths: Paths, key_file: Path, text: str, mode: int, said: str) -> None:
    key_file.write_text(text)
    key_file.chmod(mode)
    assert (only(paths).name, said in only(paths).what) == ("key", True)


def test_another_key_than_the_one_the_home_was_built_with(paths: Paths) -> None:
    working_database(paths, f"{FORMAT}-0123456789abcdef", b"x" * 32)
    assert (only(paths).name, "another key" in only(paths).what) == ("database", True)


@pytest.mark.parametrize("content", ["", "telemetry: {enabled: true}", "[", "telemetry:"])
def test_telemetry_that_is_not_off(paths: Paths, content: str) -> None:
    (paths.dagster / "dagster.yaml").write_text(content)
    assert (only(paths).name, only(paths).state) == ("dagster", PROBLEM)


def test_a_folder_that_is_gone(paths: Paths) -> None:
    shutil.rmtree(paths.deliveries / "rvr")
    assert only(paths).what.endswith("deliveries/rvr")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_files_of_another_user(paths: Paths) -> None:
    os.chown(paths.work, 12345, -1)
    assert "belongs to user 12345" in only(paths).what
    assert "chown" in only(paths).remedy


@pytest.mark.parametrize(
    ("path", "mode", "remedy"),
    [
        ("work", 0o750, "chmod 700"),
        ("work/dbt", 0o701, "chmod 700"),
        ("dagster", 0o755, "chmod 700"),
        ("forgotten.json", 0o644, "chmod 600"),
        ("deliveries/ind", 0o777, "chmod o-w"),
        ("published/releases/2025-07-31-1/chain.duckdb", 0o644, "chmod a-w"),
    ],
)
def test_a_mode_that_lets_others_in(paths: Paths, path: str, mode: int, remedy: str) -> None:
    target = paths.home / path
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    target.chmod(mode)
    assert only(paths).name == "modes"
    assert only(paths).remedy == f"Run: {remedy} {target}"
    target.chmod(0o400 if target.is_file() else 0o700)
    assert findings(paths) == []


def test_many_published_files_that_can_be_written_to_are_one_line(paths: Paths) -> None:
    tables = paths.releases / "2025-07-31-1" / "parquet"
    tables.mkdir(parents=True)
    for name in "edcba":
        (tables / name).touch(0o644)
    assert only(paths).what.startswith(f"5 published files can be written to ({tables}/a, {tables}/b, {tables}/c, ...)")
    subprocess.run(only(paths).remedy.removeprefix("Run: "), shell=True, check=True)
    assert findings(paths) == []


def test_a_key_in_an_env_file_that_others_can_read(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    Path(".env").write_text(f"KETENZICHT_KEY={'0' * 64}\n")
    Path(".env").chmod(0o644)
    assert (only(paths).name, ".env" in only(paths).what) == ("modes", True)


def test_a_disk_without_room_for_another_build(paths: Paths) -> None:
    large = paths.work / "large"
    large.touch()
    # sparse: it takes no room, and is as large as a working database that would not fit twice
    os.truncate(large, shutil.disk_usage(paths.home).free + 10**9)
    assert (only(paths).name, only(paths).state) == ("disk", PROBLEM)


def test_a_small_home_wants_room_too(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SMALLEST_ROOM", 10**18)
    assert only(paths).name == "disk"


def test_a_publication_that_leads_nowhere_or_cannot_be_read(paths: Paths) -> None:
    paths.current.symlink_to("releases/2025-07-31-1")
    paths.chain.symlink_to("current/chain.duckdb")
    assert (only(paths).name, "gone" in only(paths).what) == ("publication", True)
    release = paths.releases / "2025-07-31-1"
    release.mkdir()
    (release / "chain.duckdb").write_bytes(b"x" * 5000)
    (release / "chain.duckdb").chmod(0o444)
    assert (only(paths).name, "cannot be read by DuckDB" in only(paths).what) == ("publication", True)


def test_a_killed_refresh(paths: Paths) -> None:
    process = dead_process()
    paths.lock.write_text(str(process))
    assert (only(paths).name, only(paths).state) == ("lock", PROBLEM)
    assert str(process) in only(paths).what


def test_a_lock_that_outlives_who_took_it(paths: Paths) -> None:
    paths.lock.write_text(str(dead_process()))
    with paths.lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert (only(paths).name, only(paths).state) == ("lock", PROBLEM)
        assert f"fuser -v {paths.lock}" in only(paths).remedy


def test_a_refresh_under_way_is_well_until_it_hangs(paths: Paths) -> None:
    paths.lock.write_text(str(os.getpid()))
    (paths.build.parent / "chain.duckdb").touch()
    begun = NOON - timedelta(hours=5)
    os.utime(paths.lock, (begun.timestamp(), begun.timestamp()))
    with paths.lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert findings(paths) == []
        beat(paths, NOON + timedelta(hours=2))
        assert only(paths, NOON + timedelta(hours=2)).what.startswith(f"process {os.getpid()} holds the lock")


def test_a_newer_format_than_this_version_writes(paths: Paths, key: bytes) -> None:
    working_database(paths, f"{FORMAT + 1}-0123456789abcdef", key)
    assert (only(paths).name, only(paths).state) == ("database", PROBLEM)
    assert f"format {FORMAT + 1}" in only(paths).what


def test_a_working_database_that_is_none(paths: Paths) -> None:
    paths.database.write_bytes(b"x" * 5000)
    assert "cannot be read by DuckDB" in only(paths).what
    assert "rebuilds it" in only(paths).remedy


def test_a_working_database_that_another_program_has_open(paths: Paths, key: bytes) -> None:
    working_database(paths, f"{FORMAT}-0123456789abcdef", key)
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(paths.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        found = only(paths)
        other.send_signal(signal.SIGKILL)
    assert (found.name, found.what.startswith(f"process {other.pid} has")) == ("database", True)


def test_a_daemon_that_never_ran(home: Path) -> None:
    prepared = load(home).paths
    homes.prepare(prepared)
    assert (only(prepared).name, only(prepared).state) == ("daemon", WARNING)


def test_a_daemon_that_stopped(paths: Paths) -> None:
    beat(paths, NOON + timedelta(minutes=10), "SENSOR")
    assert findings(paths, NOON + timedelta(minutes=4)) == []
    assert "no heartbeat of its scheduler since 2030-01-01 12:00 UTC" in only(paths, NOON + timedelta(minutes=6)).what


def test_a_schedule_that_was_switched_off(paths: Paths) -> None:
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("ketenzicht"), "__repository__")
    origin = RemoteInstigatorOrigin(repository, "every_morning")
    data = ScheduleInstigatorData("0 6 * * *")
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        state = InstigatorState(origin, InstigatorType.SCHEDULE, InstigatorStatus.STOPPED, data)
        instance.add_instigator_state(state)
    assert only(paths).what == "every_morning is switched off in Dagster"


@pytest.mark.parametrize(
    "left",
    ["work/build/chain.duckdb", "published/releases/.draft/parquet", "published/.link-current", "work/scratch/x"],
)
def test_what_a_killed_run_left(paths: Paths, left: str) -> None:
    (paths.home / left).mkdir(parents=True)
    assert (only(paths).name, only(paths).state) == ("leftovers", WARNING)
    assert left.removesuffix("/parquet") in only(paths).what


def test_a_run_that_counts_as_running_although_its_process_is_gone(paths: Paths) -> None:
    with dg.DagsterInstance.from_config(str(paths.dagster)) as instance:
        for process in (dead_process(), os.getpid()):
            run = dg.DagsterRun("refresh", status=dg.DagsterRunStatus.STARTED, tags={runs.PROCESS: str(process)})
            instance.add_run(run)
    assert (only(paths).name, "counts as running" in only(paths).what) == ("leftovers", True)


def test_a_check_that_breaks_is_a_finding_and_hides_no_other(paths: Paths) -> None:
    storage = paths.dagster / "history" / "runs.db"
    for file in storage.parent.glob("runs.db*"):
        file.unlink()
    storage.write_bytes(b"not a database" * 100)
    paths.work.chmod(0o755)
    found = {one.name: one for one in findings(paths)}
    assert found.keys() == {"modes", "daemon", "leftovers"}
    assert "could not be looked at: DatabaseError" in found["daemon"].what


def test_looking_changes_nothing(paths: Paths, key: bytes) -> None:
    working_database(paths, f"{FORMAT}-0123456789abcdef", key)
    paths.lock.write_text("1")
    before = {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in paths.home.rglob("*")}
    doctor.examine(paths.home, NOON)
    after = {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in paths.home.rglob("*")}
    assert after == before
