"""The command from end to end: what is published, when, and with which exit code."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

import contracts
from contracts.duckdb_backend import Violation
from orchestration import checks, dbt, history, lock, run_log, runs, standing
from orchestration.settings import load
from tests.conftest import Told, deliver_examples
from tests.orchestration.raw.test_bad_rows import application, deliver

Command = Callable[..., tuple[int, str]]


def facts(home: Path) -> dict[str, str]:
    """`marts._metadata` of what readers open."""
    with duckdb.connect(str((home / "published/chain.duckdb").resolve()), read_only=True) as connection:
        return dict(connection.execute("from marts._metadata").fetchall())


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    """Change the first occurrence of a text in a delivered file, and the manifest with it."""
    content = (folder / file).read_text()
    assert old in content
    changed = content.replace(old, new, 1).encode()
    (folder / file).write_bytes(changed)
    manifest = json.loads((folder / "datapackage.json").read_text())
    for resource in manifest["resources"]:
        if resource["path"] == file:
            resource |= {"bytes": len(changed), "hash": f"sha256:{hashlib.sha256(changed).hexdigest()}"}
    (folder / "datapackage.json").write_text(json.dumps(manifest))


def test_a_publication_says_what_it_is_made_of(examples_home: Path) -> None:
    found = facts(examples_home)
    assert found["as_of_on"] == "2025-07-31"
    assert {found[f"newest_reference_on.{partner}"] for partner in ("ind", "coa", "rvr")} == {"2025-07-31"}
    assert found["contract_version.raw.ind__aanvraag"] == "1.0"
    assert found["row_count.dim_case"] == "14"
    assert found["code_version"].startswith("0.")
    assert len(found["rules_version.stage_norms"]) == 12
    assert datetime.fromisoformat(found["published_at"]).tzinfo is not None


@pytest.mark.parametrize("table", sorted(contracts.stage("marts")))
def test_parquet_lies_in_the_order_of_the_key(examples_home: Path, table: str) -> None:
    """So that equal tables give equal files, which lie in order without being sorted once more."""
    file = f"{examples_home}/published/parquet/{table.removeprefix('marts.')}.parquet"
    key = ", ".join(contracts.all()[table].key)
    fallen = f"""
        select count(*) from (
            select row({key}) as this, lag(row({key})) over (order by file_row_number) as before
            from read_parquet('{file}', file_row_number = true)
        ) where this < before
    """
    assert duckdb.sql(fallen).fetchone() == (0,)


def test_every_mart_is_published_as_table_and_parquet_with_comments(examples_home: Path) -> None:
    with duckdb.connect(str((examples_home / "published/chain.duckdb").resolve()), read_only=True) as connection:
        tables = connection.execute("select table_name, comment from duckdb_tables() where schema_name = 'marts'")
        comments = dict(tables.fetchall())
        columns = connection.execute(
            "select count(*), count(comment) from duckdb_columns() where schema_name = 'marts'"
        )
        count, commented = columns.fetchone()
        for table in comments:
            parquet = f"from '{examples_home}/published/parquet/{table}.parquet'"
            assert connection.execute(f"select count(*) from (from marts.{table} except all {parquet})").fetchone() == (
                0,
            )
    assert all(comments.values())
    assert count == commented


def test_a_client_of_duckdb_1_4_can_open_the_publication(examples_home: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{(examples_home / 'published/chain.duckdb').resolve()}' as chain (read_only)")
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'chain'").fetchone()[0]
    major, minor = tags["storage_version"].removesuffix("+").removeprefix("v").split(".")[:2]
    assert (int(major), int(minor)) <= (1, 4)


def test_the_publication_never_held_an_identifier(examples_home: Path) -> None:
    raw = (examples_home / "published/chain.duckdb").resolve().read_bytes()
    with duckdb.connect(str(examples_home / "work/ketenzicht.duckdb"), read_only=True) as connection:
        identifiers = connection.execute(
            "select distinct identifier from raw.pseudonym where length(identifier) >= 8 and kind <> 'key'"
        ).fetchall()
    assert identifiers
    assert not [identifier for (identifier,) in identifiers if identifier.encode() in raw]


def test_nothing_new_is_said_and_done_without_a_run(examples_home: Path, command: Command) -> None:
    before = (examples_home / "published/current").readlink()
    code, printed = command("refresh", "--home", examples_home)
    assert (code, "nothing new" in printed) == (0, True)
    code, printed = command("refresh", "--home", examples_home, "--as-of", "2025-07-31")
    assert (code, "nothing new" in printed) == (0, True)
    assert (examples_home / "published/current").readlink() == before


def test_the_run_is_in_the_ui_with_every_check(examples_home: Path) -> None:
    with dg.DagsterInstance.from_config(str(examples_home / "dagster")) as instance:
        (run,) = instance.get_runs()
        assert (run.job_name, run.status.value) == ("refresh", "SUCCESS")
        event = instance.get_latest_materialization_event(dg.AssetKey(["marts", "dim_case"]))
        assert event.asset_materialization.metadata["dagster/row_count"].value == 14
        assert not [name for name in runs.failing_checks(instance) if name.endswith("(error)")]


def test_status_tells_the_chain(examples_home: Path, command: Command) -> None:
    code, printed = command("status", "--home", examples_home)
    assert code == 0
    assert "as of 2025-07-31" in printed
    code, printed = command("status", "--home", examples_home, "--json")
    found = json.loads(printed)
    assert {one["state"] for one in found["deliveries"]} == {"in_force"}
    assert found["runs"][0]["status"] == "success"
    assert found["is_refreshing"] is False
    assert not [name for name in found["failing_checks"] if name.endswith("(error)")]


def test_status_reads_of_runs_and_checks_what_dagster_would_tell(examples_home: Path) -> None:
    paths = load(examples_home).paths
    told = run_log.last(paths, 5), run_log.failing_checks(paths)
    with history.opened(paths) as instance:
        assert told == (runs.last(instance, 5), runs.failing_checks(instance))
    assert all(told)


def test_status_says_that_a_refresh_is_under_way_and_still_tells_the_publication(
    examples_home: Path, command: Command
) -> None:
    with lock.exclusive(load(examples_home).paths.lock, 0):
        code, printed = command("status", "--home", examples_home)
        found = json.loads(command("status", "--home", examples_home, "--json")[1])
    assert (code, "as of 2025-07-31" in printed) == (0, True)
    assert "deliveries and quarantine: a refresh is under way" in printed
    assert (found["is_refreshing"], found["deliveries"], found["quarantine"]) == (True, None, None)


@pytest.mark.parametrize("form", [[], ["--json"], ["--format", "csv"]])
def test_sql_answers_from_the_publication(examples_home: Path, command: Command, form: list[str]) -> None:
    code, printed = command("sql", "select count(*) as cases from dim_case", "--home", examples_home, *form)
    assert (code, "14" in printed, "cases" in printed) == (0, True, True)


@pytest.mark.parametrize(
    "query",
    [
        "delete from dim_case",
        "create table marts.mine as select 1",
        "from read_csv('/etc/passwd')",
        "copy dim_case to '/tmp/out.csv'",
        "attach '/tmp/other.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_sql_can_neither_change_nor_leave_the_publication(examples_home: Path, command: Command, query: str) -> None:
    code, printed = command("sql", query, "--home", examples_home)
    assert code == 2
    assert "error" in printed


def test_sql_without_a_publication_says_what_to_do(home: Path, command: Command) -> None:
    home.mkdir()
    code, printed = command("sql", "select 1", "--home", home)
    assert (code, "ketenzicht refresh" in printed) == (1, True)


def test_without_deliveries_there_is_nothing_to_publish_yet(parsed_home: Path, command: Command) -> None:
    code, printed = command("refresh", "--home", parsed_home)
    assert (code, "waiting for ind" in printed) == (0, True)
    # what is skipped is no cause for warnings of Dagster
    assert "Blocking asset check" not in printed
    assert not (parsed_home / "published/current").exists()
    code, printed = command("refresh", "--home", parsed_home)
    assert (code, "nothing new" in printed, "waiting for ind" in printed) == (0, True, True)


def test_other_partners_wait_for_ind(parsed_home: Path, command: Command) -> None:
    deliver_examples(parsed_home)
    shutil.rmtree(parsed_home / "deliveries/ind")
    code, printed = command("refresh", "--home", parsed_home)
    assert (code, "waiting for ind" in printed) == (0, True)


def test_when_every_new_delivery_is_refused_a_gate_held_it(parsed_home: Path, command: Command, told: Told) -> None:
    deliver_examples(parsed_home)
    for manifest in parsed_home.rglob("datapackage.json"):
        manifest.write_text(manifest.read_text().replace("sha256:", "sha256:00")[:-2])
    code, printed = command("refresh", "--home", parsed_home)
    assert code == 4
    assert "refused" in printed
    assert "ind/2025-07-31" in printed
    (alert,) = told()
    assert (alert["kind"], "ind/2025-07-31" in alert["what"]) == ("blocking_check", True)


def test_a_broken_contract_holds_the_publication_and_names_rule_and_count(
    own_examples: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (own_examples / "published/current").readlink()

    def broken(contract: type, *_: object) -> list[Violation]:
        return [Violation("not_null:day", "day", 3)] if contract.table == "intermediate.calendar" else []

    monkeypatch.setattr(checks, "violations", broken)
    code, printed = command("refresh", "--home", own_examples, "--full")
    assert code == 4
    assert "intermediate.calendar" in printed
    assert "not_null:day" in printed
    assert "3" in printed
    assert "marts" not in printed.replace("intermediate.calendar", "")
    assert (own_examples / "published/current").readlink() == before
    # whatever comes next, all rows are made and judged again
    assert not standing.found(load(own_examples), dbt.project_state()).untouched


def test_what_a_later_delivery_touches_is_published_as_a_rebuild_would(own_examples: Path, command: Command) -> None:
    old = own_examples / "deliveries/ind/2025-07-31"
    aanvraag = [*(old / "aanvraag.csv").read_text().splitlines(), application(77, datum_aanvraag="2025-08-10")]
    deliver(own_examples, "2025-08-11", {"aanvraag": aanvraag})
    assert command("refresh", "--home", own_examples)[0] in {0, 3}
    with duckdb.connect(str(load(own_examples).paths.database), read_only=True) as connection:
        touched = connection.execute("select count(*) from intermediate.touched_case").fetchall()
        every = connection.execute("select count(*) from intermediate.application").fetchall()
    assert [(0,)] < touched < every
    published = facts(own_examples)
    assert command("refresh", "--home", own_examples, "--full")[0] in {0, 3}
    rebuilt = facts(own_examples)
    assert {name for name in rebuilt if rebuilt[name] != published[name]} == {"published_at"}


def test_a_later_date_is_published_and_an_earlier_one_after_it_is_a_release_only(
    own_examples: Path, command: Command
) -> None:
    current = own_examples / "published/current"
    code, printed = command("refresh", "--home", own_examples, "--as-of", "2025-08-31")
    assert code in {0, 3}
    assert "emitted no result" not in printed, "checks of tables that stand are made all the same"
    assert current.readlink().name == "2025-08-31-1"
    assert command("refresh", "--home", own_examples, "--as-of", "2025-08-15")[0] in {0, 3}
    assert current.readlink().name == "2025-08-31-1"
    assert (own_examples / "published/releases/2025-08-15-1/chain.duckdb").exists()
    assert facts(own_examples)["as_of_on"] == "2025-08-31"
    with history.opened(load(own_examples).paths) as instance:
        for table, unchanged in {"rules/stage_norms": True, "intermediate/calendar": False}.items():
            event = instance.get_latest_materialization_event(dg.AssetKey(table.split("/")))
            assert event is not None
            assert event.asset_materialization is not None
            assert ("unchanged" in event.asset_materialization.metadata) == unchanged


def test_bad_rows_and_a_missing_partner_are_warnings(parsed_home: Path, command: Command, told: Told) -> None:
    deliver_examples(parsed_home)
    shutil.rmtree(parsed_home / "deliveries/rvr")
    folder = parsed_home / "deliveries/ind/2025-07-31"
    rewrite(folder, "aanvraag.csv", ";EERSTE;", ";ONBEKEND;")
    code, printed = command("refresh", "--home", parsed_home)
    assert code == 3
    assert "ind aanvraag" in printed
    assert "rvr is missing" in printed
    # the others are on time as of the publication; the clock is the daemon's
    assert [alert["what"] for alert in told()] == ["rvr is overdue: it has no usable delivery"]
    assert facts(parsed_home)["row_count.dim_case"] == "13"


def test_old_runs_are_forgotten(home: Path) -> None:
    (home / "dagster").mkdir(parents=True)
    now = datetime(2030, 1, 1, tzinfo=UTC)
    ages = {"SUCCESS": 91, "FAILURE": 91, "STARTED": 91, "CANCELED": 89}
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        for status in ages:
            instance.add_run(dg.DagsterRun(job_name=status.lower(), status=dg.DagsterRunStatus(status)))
        with sqlite3.connect(home / "dagster/history/runs.db") as storage:
            for status, age in ages.items():
                made = (now - timedelta(days=age)).strftime("%Y-%m-%d %H:%M:%S.%f")
                storage.execute("update runs set create_timestamp = ? where status = ?", [made, status])
        assert runs.prune(instance, now, days=90) == 2
        assert {run.job_name for run in instance.get_runs()} == {"started", "canceled"}


def test_a_run_whose_process_is_gone_does_not_count_as_running(home: Path) -> None:
    (home / "dagster").mkdir(parents=True)
    ended = subprocess.Popen(["true"])
    ended.wait()
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        for job, process in {"killed": ended.pid, "alive": os.getpid()}.items():
            run = dg.DagsterRun(job_name=job, status=dg.DagsterRunStatus.STARTED, tags={runs.PROCESS: str(process)})
            instance.add_run(run)
        assert len(runs.bury(instance)) == 1
        found = {run.job_name: run.status for run in instance.get_runs()}
    assert found == {"killed": dg.DagsterRunStatus.FAILURE, "alive": dg.DagsterRunStatus.STARTED}


def test_an_unexpected_error_is_a_failure_that_leaves_the_publication(
    own_examples: Path, command: Command, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = (own_examples / "published/current").readlink()
    monkeypatch.setattr("orchestration.raw.take", out_of_space)
    code, printed = command("refresh", "--home", own_examples, "--full")
    assert (code, "No space left on device" in printed, "Traceback" in printed) == (1, True, False)
    assert [alert["what"] for alert in told()] == ["refresh failed in step raw: OSError"]
    assert (own_examples / "published/current").readlink() == before


@pytest.mark.parametrize("written", ["31-07-2025", "20250731", "2025-W31-4", "2025-02-30"])
def test_a_wrong_date_is_wrong_usage(home: Path, command: Command, written: str) -> None:
    code, printed = command("refresh", "--home", home, "--as-of", written)
    assert (code, "YYYY-MM-DD" in printed) == (2, True)


def test_an_unknown_option_is_wrong_usage(command: Command) -> None:
    assert command("refresh", "--no-such-option")[0] == 2


def test_the_log_of_a_refresh_holds_no_identifier(examples_home: Path) -> None:
    """Dagster's storage is read by more people than the raw history."""
    with duckdb.connect(str(load(examples_home).paths.database), read_only=True) as connection:
        identifiers = connection.execute(
            "select distinct identifier from raw.pseudonym where length(identifier) >= 8 and kind <> 'key'"
        ).fetchall()
    stored = b"".join(file.read_bytes() for file in (examples_home / "dagster").rglob("*") if file.is_file())
    assert not [identifier for (identifier,) in identifiers if identifier.encode() in stored]


def test_children_of_a_withdrawn_case_hold_nothing(
    own_examples: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # other limits judge every row again, and the refresh says why it takes that long
    monkeypatch.setenv("KETENZICHT_MAX_BAD_ROWS", "19")
    # four mistyped numbers: their steps, remedies, notices, terms and decisions are still delivered
    for partner, extract, wrong, right in (
        ("ind", "aanvraag", ("Z1", "Z2", "Z3", "Z4"), ("Z000000008", "Z000000009", "Z000000010", "Z000000011")),
        ("coa", "bewoner", ("C3",), ("C00000003",)),
    ):
        old = own_examples / f"deliveries/{partner}/2025-07-31"
        files = {file.stem: file.read_text().splitlines() for file in old.glob("*.csv")}
        for mistyped, number in zip(wrong, right, strict=True):
            files[extract] = [line.replace(number, mistyped) for line in files[extract]]
        deliver(own_examples, "2025-08-31", files, partner=partner)
    code, printed = command("refresh", "--home", own_examples)
    assert code == 3, printed
    assert "rebuilding it from the deliveries" in printed
    assert "ind rechtsmiddel: rows in quarantine for exists_in: 1" in printed
    assert facts(own_examples)["row_count.dim_case"] == "10"
