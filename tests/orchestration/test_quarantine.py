"""The quarantine for people: what stands open is counted once, nobody is named, and the partner gets its own rows."""

import csv
import io
import json
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

import contracts
from orchestration import lock, return_files
from orchestration.masking import masked_key, shape
from orchestration.quarantine import Chosen, by_rule, one_by_one, opened
from orchestration.raw.pseudonyms import pseudonym
from orchestration.settings import Settings
from tests.orchestration.raw.conftest import KEY, take
from tests.orchestration.raw.test_bad_rows import AANVRAAG, BESLISSING, application, decision, deliver

Command = Callable[..., tuple[int, str]]
WRONG = application(2, geslacht="X", team="=1+1", datum_aanmelding="31-01-2024")
TWICE = application(3, geslacht="M"), application(3, geslacht="V")
"""Two rows of one key."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three deliveries of IND: bad rows that come again unchanged, one that is corrected, one that is withdrawn."""
    home = tmp_path_factory.mktemp("quarantine") / "home"
    for day in ("2024-01-31", "2024-02-29"):
        withdrawn = [application(5, amv="ja")] if day == "2024-01-31" else []
        lines = [AANVRAAG, application(1), WRONG, *TWICE, application(4, geslacht="?"), *withdrawn]
        deliver(home, day, {"aanvraag": lines})
    lines = [AANVRAAG, application(1), WRONG, *TWICE, application(4), "Z000000009;1;2"]
    deliver(
        home,
        "2024-03-31",
        {"aanvraag": lines, "beslissing": [BESLISSING, decision(1, "2024-03-01"), decision(2, "2024-03-01")]},
    )
    take(home, max_bad_rows=50)
    return home


@pytest.fixture
def connection(home: Path) -> Any:
    with opened(Settings(home=home)) as connection:
        yield connection


def listed(connection: duckdb.DuckDBPyConnection, **chosen: Any) -> list[tuple[Any, ...]]:
    names = ("extract", "rule", "open_rows", "first_seen_on", "deliveries")
    return [tuple(one[name] for name in names) for one in by_rule(connection, Chosen(**chosen))]


OPEN = [
    ("aanvraag", "duplicate_key", 2, date(2024, 1, 31), 3),
    ("aanvraag", "isin:geslacht", 1, date(2024, 1, 31), 3),
    ("aanvraag", "type:datum_aanmelding", 1, date(2024, 1, 31), 3),
    ("aanvraag", "unreadable_row", 1, date(2024, 3, 31), 1),
    ("beslissing", "parent_quarantined", 1, date(2024, 3, 31), 1),
]


def test_a_row_that_is_delivered_again_unchanged_counts_once(connection: duckdb.DuckDBPyConnection) -> None:
    assert listed(connection) == OPEN
    assert listed(connection, partner="ind", extract="beslissing") == OPEN[-1:]
    assert listed(connection, rule="isin:geslacht") == OPEN[1:2]
    assert listed(connection, partner="coa") == []


def test_all_shows_what_was_corrected_and_what_is_gone(connection: duckdb.DuckDBPyConnection) -> None:
    found = {one["rule"]: one for one in by_rule(connection, Chosen(resolved=True))}
    counted = {rule: (one["open_rows"], one["resolved_rows"], one["ended_rows"]) for rule, one in found.items()}
    assert counted["isin:geslacht"] == (1, 1, 0)
    assert counted["type:amv"] == (0, 0, 1)
    [corrected] = [one for one in one_by_one(connection, Chosen(resolved=True), KEY) if one["state"] == "resolved"]
    assert (corrected["delivery"], corrected["line"], corrected["resolved_by"]) == ("2024-02-29", 6, "2024-03-31")


def test_a_single_row_is_told_by_its_place_and_names_nobody(connection: duckdb.DuckDBPyConnection) -> None:
    found = one_by_one(connection, Chosen(), KEY)
    names = ("delivery", "file", "line", "column", "rule", "value_shape")
    assert [tuple(one[name] for name in names) for one in found] == [
        ("2024-03-31", "aanvraag.csv", 3, "datum_aanmelding", "type:datum_aanmelding", "99-99-9999"),
        ("2024-03-31", "aanvraag.csv", 3, "geslacht", "isin:geslacht", "A"),
        ("2024-03-31", "aanvraag.csv", 4, "zaaknummer", "duplicate_key", "A999999999"),
        ("2024-03-31", "aanvraag.csv", 5, "zaaknummer", "duplicate_key", "A999999999"),
        ("2024-03-31", "aanvraag.csv", 7, "", "unreadable_row", ""),
        ("2024-03-31", "beslissing.csv", 3, "zaaknummer", "parent_quarantined", "A999999999"),
    ]
    case = pseudonym(KEY, "zaaknummer", "Z000000002")[:8]
    assert found[0]["key"] == case and found[-1]["key"].split("/")[0] == case
    assert found[2]["key"] == found[3]["key"] != case
    assert found[4]["key"] is None
    assert found[1]["nl"] == "geslacht moet zijn: M, V of O"


def test_a_mask_hides_letters_and_digits_wherever_they_stand() -> None:
    assert shape("Z012345678") == "A999999999"
    assert shape("Ĳsbrand ٣\x07€") == "Aaaaaaa 9?€"
    assert shape("1" * 50) == "9" * 40 + "... (50 characters)"
    assert shape(None) == "(empty)"
    rooster = contracts.extracts()["raw.rvr__rooster"]
    assert masked_key(rooster, None, KEY) is None
    assert "TER_APEL" not in str(masked_key(rooster, ["2024-01-01", "TER_APEL"], KEY))


def returned(home: Path, out: Path) -> dict[str, list[dict[str, str]]]:
    with opened(Settings(home=home)) as connection:
        assert connection is not None
        files = return_files.write(connection, Settings(home=home).paths, "ind", out)
    return {one.extract: list(csv.DictReader(io.StringIO(one.path.read_text()), delimiter=";")) for one in files}


def test_a_partner_gets_its_rows_as_delivered_with_the_rule_in_both_languages(home: Path, tmp_path: Path) -> None:
    files = returned(home, tmp_path / "out")
    assert {name: len(rows) for name, rows in files.items()} == {"aanvraag": 4, "beslissing": 1}
    first = files["aanvraag"][0]
    assert list(first)[:18] == AANVRAAG.split(";")
    delivered = dict(zip(AANVRAAG.split(";"), WRONG.split(";"), strict=True)) | {"team": "'=1+1"}
    assert first == delivered | {
        "_delivery": "2024-03-31",
        "_file": "aanvraag.csv",
        "_line": "3",
        "_first_seen_on": "2024-01-31",
        "_rules": "type:datum_aanmelding; isin:geslacht",
        "_rules_nl": "datum_aanmelding moet een bestaande datum zijn, geschreven zoals het manifest zegt; "
        "geslacht moet zijn: M, V of O",
        "_rules_en": "datum_aanmelding must be a date that exists, as the manifest says; geslacht must be M, V or O",
        "_unreadable_line": "",
    }
    assert files["aanvraag"][-1]["_unreadable_line"] == "Z000000009;1;2"
    assert files["beslissing"][0]["zaaknummer"] == "Z000000002"


def test_return_files_are_private_equal_when_nothing_changed_and_never_stale(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "open"
    out.mkdir(mode=0o755)
    (out / "ind_processtap.csv").write_text("of an earlier export")
    returned(home, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {
        "ind_aanvraag.csv": 0o600,
        "ind_beslissing.csv": 0o600,
    }
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    returned(home, out)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


@pytest.mark.parametrize("below", ["published", "published/open", "deliveries/ind", "work/returns", "dagster", "link"])
def test_return_files_are_refused_inside_the_home(below: str, home: Path, tmp_path: Path) -> None:
    (home / "published").mkdir(exist_ok=True)
    (home / "link").unlink(missing_ok=True)
    (home / "link").symlink_to(home / "published")
    there = sorted(home.rglob("*"))
    with pytest.raises(return_files.ReturnFolderError, match="hold raw numbers of persons; name a folder outside"):
        returned(home, home / below)
    assert sorted(home.rglob("*")) == there


def test_a_folder_that_others_read_is_refused_and_left_as_it_is(home: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "notes.txt").touch()
    with pytest.raises(return_files.ReturnFolderError, match="has mode 755 and holds other files"):
        returned(home, shared)
    assert [file.name for file in shared.iterdir()] == ["notes.txt"]
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


def test_a_return_file_is_written_as_the_partner_writes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lines = "\n".join([AANVRAAG, application(1, geslacht="X", team="Assen-Zuid é")]) + "\n"
    folder = deliver(home, "2024-01-31", {"aanvraag": lines.replace(";", ",").encode("cp1252")})
    file = folder / "datapackage.json"
    content = json.loads(file.read_text())
    content["resources"][0] |= {"encoding": "cp1252", "dialect": {"delimiter": ","}}
    file.write_text(json.dumps(content))
    take(home)
    with opened(Settings(home=home)) as connection:
        assert connection is not None
        [one] = return_files.write(connection, Settings(home=home).paths, "ind", tmp_path / "out")
        assert ",Assen-Zuid é," in one.path.read_text(encoding="cp1252")
        file.unlink()
        [one] = return_files.write(connection, Settings(home=home).paths, "ind", tmp_path / "out")
        assert ",Assen-Zuid é," in one.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("=1", "'=1"), ("@a", "'@a"), ("-x", "'-x"), ("+cmd|' /C'!A0", "'+cmd|' /C'!A0"), ("\t=1", "'\t=1"),
     ("-1", "-1"), ("+1,50", "+1,50"), ("-1+1", "'-1+1"), ("Z1", "Z1"), ("", "")],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_shown_as_text(cell: str, shown: str) -> None:
    assert return_files.guarded(cell) == shown


def test_the_command_line_lists_shows_and_exports_without_a_number_on_the_screen(
    home: Path, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETENZICHT_KEY", KEY.hex())
    code, printed = command("quarantine", "list", "--home", home)
    assert code == 0 and "geslacht must be M, V or O" in printed
    shown = [
        command("quarantine", name, "--home", home, *more)[1] for name in ("list", "show") for more in ((), ("--json",))
    ]
    shown.append(command("quarantine", "show", "--home", home, "--all", "--partner", "ind", "--limit", "1")[1])
    assert "7 more: choose with" in shown[-1]
    code, printed = command("quarantine", "export", "--partner", "ind", "--home", home, "--out", tmp_path / "out")
    assert code == 0 and f"{tmp_path / 'out' / 'ind_aanvraag.csv'}: 4 rows of aanvraag" in printed
    assert not [one for one in [*shown, printed] for number in range(1, 6) if f"{number:09}" in one]
    assert command("quarantine", "export", "--partner", "coa", "--home", home, "--out", tmp_path / "out")[0] == 0
    (tmp_path / "new").mkdir()
    assert json.loads(command("quarantine", "list", "--json", "--home", tmp_path / "new")[1]) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--partner", "irs"), "irs"),
        (("list", "--extract", "aanvragen"), "there is no extract 'aanvragen': one of aanvraag, beslissing"),
        (("show", "--partner", "rvr", "--extract", "verblijf"), "there is no extract 'verblijf': one of rooster"),
        (("show", "--rule", "isin"), "there is no rule 'isin'"),
        (("export",), "--partner"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(
    arguments: tuple[str, ...], said: str, tmp_path: Path, command: Command
) -> None:
    code, printed = command("quarantine", *arguments, "--home", tmp_path)
    assert code == 2 and said in printed


def test_without_a_folder_return_files_go_to_a_private_one_of_the_partner_here(
    home: Path, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        code, printed = command("quarantine", "export", "--partner", "ind", "--home", home)
        assert code == 0 and f"{tmp_path / 'return' / 'ind' / 'ind_aanvraag.csv'}: 4 rows of aanvraag" in printed
    assert stat.S_IMODE((tmp_path / "return" / "ind").stat().st_mode) == 0o700
    monkeypatch.chdir(Settings(home=home).paths.published)
    code, printed = command("quarantine", "export", "--partner", "ind", "--home", home)
    assert code == 2 and "name a folder outside the home with --out" in printed


def test_a_working_database_that_holds_nothing_yet_has_no_bad_rows(tmp_path: Path, command: Command) -> None:
    (tmp_path / "work").mkdir()
    duckdb.connect(str(Settings(home=tmp_path).paths.database)).close()
    assert command("quarantine", "show", "--home", tmp_path) == (0, "nothing in quarantine\n")


def test_showing_rows_makes_no_key_but_asks_for_the_one_that_the_home_was_built_with(
    home: Path, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KETENZICHT_KEY", raising=False)
    monkeypatch.setenv("KETENZICHT_KEY_FILE", str(tmp_path / "absent"))
    code, printed = command("quarantine", "show", "--home", home)
    assert code == 2 and f"there is no key file {tmp_path / 'absent'}" in printed
    assert not (tmp_path / "absent").exists()


def test_under_another_key_a_row_is_not_shown_by_a_mask_that_is_nobodys(
    home: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETENZICHT_KEY", "ab" * 32)
    code, printed = command("quarantine", "show", "--home", home)
    assert code == 1 and "this home was built with another key" in printed and "aanvraag" not in printed


def test_a_refresh_under_way_is_told_and_none_begins_while_the_quarantine_is_read(home: Path, command: Command) -> None:
    paths = Settings(home=home).paths
    with lock.exclusive(paths.lock, 0):
        code, printed = command("quarantine", "list", "--home", home)
        assert code == 1 and "a refresh holds the working database" in printed
    with opened(Settings(home=home)), pytest.raises(lock.LockedError), lock.exclusive(paths.lock, 0):
        pass


def test_another_program_on_the_working_database_is_told(home: Path, command: Command) -> None:
    database = Settings(home=home).paths.database
    holding = (
        f"import duckdb, sys; held = duckdb.connect({str(database)!r}); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as refresh:
        assert refresh.stdin and refresh.stdout and refresh.stdout.readline() == b"held\n"
        code, printed = command("quarantine", "list", "--home", home)
        refresh.stdin.close()
    assert code == 1 and "a refresh holds the working database" in printed
