"""Every act on the disk has a crash point; a process that dies at one leaves the old or the new, and what heals it.

Here: the source, and the acts that need no refresh. The points of a refresh are in tests/faults, by `make test-faults`.
"""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

import contracts
from orchestration import demo, durable, fingerprint, forgotten, lock, release, return_files
from orchestration import home as homes
from orchestration import key as keys
from orchestration.raw import renewal
from orchestration.raw.store import create_layout, open_store
from orchestration.settings import PROJECT, Paths, Settings, load
from tests.orchestration.crash_sites import WITHOUT, files, points, sites
from tests.orchestration.readers import reading
from tests.orchestration.test_release import A, build, publish, stock


class Died(BaseException):
    """The end of a process: nothing catches it, and nothing is written after it."""


@contextmanager
def dying_at(point: str) -> Iterator[None]:
    """Die at a point, and at every later one: what a `finally` would still write is not written either."""
    dead = False

    def watcher(here: str) -> None:
        nonlocal dead
        dead |= here == point
        if dead:
            raise Died(here)

    with durable.watched(watcher), pytest.raises(Died):
        yield


def reached_by(act: Callable[[], object]) -> list[str]:
    """The points that an act reaches, in the order in which it first does."""
    seen: dict[str, None] = {}
    with durable.watched(lambda point: seen.setdefault(point)):
        act()
    return list(seen)


@pytest.fixture
def paths(home: Path) -> Paths:
    prepared = Paths(home)
    homes.prepare(prepared)
    return prepared


def test_every_act_on_the_disk_has_a_crash_point() -> None:
    found = [
        str(site)
        for file in files()
        if (name := str(file.relative_to(PROJECT))) not in WITHOUT
        for site in sites(file.read_text(), name)
        if not site.has_point
    ]
    assert not found, "say `reached(...)` beside these: " + "; ".join(found)


@pytest.mark.parametrize("file", WITHOUT)
def test_a_file_that_is_excused_has_acts(file: str) -> None:
    assert list(sites((PROJECT / file).read_text(), file))


@pytest.mark.parametrize(
    "act",
    [
        "path.write_text('x')",
        "draft.replace(target)",
        "os.fsync(1)",
        "shutil.move(a, b)",
        "with path.open('w') as stream:\n    stream.write('x')",
        "with duckdb.connect(str(path)) as connection:\n    pass",
        "connection.execute('insert into t values (1)')",
        "for one in all:\n    one.unlink()",
        "removed = [one.unlink() for one in all]",
    ],
)
def test_an_act_without_a_point_is_found(act: str) -> None:
    assert [site.has_point for site in sites(f"a = 1\n{act}\nb = 2\nreached('too.far')", "x.py")] == [False]


def test_no_two_acts_share_a_point() -> None:
    assert not [point for point, times in Counter(points()).items() if times > 1]


def test_a_file_is_the_old_or_the_new_wherever_its_replacement_dies(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for point in reached_by(lambda: durable.replace(file, "old", "file")):
        durable.replace(file, "old", "file")
        with dying_at(point):
            durable.replace(file, "new, and longer", "file")
        assert file.read_text() == ("new, and longer" if point == "file.replaced" else "old")
        durable.replace(file, "next", "file")
        assert file.read_text() == "next"
        assert list(tmp_path.iterdir()) == [file]


def test_a_key_is_made_once_wherever_its_making_dies(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KETENZICHT_KEY")

    def settings(name: str) -> object:
        monkeypatch.setenv("KETENZICHT_KEY_FILE", str(home / name / "key"))
        return load(home)

    for point in (seen := reached_by(lambda: keys.ensure(settings("first")))):
        with dying_at(point):
            keys.ensure(settings(point))
        half_way = (home / point / "key").read_text() if (home / point / "key").exists() else None
        made = keys.ensure(settings(point))
        assert half_way is None or half_way.strip() == made.secret.hex()
        assert keys.ensure(settings(point)).secret == made.secret
    assert set(seen) == {point for point in points() if point.startswith("key.")}


def test_a_home_is_whole_after_the_next_command_wherever_its_making_dies(tmp_path: Path) -> None:
    def tree(home: Path) -> set[Path]:
        return {found.relative_to(home) for found in home.rglob("*")}

    for point in (seen := reached_by(lambda: homes.prepare(Paths(tmp_path / "first")))):
        paths = Paths(tmp_path / point)
        with dying_at(point):
            homes.prepare(paths)
        homes.prepare(paths)
        assert tree(paths.home) >= tree(tmp_path / "first")
        assert (paths.dagster / "dagster.yaml").read_text() == homes.DAGSTER_YAML
    assert {point.split(".")[0] for point in seen} == {"home", "dagster_yaml"}


def test_a_ledger_names_what_was_done_wherever_noting_it_dies(paths: Paths) -> None:
    paths.database.touch()

    def note(run: str) -> None:
        fingerprint.record(paths, fingerprint.Done("inputs", A, False, "2025-07-31-1", 0, run))

    note("first")
    for point in reached_by(lambda: note("second")):
        before = [done.run_id for done in fingerprint.ledger(paths)]
        with dying_at(point):
            note(point)
        after = [done.run_id for done in fingerprint.ledger(paths)]
        assert after in (before, [*before, point])


def test_who_is_forgotten_stays_on_record_wherever_the_next_request_dies(paths: Paths, key: bytes) -> None:
    first, both = (forgotten.Record(frozenset(persons)) for persons in (["a"], ["a", "b"]))
    forgotten.write(paths, key, first)
    for point in reached_by(lambda: forgotten.write(paths, key, first)):
        with dying_at(point):
            forgotten.write(paths, key, both)
        assert forgotten.read(paths, key) in (first, both)


def release_twice(paths: Paths, number: int) -> None:
    """Two publications of one number, of which the first is removed, with open tables in each."""
    for _ in range(2):
        release.clean(paths)
        (paths.build.parent / release.OPEN).mkdir()
        (paths.build.parent / release.OPEN / "table.csv").write_text(f"{number}\n")
        (paths.build.parent / release.OPEN_BASIS).write_text(f"{number}\n")
        publish(paths, ("a", number))
        release.retain(paths, 1)


def seen_by_readers(paths: Paths) -> tuple[int, int, int]:
    """The number as database, Parquet and open data have it."""
    parquet = duckdb.sql(f"select stock from '{paths.published}/parquet/fct.parquet'").fetchall()
    return stock(paths)[0][0], parquet[0][0], int((paths.published / release.OPEN / "table.csv").read_text())


def test_readers_find_the_old_or_the_new_wherever_a_publication_dies(paths: Paths, tmp_path: Path) -> None:
    release_twice(paths, 1)
    build(paths, ("left behind", 0))
    (paths.published / ".link-current").symlink_to("nowhere")
    settled = tmp_path / "settled"
    shutil.copytree(paths.home, settled, symlinks=True)
    seen = reached_by(lambda: release_twice(paths, 2))
    for point in seen:
        own = Paths(tmp_path / point)
        shutil.copytree(settled, own.home, symlinks=True)
        with dying_at(point):
            release_twice(own, 2)
        assert seen_by_readers(own) in {(1, 1, 1), (2, 2, 2)}
        release_twice(own, 3)
        assert seen_by_readers(own) == (3, 3, 3)
        assert len(list(own.releases.iterdir())) == 1
        assert not list(own.build.parent.iterdir())
        assert not list(own.published.glob(".*"))
    kinds = ("release.", "publication.", "leftovers.")
    assert set(seen) == {point for point in points() if point.startswith(kinds)}


def test_the_first_publication_is_there_whole_or_not_at_all(home: Path, tmp_path: Path) -> None:
    homes.prepare(Paths(home))
    for point in reached_by(lambda: release_twice(Paths(home), 1)):
        own = Paths(tmp_path / point)
        homes.prepare(own)
        with dying_at(point):
            release_twice(own, 1)
        if own.chain.exists():
            assert seen_by_readers(own) == (1, 1, 1)
        release_twice(own, 2)
        assert seen_by_readers(own) == (2, 2, 2)


def test_a_history_written_afresh_is_there_whole_wherever_that_dies(home: Path, tmp_path: Path) -> None:
    def rewrite(paths: Paths) -> None:
        renewal.sweep(paths)
        renewal.rewrite(load(paths.home))

    def made(name: str) -> Paths:
        paths = Paths(tmp_path / name)
        paths.work.mkdir(parents=True)
        paths.unclean.touch()
        with duckdb.connect(str(paths.database)) as connection:
            connection.execute("create schema raw; create table raw.word as select * from range(5000) as t(number)")
            connection.execute("create schema staging; create table staging.word as from raw.word")
            connection.execute("delete from raw.word where number > 9")
        return paths

    def words(paths: Paths) -> list[tuple[int]]:
        with duckdb.connect(str(paths.database)) as connection:
            return connection.execute("select count(*) from raw.word").fetchall()

    for point in (seen := reached_by(lambda: rewrite(made("first")))):
        paths = made(point)
        with dying_at(point):
            rewrite(paths)
        assert words(paths) == [(10,)]
        assert paths.unclean.exists() or point == "rewrite.mark_gone", "the next refresh writes it afresh"
        rewrite(paths)
        assert (words(paths), [one.name for one in paths.work.iterdir()]) == ([(10,)], [paths.database.name])
    assert set(seen) == {point for point in points() if point.startswith(("rewrite.", "sweep."))}


def test_a_history_to_be_rebuilt_is_marked_so_until_it_is_gone(tmp_path: Path) -> None:
    def made(name: str) -> Paths:
        paths = Paths(tmp_path / name)
        paths.work.mkdir(parents=True)
        for file in (paths.database, paths.database.with_name(f"{paths.database.name}.wal"), paths.unclean):
            file.write_text("x")
        return paths

    for point in (seen := reached_by(lambda: renewal.discard(made("first")))):
        paths = made(point)
        with dying_at(point):
            renewal.discard(paths)
        # a log without its database would be replayed into the next one
        assert not paths.database.with_name(f"{paths.database.name}.wal").exists()
        assert paths.unclean.exists() or not paths.database.exists()
        renewal.discard(paths)
        assert not list(paths.work.iterdir())
    assert set(seen) == {point for point in points() if point.startswith("discard.")}


def test_a_demo_that_dies_is_finished_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def simulate(parameters: SimpleNamespace) -> None:
        for partner in homes.PARTNERS:
            (parameters.out / "deliveries" / partner / "2025-07-31").mkdir(parents=True)
        (parameters.out / "truth").mkdir()

    monkeypatch.setattr("analytics.simulation.simulate", simulate)

    def empty(name: str) -> Paths:
        paths = Paths(tmp_path / name)
        homes.prepare(paths)
        return paths

    first = empty("first")
    for point in (seen := reached_by(lambda: demo.deliver(first, 10, 1))):
        paths = empty(point)
        with dying_at(point):
            demo.deliver(paths, 10, 1)
        demo.deliver(paths, 10, 1)
        assert all((paths.deliveries / partner / "2025-07-31").exists() for partner in homes.PARTNERS)
        assert (paths.home / "truth").exists()
        assert not list(paths.home.glob(".*"))
        assert not demo.deliver(paths, 10, 1), "a second one finds the first"
    assert set(seen) == {point for point in points() if point.startswith("demo.")}


def test_four_readers_see_whole_publications_through_ten_of_them(paths: Paths, tmp_path: Path) -> None:
    def publication(number: int) -> None:
        build(paths, *((str(row), number) for row in range(number)))
        with duckdb.connect(str(paths.build)) as connection:
            connection.execute("create table marts._metadata (key varchar, value varchar)")
            connection.execute(
                "insert into marts._metadata values ('published_at', ?), ('row_count.fct', ?)",
                [f"{number:02}", str(number)],
            )
        release.swap(paths, release.write(load(paths.home), date(2025, 7, number)))
        release.retain(paths, 3)

    publication(1)
    with reading(paths.chain, tmp_path / "stop") as seen:
        for number in range(2, 12):
            publication(number)
    assert (seen.errors, seen.mixed, seen.went_back) == ([], [], False)
    assert {"01", "11"} <= seen.publications
    assert seen.queries >= 4 * 2 * 3


def test_a_lock_is_for_one_and_free_when_its_owner_is_killed(paths: Paths) -> None:
    hold = "import sys, time\nfrom pathlib import Path\nfrom orchestration import lock\n"
    hold += "with lock.exclusive(Path(sys.argv[1]), 0):\n    print('held', flush=True)\n    time.sleep(600)"
    owner = subprocess.Popen([sys.executable, "-c", hold, str(paths.lock)], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    try:
        assert owner.stdout.readline() == b"held\n"
        with pytest.raises(lock.LockedError, match=f"process {owner.pid}"), lock.exclusive(paths.lock, 0):
            pass
    finally:
        owner.kill()
        owner.communicate()
    with lock.exclusive(paths.lock, 0):
        pass


def test_a_return_file_is_the_old_or_the_new_wherever_an_export_dies(paths: Paths, tmp_path: Path) -> None:
    store = open_store(Settings(home=paths.home))
    create_layout(store, list(contracts.extracts().values()), "format")

    def export(folder: Path, line: int) -> None:
        store.run("delete from raw.quarantine")
        bad = {"partner": "ind", "extract": "aanvraag", "file": "aanvraag.csv", "line": line, "raw_values": "{}"}
        day = {"reference_on": A, "sequence": 0, "first_seen_on": A}
        store.append("raw.quarantine", [bad | day | {"rules": ["not_null:v_nummer"], "key": ["Z1"]}])
        return_files.write(store.connection, paths, "ind", folder)

    try:
        for point in (seen := reached_by(lambda: export(tmp_path / "first", 1))):
            folder = tmp_path / point
            with dying_at(point):
                export(folder, 1)
            export(folder, 2)
            whole = (folder / "ind_aanvraag.csv").read_bytes()
            with dying_at(point) if point != "return_file.folder" else nullcontext():
                export(folder, 3)
            assert len((folder / "ind_aanvraag.csv").read_bytes()) == len(whole), "the old one, or the new"
            export(folder, 2)
            assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [("ind_aanvraag.csv", whole)]
    finally:
        store.connection.close()
    assert set(seen) >= {point for point in points() if point.startswith("return_file.")}
