"""The working database lies as the settings ask: encrypted, under a key of its own, or plain; never half of both."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration import database, dbt, doctor, fingerprint, raw
from orchestration import home as homes
from orchestration.doctor import PROBLEM, WARNING
from orchestration.key import KeyFileError
from orchestration.refresh import refresh
from orchestration.settings import PROJECT, Settings, load
from tests.conftest import KEY, deliver_examples

Command = Callable[..., tuple[int, str]]
OTHER_KEY = "ff" * 32
CASE = b"Z000000001"
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def encrypted(home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty home that ask for encryption."""
    monkeypatch.setenv("KETENZICHT_ENCRYPT", "true")
    homes.prepare(load(home).paths)
    return load(home)


def write_a_case(settings: Settings) -> None:
    with database.connect(settings) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.ind__aanvraag as select ? as zaaknummer", [CASE.decode()])


def content_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def files_with(folder: Path, *words: bytes) -> list[str]:
    """Names of the files below a folder that hold any of the words."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if any(word in path.read_bytes() for word in words)]


def history(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every table of schema raw."""
    with database.connect(settings, read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        return {table: connection.execute(f"from raw.{table} order by all").fetchall() for (table,) in tables}


def test_what_is_written_is_read_again_and_stands_in_no_file_nor_its_log(encrypted: Settings) -> None:
    connection = database.connect(encrypted)
    connection.execute("create table written (zaaknummer text)")
    connection.execute("insert into written values (?)", [CASE.decode()])
    assert Path(f"{encrypted.paths.database}.wal").exists()
    assert not files_with(encrypted.paths.work, CASE)
    connection.close()
    assert database.is_encrypted(encrypted.paths.database)
    assert not files_with(encrypted.paths.work, CASE)
    with database.connect(encrypted, read_only=True) as reader:
        assert reader.execute("from written").fetchall() == [(CASE.decode(),)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            reader.execute("delete from written")


def test_the_same_search_finds_it_in_a_plain_file(home: Path) -> None:
    homes.prepare(load(home).paths)
    write_a_case(load(home))
    assert database.is_encrypted(load(home).paths.database) is False
    assert files_with(home / "work", CASE) == ["ketenzicht.duckdb"]


def test_rows_that_spill_go_beside_the_database_encrypted(encrypted: Settings) -> None:
    with database.connect(encrypted) as connection:
        found = connection.execute("select current_setting('temp_directory'), current_setting('temp_file_encryption')")
        assert found.fetchone() == (f"{encrypted.paths.database}.tmp", True)


@pytest.mark.parametrize(
    "asked", [("refresh",), ("refresh", "--full"), ("status",), ("quarantine", "list")], ids=" ".join
)
def test_another_key_is_refused_before_anything_is_touched(
    asked: tuple[str, ...], encrypted: Settings, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_a_case(encrypted)
    before = content_of(encrypted.paths.home)
    monkeypatch.setenv("KETENZICHT_KEY", OTHER_KEY)
    code, printed = command(*asked, "--home", encrypted.paths.home)
    assert code == 2
    assert "is encrypted under another key" in printed
    assert OTHER_KEY not in printed
    assert "encryption_key" not in printed
    after = content_of(encrypted.paths.home)
    assert {path: after[path] for path in before} == before


def test_without_a_key_none_is_made_for_a_database_that_has_one(
    encrypted: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_a_case(encrypted)
    monkeypatch.delenv("KETENZICHT_KEY")
    monkeypatch.setenv("KETENZICHT_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(KeyFileError, match="there is no key file"):
        database.connect(load(encrypted.paths.home))
    assert not (tmp_path / "gone").exists()


def test_switching_writes_the_database_anew_and_changes_no_row(
    home: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_examples(home)
    plain = load(home)
    raw.take(plain, key, as_of=None)
    before, inputs = history(plain), fingerprint.inputs(plain, key)
    numbers = [number.encode() for kind, number, _ in before["pseudonym"] if kind in {"v_nummer", "zaaknummer"}]
    assert numbers
    assert files_with(plain.paths.work, *numbers) == ["ketenzicht.duckdb"]

    monkeypatch.setenv("KETENZICHT_ENCRYPT", "true")
    encrypted = load(home)
    assert fingerprint.inputs(encrypted, key) != inputs
    (found,) = [one for one in doctor.examine(home, NOON) if one.name == "database"]
    assert (found.state, "plain on the disk" in found.what) == (WARNING, True)
    assert raw.take(encrypted, key, as_of=None).message == "the working database was written anew, encrypted"
    assert database.is_encrypted(encrypted.paths.database)
    assert not files_with(encrypted.paths.work, *numbers)
    assert history(encrypted) == before
    assert raw.take(encrypted, key, as_of=None).message is None

    monkeypatch.delenv("KETENZICHT_ENCRYPT")
    assert "no longer encrypted" in str(raw.take(plain, key, as_of=None).message)
    assert not database.is_encrypted(plain.paths.database)
    assert history(plain) == before


def test_the_doctor_names_a_database_of_another_key(encrypted: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_a_case(encrypted)
    monkeypatch.setenv("KETENZICHT_KEY", OTHER_KEY)
    (found,) = [one for one in doctor.examine(encrypted.paths.home, NOON) if one.name == "database"]
    assert found.state == PROBLEM
    assert "another key" in found.what


def test_dbt_gets_the_key_of_an_encrypted_database_and_of_no_other(encrypted: Settings, home: Path) -> None:
    assert "KETENZICHT_TARGET" not in dbt.variables(encrypted)
    write_a_case(encrypted)
    given = dbt.variables(encrypted)
    assert given["KETENZICHT_TARGET"] == "encrypted_home"
    assert len(given["DBT_ENV_SECRET_KETENZICHT"]) == 64
    # a key of its own: who sees the one cannot make pseudonyms
    assert KEY not in given.values()


def test_one_place_opens_the_working_database() -> None:
    elsewhere = [
        str(file.relative_to(PROJECT))
        for file in sorted((PROJECT / "orchestration").rglob("*.py"))
        if file.name != "database.py" and re.search(r"duckdb\.connect\([^)]*\.database", file.read_text())
    ]
    assert elsewhere == []


@pytest.mark.slow
def test_a_refresh_over_an_encrypted_database_publishes_the_same_and_writes_its_key_nowhere(
    examples_home: Path, parsed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_examples(parsed_home)
    monkeypatch.setenv("KETENZICHT_ENCRYPT", "true")
    settings = load(parsed_home)
    assert refresh(settings).exit_code == 0
    assert database.is_encrypted(settings.paths.database)
    assert hashes(parsed_home) == hashes(examples_home)
    secret = dbt.variables(settings)["DBT_ENV_SECRET_KETENZICHT"].encode()
    assert not files_with(parsed_home, secret, bytes.fromhex(secret.decode()), KEY.encode())


def hashes(home: Path) -> list[tuple[str, str]]:
    with duckdb.connect(str((home / "published/chain.duckdb").resolve()), read_only=True) as connection:
        query = "select key, value from marts._metadata where starts_with(key, 'content_hash.') order by key"
        return connection.execute(query).fetchall()


def test_no_connection_of_a_refresh_takes_more_than_the_settings_allow(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETENZICHT_MEMORY_LIMIT", "512 MiB")
    monkeypatch.setenv("KETENZICHT_THREADS", "1")
    settings = load(home)
    homes.prepare(settings.paths)
    asked = "select current_setting('memory_limit'), current_setting('threads')"
    with database.connect(settings) as working, database.connect_build(settings, read_only=False) as build:
        assert [one.execute(asked).fetchone() for one in (working, build)] == [("512.0 MiB", 1)] * 2
