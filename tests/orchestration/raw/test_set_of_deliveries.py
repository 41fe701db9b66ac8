"""History is a function of the set of deliveries: order of arrival, number of refreshes, formats change nothing."""

import shutil
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.chains import Delivery, Form, history
from tests.orchestration.raw.conftest import differences, everything, opened, states, take
from tests.orchestration.raw.test_bad_rows import AANVRAAG, BESLISSING, application, decision, deliver

ONCE_MORE = Form(delimiter=";", encoding="cp1252", decimal_char=",", date_format="%d-%m-%Y", gzipped=True)
PLAIN = Form()
FORMS = [
    Form(delimiter="\t", encoding="utf-8-sig", reversed_columns=True),
    ONCE_MORE,
    Form(format="parquet"),
    Form(format="parquet", date_format="%d-%m-%Y", reversed_columns=True),
    Form(format="xlsx", lower_case_enums=True),
    Form(format="xlsx", date_format="%d-%m-%Y"),
]


def written(deliveries: list[Delivery], source: Path, form: Form = PLAIN, *, delta: bool = False) -> list[Path]:
    """The folders of a history, outside any home."""
    return [delivery.write(source, form, delta=delta) for delivery in deliveries]


def arrive(folders: list[Path], source: Path, home: Path) -> None:
    """Copy deliveries that were written below `source` into a home."""
    for folder in folders:
        shutil.copytree(folder, home / folder.relative_to(source))


def awkward(source: Path) -> list[Path]:
    """A history with deltas, a decision delivered before its application, bad deliveries and their corrections."""
    orphans = [decision(number) for number in range(100, 130)]
    return [
        deliver(
            source, "2024-07-31", {"aanvraag": [AANVRAAG, application(1)], "beslissing": [BESLISSING, decision(1)]}
        ),
        delta(source, "2024-08-31", "2024-07-31", {"beslissing": [BESLISSING, decision(2)]}),
        delta(source, "2024-09-30", "2024-08-31", {"aanvraag": [AANVRAAG, application(2), application(3, amv="?")]}),
        delta(source, "2024-10-31", "2024-09-30", {"beslissing": [BESLISSING, *orphans]}),
        delta(source, "2024-10-31.2", "2024-09-30", {"beslissing": [BESLISSING, decision(3), decision(2, nth=2)]}),
        delta(source, "2024-11-30", "2024-10-31.2", {"aanvraag": [AANVRAAG, application(3)]}),
        deliver(source, "2024-07-31.2", {"aanvraag": [AANVRAAG, application(1, team="B"), application(1)]}),
    ]


def delta(source: Path, name: str, base: str, files: dict[str, list[str]]) -> Path:
    """Rows added or changed since `base`."""
    lines = {
        extract: [f"mutatie;{header}", *(f"T;{row}" for row in rows)] for extract, (header, *rows) in files.items()
    }
    return deliver(source, name, lines, members={"mode": "delta", "base": base})


def spoil(folder: Path) -> None:
    """A redelivery whose file is not what its manifest promises."""
    file = next(iter(sorted(folder.glob("aanvraag*"))))
    file.write_bytes(file.read_bytes() + b"\n")


# no shrinking: an example takes seconds, and its seed says it all
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(
    seed=st.integers(0, 10_000), delta=st.booleans(), order=st.randoms(use_true_random=False), step=st.integers(1, 5)
)
def test_any_order_of_arrival_in_any_number_of_refreshes_gives_the_same_history(
    tmp_path_factory: pytest.TempPathFactory, seed: int, delta: bool, order: Random, step: int
) -> None:
    source, at_once, piecemeal = (tmp_path_factory.mktemp(name) for name in ("source", "at_once", "piecemeal"))
    deliveries = history(seed, cases=6, deliveries=4)
    folders = written(deliveries, source, delta=delta)
    # a bad delivery, corrected by a later number of the same date
    newest = [delivery for delivery in deliveries if delivery.partner == "ind"][-1]
    for sequence, is_bad in ((newest.sequence + 1, True), (newest.sequence + 2, False)):
        again = Delivery(newest.partner, newest.reference_on, sequence, newest.rows, newest.extracts)
        folders.append(again.write(source))
        if is_bad:
            spoil(folders[-1])
    arrive(folders, source, at_once)
    take(at_once)
    order.shuffle(folders)
    for start in range(0, len(folders), step):
        arrive(folders[start : start + step], source, piecemeal)
        intake = take(piecemeal)
    expected, found = everything(at_once), everything(piecemeal)
    # the map may know numbers that a corrected delivery took back; nothing reads them
    del expected["raw.pseudonym"], found["raw.pseudonym"]
    assert differences(expected, found) == {}
    found_states = states(intake)
    spoilt, again = (found_states[f"ind/{newest.reference_on}.{newest.sequence + later}"] for later in (1, 2))
    # delivered in full after deltas, many rows may be gone from it
    assert (spoilt, again) in {("superseded", "in_force"), ("refused", "refused")}


@pytest.fixture(scope="module")
def awkward_at_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list], dict[str, str]]:
    """The awkward history: where it was written, and every table and state when it arrives at once."""
    source, home = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("at_once")
    arrive(awkward(source), source, home)
    expected_states = states(take(home))
    expected = everything(home)
    del expected["raw.pseudonym"]
    return source, expected, expected_states


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(order=st.permutations(range(7)))
def test_children_before_parents_and_corrections_may_arrive_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    awkward_at_once: tuple[Path, dict[str, list], dict[str, str]],
    order: list[int],
) -> None:
    source, expected, expected_states = awkward_at_once
    folders = sorted(source.glob("deliveries/ind/*"))
    home = tmp_path_factory.mktemp("one_by_one")
    for at in order:
        arrive([folders[at]], source, home)
        intake = take(home)
    found = everything(home)
    del found["raw.pseudonym"]
    assert differences(expected, found) == {}
    assert states(intake) == expected_states
    in_force = [name for name, state in expected_states.items() if state == "in_force"]
    assert [name.removeprefix("ind/") for name in in_force] == [
        "2024-07-31.2",
        "2024-08-31",
        "2024-09-30",
        "2024-10-31.2",
        "2024-11-30",
    ]


@pytest.mark.parametrize("delta", [False, True])
def test_the_state_as_of_every_reference_date_is_what_the_partner_said_then(tmp_path: Path, delta: bool) -> None:
    deliveries = history(11, cases=8, deliveries=5)
    written(deliveries, tmp_path, delta=delta)
    take(tmp_path)
    last = {(one.partner, one.reference_on): one for one in deliveries}.values()
    with opened(tmp_path) as connection:
        for delivery in last:
            for extract, rows in delivery.content().items():
                table = f"raw.{delivery.partner}__{extract}"
                found = connection.execute(
                    f"select count(*) from {table} where _valid_from <= $day and $day < _valid_to",
                    {"day": delivery.reference_on},
                ).fetchone()
                assert found == (len(rows),), (delivery.partner, delivery.name, extract)


def test_deltas_give_the_same_history_as_full_deliveries(tmp_path: Path) -> None:
    deliveries = history(12, cases=8, deliveries=5)
    content = []
    for name, delta in (("full", False), ("delta", True)):
        home = tmp_path / name
        written(deliveries, home, delta=delta)
        take(home)
        tables = everything(home)
        # first brought by the same delivery, on another line of its file
        content.append(
            {table: [(*row[:-6], *row[-5:]) for row in rows] for table, rows in tables.items() if "__" in table}
        )
    assert differences(*content) == {}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.format}{form.delimiter}{form.date_format}")
def test_the_same_rows_in_another_format_give_the_same_tables(
    tmp_path: Path, plain_history: dict[str, list], form: Form
) -> None:
    written(history(13, cases=8, deliveries=2), tmp_path, form)
    intake = take(tmp_path)
    assert set(states(intake).values()) <= {"in_force", "superseded"}
    found = {table: rows for table, rows in everything(tmp_path).items() if "__" in table}
    assert differences(plain_history, found) == {}


@pytest.fixture(scope="module")
def plain_history(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    home = tmp_path_factory.mktemp("plain")
    written(history(13, cases=8, deliveries=2), home)
    take(home)
    return {table: rows for table, rows in everything(home).items() if "__" in table}


def test_taking_again_changes_nothing(tmp_path: Path) -> None:
    written(history(14, cases=6, deliveries=3), tmp_path)
    take(tmp_path)
    before = everything(tmp_path)
    intake = take(tmp_path)
    assert intake.new == 0
    assert differences(before, everything(tmp_path)) == {}


def test_statements_do_not_grow_with_the_number_of_deliveries(tmp_path: Path) -> None:
    deliveries = [one for one in history(15, cases=6, deliveries=9) if one.partner == "ind"]
    few, many = tmp_path / "few", tmp_path / "many"
    written(deliveries[:4], few)
    written(deliveries, many)
    assert len(deliveries) > 6
    assert take(many).statements <= take(few).statements


def test_an_unchanged_row_adds_nothing(tmp_path: Path) -> None:
    first, *_ = history(16, cases=8, deliveries=2)
    ind = Delivery("ind", first.reference_on, 1, first.rows, first.extracts)
    (first if first.partner == "ind" else ind).write(tmp_path)
    take(tmp_path)
    before = everything(tmp_path)
    later = Delivery(
        first.partner, first.reference_on.replace(year=first.reference_on.year + 1), 1, first.rows, first.extracts
    )
    later.write(tmp_path)
    take(tmp_path)
    after = everything(tmp_path)
    assert [len(rows) for table, rows in after.items() if "__" in table] == [
        len(rows) for table, rows in before.items() if "__" in table
    ]
