"""A person is forgotten in a home full of trouble: nothing of the person, and of nobody anything raw, is left anywhere.

One home for the module: the worked cases, a generated chain in other file formats, bad rows, a refused and an
incomplete delivery; then one `ketenzicht forget`. The tests look at what is left.
"""

import csv
import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from orchestration import fingerprint, forgotten, raw, release
from orchestration.cli import main
from orchestration.forget import traces, whom
from orchestration.forgotten import Record, hash_of, normalised, written_out
from orchestration.raw.pseudonyms import pseudonym
from orchestration.settings import Settings, load
from tests.chains.facts import PARTNER_EXTRACTS, Rows
from tests.chains.generated import chain
from tests.chains.writing import Base, Form, write_delivery
from tests.conftest import KEY, ReadProject, copy_examples, know_no_settings
from tests.orchestration.traces import files, published_days, said_in

pytestmark = pytest.mark.xdist_group("forget")  # its home is made once, not once a worker

PERSON = "0001234501"
OF_PERSON = {PERSON, "Z000000001", "C00000001", "7ZZ0001"}
"""Worked case 1 and, delivered later, a certificate with the number typed by hand."""
GENERATED = date(2025, 8, 31)
IDENTIFYING = {
    "v_nummer",
    "zaaknummer",
    "coa_nummer",
    "toevoegingsnummer",
    "advocaat_code",
    "gezin_id",
    "geboortedatum",
}
FORMS = {"ind": Form(gzipped=True), "coa": Form(format="parquet"), "rvr": Form(format="xlsx")}


@dataclass(frozen=True)
class Forgetting:
    """The home after the command, and what the command said."""

    home: Path
    exit_code: int
    told: dict[str, object]
    said: str
    """Everything that this and other commands printed."""
    identifiers: set[str]
    """Every identifier and birth date in any delivery."""
    content: dict[Path, set[str]]
    """What looks like an identifier or a day in each file but the deliveries."""

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, key=KEY)


def generated() -> Rows:
    """A chain whose persons have birth dates that no other day of the chain can be."""
    rows = chain(11, 8, block=1000, as_of=GENERATED).rows
    born = date(1950, 1, 1)
    for extract in ("aanvraag", "bewoner", "toevoeging"):
        for at, row in enumerate(rows[extract]):
            row["geboortedatum"] = str(born + timedelta(days=37 * at))
    for at, row in enumerate(rows["toevoeging"]):
        row["advocaat_code"] = f"LAW-{at:04}"
    rows["toevoeging"][0] |= {"toevoegingsnummer": "7ZZ0001", "v_nummer": "1234501 .", "zaaknummer": None}
    return rows


def deliver(home: Path, rows: Rows) -> None:
    """The generated chain in three file formats, and what goes wrong."""
    for partner, form in FORMS.items():
        base = Base("2025-07-31", {extract: [] for extract in rows})
        write_delivery(rows, home, partner, GENERATED, form=form, base=base, extracts=PARTNER_EXTRACTS[partner])
    in_trouble(home, rows)


def in_trouble(home: Path, rows: Rows) -> None:
    """Deliveries that go wrong, each with the person in it."""
    bad = [row | {"geslacht": "?"} for row in rows["aanvraag"][:1]]
    lost = [rows["aanvraag"][1] | {"team": PERSON, "geslacht": "?", "v_nummer": "12"}]
    base = Base("2025-08-31", {"aanvraag": []})
    write_delivery({"aanvraag": bad + lost}, home, "ind", date(2025, 9, 1), extracts=["aanvraag"], base=base)
    refused = write_delivery({"aanvraag": bad}, home, "ind", date(2025, 9, 2), extracts=["aanvraag"])
    (refused / "aanvraag.csv").write_text((refused / "aanvraag.csv").read_text() + f"{PERSON},short\n")
    incomplete = home / "deliveries" / "coa" / "2025-09-03"
    incomplete.mkdir()
    (incomplete / "bewoner.csv").write_text(f"coa_nummer,v_nummer\nC00000001,{PERSON}\n")


def cells(file: Path) -> Iterator[tuple[str, str]]:
    """Column and value of every cell of a delivered text file."""
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    for row in csv.DictReader(StringIO(text.decode()), delimiter=";" if b";" in text.partition(b"\n")[0] else ","):
        yield from ((name, value) for name, value in row.items() if isinstance(name, str) and isinstance(value, str))


def identifiers(home: Path, rows: Rows) -> set[str]:
    texts = [file for file in home.rglob("*.csv*") if file.is_file()]
    found = {value for file in texts for name, value in cells(file) if name in IDENTIFYING}
    found |= {str(row[name]) for extract in rows.values() for row in extract for name in IDENTIFYING & row.keys()}
    return {one for one in found if len(one) > 3 and one != "None"} - {"short"}


@pytest.fixture(scope="module")
def done(
    examples_home: Path, read_project: ReadProject, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Forgetting]:
    """The command, run once; the tests of this module read what it left."""
    home, spoken, rows = tmp_path_factory.mktemp("forget") / "home", StringIO(), generated()
    with read_project.home() as place, pytest.MonkeyPatch.context() as patch:
        copy_examples(examples_home, place)
        deliver(place, rows)
        know_no_settings(patch)
        patch.setattr("sys.stdout", spoken)
        patch.setattr("sys.stderr", spoken)
        exit_code = run("forget", "--v-number", PERSON, "--json", "--home", place)
        told = json.loads(spoken.getvalue())
        for command in (["status"], ["quarantine", "list"], ["quarantine", "show"]):
            run(*command, "--home", place)
        place.rename(home)
    content = {file: said_in(file) for file in files(home, home / "deliveries")}
    yield Forgetting(home, exit_code, told, spoken.getvalue(), identifiers(home, rows), content)


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_no_byte_of_the_home_beside_the_deliveries_is_a_number_of_the_person(done: Forgetting) -> None:
    own = OF_PERSON | {pseudonym(bytes.fromhex(KEY), *kind) for kind in map(written_out, OF_PERSON) if kind}
    assert {file: own & named for file, named in done.content.items() if own & named} == {}
    current = release.published(done.settings.paths)
    assert current is not None
    assert not traces.release_holds(current, sorted(own))


def test_no_identifier_and_no_birth_date_is_outside_deliveries_and_the_raw_store(done: Forgetting) -> None:
    assert len(done.identifiers) > 60
    raw_store = str(done.settings.paths.database)
    searched = {file: named for file, named in done.content.items() if not str(file).startswith(raw_store)}
    assert {file: done.identifiers & named for file, named in searched.items() if done.identifiers & named} == {}
    kinds = {file.suffix for file in searched}
    assert {".duckdb", ".parquet", ".db", ".log", ".json", ".sql"} <= kinds
    days = published_days(done.settings.paths.chain)
    assert not {day for day in days if day is not None and (day.year < 1990 or day == date(1990, 5, 17))}


def test_the_search_finds_what_is_there(done: Forgetting) -> None:
    """The same search over the raw store finds what may only be there, so an empty answer means something."""
    held = done.content[done.settings.paths.database]
    assert {"0001234502", "Z000000002", "C00000002"} <= held


def test_nothing_that_is_printed_names_anybody(done: Forgetting) -> None:
    assert "refused" in done.said and "quarantine" in done.said
    assert not {one for one in done.identifiers | OF_PERSON if one in done.said}


def test_the_command_says_what_it_did_and_ends_as_its_refresh_does(done: Forgetting) -> None:
    assert done.exit_code == 3, done.told
    assert (done.told["persons"], done.told["still_published"]) == (1, None)
    assert done.told["releases_removed"] == ["2025-07-31-1"]
    assert [one.name for one in release.all_of(done.settings.paths)] == [done.told["release"]]


def test_every_delivered_file_that_holds_the_person_is_named_whatever_its_state(done: Forgetting) -> None:
    assert done.told["delivery_files"] == [
        *(f"coa/2025-07-31/{extract}.csv" for extract in ("bewoner", "huisvesting", "verblijf")),
        "coa/2025-09-03/bewoner.csv",
        *(f"ind/2025-07-31/{extract}.csv" for extract in ("aanvraag", "beslissing", "processtap")),
        "ind/2025-09-01/aanvraag.csv",
        "ind/2025-09-02/aanvraag.csv",
        "rvr/2025-08-31/toevoeging.xlsx",
    ]


def test_the_identity_closes_in_every_delivery_and_the_person_is_counted(done: Forgetting) -> None:
    with duckdb.connect(str(done.settings.paths.chain), read_only=True) as chain_file:
        open_identities = "select * from marts.fct_reconciliation where identity = 'delivered_rows' and not passes"
        assert chain_file.execute(open_identities).fetchall() == []
        counted = chain_file.execute(
            """select partner, extract, sum(row_count) from marts.fct_data_quality
            where rule = 'forgotten' and row_count > 0 group by all order by all"""
        ).fetchall()
    rows = {("ind", one): 0 for one in ("aanvraag", "beslissing", "processtap")}
    for extract in ("aanvraag", "beslissing", "processtap"):
        lines = (done.home / "deliveries/ind/2025-07-31" / f"{extract}.csv").read_text().splitlines()
        rows[("ind", extract)] = sum("Z000000001" in line for line in lines)
    rows[("ind", "aanvraag")] += 1  # the bad row with the number in a wrong column
    assert {(partner, extract): count for partner, extract, count in counted} == rows | {
        ("coa", "bewoner"): 1, ("coa", "verblijf"): 1, ("coa", "huisvesting"): 1, ("rvr", "toevoeging"): 1
    }  # fmt: skip


def test_a_rebuild_after_work_is_deleted_does_not_bring_the_person_back(done: Forgetting, tmp_path: Path) -> None:
    home = tmp_path / "home"
    later = shutil.ignore_patterns("2025-08-31", "2025-09-*")
    shutil.copytree(done.home / "deliveries", home / "deliveries", ignore=later)
    shutil.copy(done.settings.paths.forgotten, home)
    settings = Settings(home=home, key=KEY, threads=1)
    raw.take(settings, bytes.fromhex(KEY), as_of=None)
    held = [file for file in files(home, home / "deliveries") if OF_PERSON & said_in(file)]
    assert held == []
    assert "Z000000002" in said_in(settings.paths.database)


def test_whoever_has_ended_before_a_day_is_known_by_case_reception_and_certificate(examples_home: Path) -> None:
    """Cases 4 and 8 closed in 2021 and 2019; case 1 closed, and its reception ended, on 10 August 2021."""
    settings = load(examples_home)
    assert whom.ended_before(settings, date(2019, 5, 10)).numbers == frozenset()
    early = whom.ended_before(settings, date(2021, 8, 10))
    assert {number for _, number in early.numbers} == {"Z000000004", "Z000000008"}
    assert early.persons == 2
    later = whom.ended_before(settings, date(2021, 8, 11))
    assert {number for _, number in later.numbers} == {"Z000000001", "C00000001", "Z000000004", "Z000000008"}
    record = later.record(bytes.fromhex(KEY))
    assert not record.persons and len(record.numbers) == 4


def test_wrong_usage_ends_2_and_repeats_no_number(home: Path, command: object) -> None:
    home.mkdir()
    both = ["--v-number", PERSON, "--before", "2020-01-01"]
    for wrong, told in (([], "say who"), (both, "two requests"), (["--v-number", "Z123456789"], "not a v_number")):
        code, said = command("forget", *wrong, "--home", home)  # type: ignore[operator]
        assert (code, told in said, PERSON in said, "Z123456789" in said) == (2, True, False, False)
    assert not (home / "forgotten.json").exists()


def test_forgetting_makes_no_key_under_which_it_would_know_nobody(
    home: Path, command: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    monkeypatch.delenv("KETENZICHT_KEY")
    monkeypatch.setenv("KETENZICHT_KEY_FILE", str(home / "key"))
    code, said = command("forget", "--v-number", PERSON, "--home", home)  # type: ignore[operator]
    assert (code, f"there is no key file {home / 'key'}" in said) == (2, True)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1234501", PERSON), (" 0001.234.501 ", PERSON), ("00012345012", None), ("", None), ("12-34", None)],
)
def test_a_v_number_is_recognised_however_it_is_typed(typed: str, number: str | None) -> None:
    assert normalised("v_nummer", typed) == number


def test_a_number_leads_to_all_of_the_same_person_and_an_ended_case_to_nothing() -> None:
    links = {"a": ["case"], "case": ["a", "b"], "b": ["certificate"]}
    assert Record(persons=frozenset("a")).reaches(links) == {"a", "b", "case", "certificate"}
    assert Record(numbers=frozenset({"case"})).reaches(links) == {"case"}


def test_who_is_forgotten_is_an_input_of_every_figure(home: Path, key: bytes) -> None:
    settings = Settings(home=home)
    home.mkdir()
    before = fingerprint.inputs(settings, key)
    forgotten.write(settings.paths, key, Record(persons=frozenset({hash_of(key, "v_nummer", PERSON)})))
    assert fingerprint.inputs(settings, key) != before


def test_the_hash_on_record_is_not_the_pseudonym_in_the_tables(key: bytes) -> None:
    assert hash_of(key, "v_nummer", PERSON) != pseudonym(key, "v_nummer", PERSON)
