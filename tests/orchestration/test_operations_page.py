"""docs/operations.md: its shell blocks run, its units start what is there, on loopback, and its lists are complete."""

import configparser
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration import alerts, doctor, raw
from orchestration import key as keys
from orchestration.raw.pseudonyms import ForeignKeyError
from orchestration.settings import PROJECT, Settings, load
from tests.conftest import KEY

PAGE = (PROJECT / "docs" / "operations.md").read_text()
UNITS = sorted((PROJECT / "docs" / "systemd").glob("*.service"))


def block(name: str) -> str:
    """The shell block of the page that begins with `# name:`."""
    (found,) = re.findall(rf"^```sh\n(# {name}:.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found


def shell(script: str, **variables: str | Path) -> str:
    """Run a block as an operator would, with the command line of this installation on the path; what it printed."""
    environment = {
        **{name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        **{name: str(value) for name, value in variables.items()},
    }
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def figures(home: Path) -> dict[str, str]:
    """The content hash and the number of rows of every table that readers open."""
    with duckdb.connect(str((home / "published/chain.duckdb").resolve()), read_only=True) as connection:
        query = "from marts._metadata where key like 'content_hash.%' or key like 'row_count.%'"
        return dict(connection.execute(query).fetchall())


def test_a_backup_restored_on_a_machine_of_one_core_publishes_the_same_figures(
    own_examples: Path, tmp_path: Path
) -> None:
    backup, key_file, restored = tmp_path / "backup", tmp_path / "key", tmp_path / "restored"
    backup.mkdir()
    key_file.write_text(KEY)
    key_file.chmod(0o600)
    # what a person decided lies beside the deliveries
    (own_examples / "accepted_drops.json").write_text("[]")
    known = figures(own_examples)
    # the new machine has read the dbt project before: reading it again is not what is tested
    shutil.copytree(own_examples / "work" / "dbt", restored / "work" / "dbt")

    shell(block("backup"), KETENZICHT_HOME=own_examples, BACKUP=backup)
    assert stat.S_IMODE((backup / "ketenzicht.tar").stat().st_mode) == 0o600
    shutil.rmtree(own_examples)
    # as many threads as the home was built with, or one: the order in which rows are made changes nothing
    new_machine = {"KETENZICHT_HOME": restored, "KETENZICHT_KEY_FILE": key_file, "KETENZICHT_THREADS": "1"}
    printed = shell(block("restore"), BACKUP=backup, **new_machine)

    assert "nothing new" not in printed
    assert (restored / "accepted_drops.json").exists()
    assert (restored / "published/current").readlink().name == "2025-07-31-2"
    assert figures(restored) == known


def test_rotating_the_key_gives_everybody_another_pseudonym_and_asks_for_all_of_the_history(
    own_examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(KEY)
    key_file.chmod(0o600)
    *steps, refresh = block("rotate").splitlines()
    assert refresh == "ketenzicht refresh --full"
    before = pseudonyms(own_examples)

    shell("\n".join(steps), KETENZICHT_HOME=own_examples, KETENZICHT_KEY_FILE=key_file)
    monkeypatch.delenv("KETENZICHT_KEY")
    monkeypatch.setenv("KETENZICHT_KEY_FILE", str(key_file))
    settings = load(own_examples)
    secret = keys.ensure(settings).secret
    assert secret != bytes.fromhex(KEY)
    assert Path(f"{key_file}.old").read_text() == KEY
    with pytest.raises(ForeignKeyError, match="--full"):
        raw.take(settings, secret, as_of=None)
    # the intake is the step of `refresh --full` that makes pseudonyms; the others only carry them on
    raw.take(settings, secret, as_of=None, full=True)
    after = pseudonyms(own_examples)
    assert after.keys() == before.keys()
    assert len(set(after.values())) == len(set(before.values()))
    assert not set(after.values()) & set(before.values())


def pseudonyms(home: Path) -> dict[tuple[str, str], str]:
    with duckdb.connect(str(home / "work/ketenzicht.duckdb"), read_only=True) as connection:
        rows = connection.execute("select kind, identifier, pseudonym from raw.pseudonym where kind <> 'key'")
        return {(kind, identifier): pseudonym for kind, identifier, pseudonym in rows.fetchall()}


def unit(file: Path) -> dict[str, list[str]]:
    """The lines of a unit's [Service] section, by name."""
    lines: dict[str, list[str]] = {}
    for line in file.read_text().partition("[Service]")[2].partition("[Install]")[0].splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            lines.setdefault(name, []).append(value)
    return lines


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_starts_what_is_installed_as_its_own_user_on_loopback(file: Path) -> None:
    lines = unit(file)
    assert (lines["User"], lines["UMask"], lines["ReadWritePaths"]) == (
        ["ketenzicht"],
        ["0077"],
        ["/var/lib/ketenzicht"],
    )
    assert (lines["IPAddressDeny"], lines["IPAddressAllow"]) == (["any"], ["localhost"])
    assert lines["ProtectSystem"] == ["strict"]
    assert lines["NoNewPrivileges"] == ["yes"]
    for started in lines["ExecStart"]:
        program, *arguments = started.removeprefix("-").split()
        assert (Path(sys.executable).parent / Path(program).name).exists()
        for argument in arguments:
            if argument.startswith("/opt/ketenzicht/"):
                assert (PROJECT / Path(argument).relative_to("/opt/ketenzicht")).exists()
        assert "-h" not in arguments or arguments[arguments.index("-h") + 1] == "127.0.0.1"


def test_the_ui_listens_on_loopback_only(home: Path, command, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def start(_program: str, arguments: list[str], _environment: dict[str, str]) -> None:
        started.append(arguments)

    monkeypatch.setattr(os, "execve", start)
    assert command("dev", "--home", home)[0] == 0
    assert started[0][started[0].index("-h") + 1] == "127.0.0.1"
    assert " -h 127.0.0.1 " in unit(PROJECT / "docs/systemd/ketenzicht-webserver.service")["ExecStart"][0]
    assert re.search(
        r"^dev: .*\n(\t.*\n)*\t\$\(BIN\)/ketenzicht dev$", (PROJECT / "Makefile").read_text(), re.MULTILINE
    )


def test_the_environment_file_holds_known_settings() -> None:
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string("[settings]\n" + (PROJECT / "docs/systemd/ketenzicht.env").read_text())
    known = {f"KETENZICHT_{name.upper()}" for name in Settings.model_fields}
    assert set(parser["settings"]) <= known


def test_the_page_names_every_setting_check_and_kind_that_is_there() -> None:
    known = {f"KETENZICHT_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"KETENZICHT_[A-Z_]+", PAGE)) <= known
    for table, names in {
        "doctor looks at": set(doctor.CHECKS),
        "kind": {alerts.RUN_FAILURE, alerts.BLOCKING_CHECK, alerts.OVERDUE_PARTNER, alerts.STALE_PUBLICATION},
    }.items():
        (rows,) = re.findall(rf"^\| {table} \|.*\n\| --- .*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
        assert set(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)) == names
