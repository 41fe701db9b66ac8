"""The generated chains are what their users rely on: they keep the rules of extracts.md, and they are nasty enough."""

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chains import Chain, Delivery, Form, chain, chains, history, merge, write_delivery
from tests.chains.facts import COLUMNS, KEYS, PARTNER_EXTRACTS, Row, Rows, key_of
from tests.oracle.reading import SEEDS, CaseReading, read_rows
from tests.oracle.rows import normalised, read_delivery
from tests.oracle.rulebook import Rulebook

FUTURE = {"datum_gepland", "datum_tot", "week", "geldig_tot"}
PARENTS = dict.fromkeys(PARTNER_EXTRACTS["ind"][1:7], ("aanvraag", "zaaknummer")) | {
    "verblijf": ("bewoner", "coa_nummer"),
    "huisvesting": ("bewoner", "coa_nummer"),
}


def broken(rows: Rows, on: date) -> list[str]:
    """Rules of extracts.md that hold for every extract: columns, keys, dates, references."""
    found = []
    for extract, content in rows.items():
        keys = [key_of(extract, row) for row in content]
        found += [f"{extract}: key {key} twice" for key, times in Counter(keys).items() if times > 1]
        for row in content:
            if list(row) != COLUMNS[extract].split():
                found.append(f"{extract}: columns {list(row)}")
            found += [
                f"{extract}.{column} {value} after {on}"
                for column, value in row.items()
                if isinstance(value, date) and value > on and column not in FUTURE
            ]
            if extract in PARENTS and not has_parent(extract, row, rows):
                found.append(f"{extract}: {key_of(extract, row)} without parent")
    return found


def has_parent(extract: str, row: Row, rows: Rows) -> bool:
    parent, column = PARENTS[extract]
    return any(other[column] == row[column] for other in rows[parent])


@given(chains(max_cases=12))
@settings(max_examples=25, deadline=None)
def test_a_chain_keeps_the_rules_of_every_extract(generated: Chain) -> None:
    assert broken(generated.rows, generated.as_of) == []


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_every_state_of_a_history_keeps_the_rules_on_its_day(seed: int) -> None:
    for delivery in history(seed, cases=6):
        assert broken(delivery.rows, delivery.reference_on) == []
        assert delivery.before is None or delivery.before.reference_on < delivery.reference_on


def test_the_same_seed_gives_the_same_chain() -> None:
    assert chain(7, 10) == chain(7, 10)
    assert chain(7, 10) != chain(8, 10)
    assert history(7) == history(7)


def test_merged_chains_share_no_number() -> None:
    both = merge([chain(1, 8, block=1, as_of=date(2025, 7, 31)), chain(1, 8, block=2, as_of=date(2025, 7, 31))])
    alone = chain(1, 8, block=1, as_of=date(2025, 7, 31))
    assert broken(both.rows, both.as_of) == []
    assert len(both.rows["aanvraag"]) == 2 * len(alone.rows["aanvraag"])


@pytest.mark.parametrize(
    "form",
    [
        Form(),
        Form(delimiter=";", encoding="cp1252", decimal_char=",", date_format="%d-%m-%Y"),
        Form(delimiter="\t", encoding="utf-8-sig", gzipped=True, lower_case_enums=True, reversed_columns=True),
    ],
)
def test_a_written_chain_reads_back_as_it_was(form: Form, tmp_path: Path) -> None:
    generated = chain(3, 10)
    for partner in PARTNER_EXTRACTS:
        folder = write_delivery(generated, tmp_path, partner, generated.as_of, form=form)
        read = read_delivery(folder)
        for extract, content in generated.of(partner).items():
            assert [{c: getattr(row, c) for c in COLUMNS[extract].split()} for row in read[extract]] == content


def test_a_delta_turns_its_base_into_the_new_content(tmp_path: Path) -> None:
    deltas = [d for seed in range(6) for d in history(seed, block=seed) if d.before is not None and d.sequence == 1]
    assert deltas
    said = Counter[str]()
    for delta in deltas:
        folder = delta.write(tmp_path, delta=True)
        manifest = json.loads((folder / "datapackage.json").read_text())
        assert (manifest["mode"], manifest["base"]) == ("delta", base_of(delta).name)
        for extract, lines in read_delivery(folder).items():
            content = {key_of(extract, row): row for row in base_of(delta).content()[extract]}
            for line in (vars(line) for line in lines):
                said[line["mutatie"]] += 1
                if line["mutatie"] == "V":
                    del content[tuple(line[column] for column in KEYS[extract])]
                else:
                    content[key_of(extract, line)] = {c: line[c] for c in COLUMNS[extract].split()}
            assert content == {key_of(extract, row): row for row in delta.rows[extract]}
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    assert set(said) == set("TGV")


def base_of(delta: Delivery) -> Delivery:
    assert delta.before is not None
    return delta.before


def test_histories_hold_redeliveries_left_out_extracts_and_merged_persons() -> None:
    deliveries = [d for seed in range(20) for d in history(seed)]
    numbers: dict[str, set[str]] = {}
    for number, delivery in enumerate(deliveries):
        for row in delivery.rows.get("aanvraag", []):
            numbers.setdefault(f"{number // 12} {row['zaaknummer']}", set()).add(normalised(row["v_nummer"]))
    assert any(d.sequence == 2 for d in deliveries)
    assert any(set(d.extracts) != set(d.rows) for d in deliveries)
    assert any(len(carried) > 1 for carried in numbers.values())


REACHED = {
    "closed after a grant, opened again": lambda read: reopened(read, 8),
    "closed after departure, opened again": lambda read: reopened(read, 12),
    "redecision with a new intention": lambda read: follows(read, 11, 6),
    "redecision with a view": lambda read: follows(read, 11, 7),
    "back in appeal from a redecision": lambda read: follows(read, 11, 10),
    "back in appeal from departure": lambda read: follows(read, 12, 10),
    "window ended": lambda read: follows(read, 9, 12),
    "refused again while in appeal": lambda read: follows(read, 10, 9),
    "left before the decision": lambda read: read.left_before_decision,
    "other deadline in hindsight": lambda read: read.deadline_as_applied != read.deadline_in_hindsight,
    "no deadline": lambda read: read.deadline_as_applied is None,
    "administrative run": lambda read: any(run.kind == "administrative" for run in read.penalty_runs),
    "two judicial runs": lambda read: sum(run.kind == "judicial" for run in read.penalty_runs) > 1,
    "judicial maximum": lambda read: any(run.amount_accrued_eur == run.amount_maximum_eur for run in read.penalty_runs),
    "running": lambda read: any(run.is_running for run in read.penalty_runs),
    "impeded": lambda read: read.is_impeded,
    "suspended": lambda read: read.is_suspended,
}
"""What the chains must contain for a comparison on them to mean something."""


def follows(read: CaseReading, before: int, after: int) -> bool:
    """Does a visit to one stage directly follow a visit to another?"""
    stages = [visit.stage for visit in read.visits]
    return (before, after) in set(pairwise(stages))


def reopened(read: CaseReading, closed_from: int) -> bool:
    """Was the case closed and open again, its last visit before having been to this stage?"""
    return any(
        one.stage == closed_from and one.left_on is not None and one.left_on < other.entered_on
        for one, other in pairwise(read.visits)
    )


def test_the_chains_reach_every_corner_of_the_timeline_and_the_clock() -> None:
    rules = Rulebook.read(SEEDS)
    reached = Counter[str]()
    for seed in range(60):
        generated = chain(seed, 15)
        for read in read_rows(generated.rows, generated.as_of, rules).cases.values():
            reached.update(corner for corner, holds in REACHED.items() if holds(read))
            reached.update(f"stage {visit.stage}" for visit in read.visits)
    assert [corner for corner in [*REACHED, *(f"stage {n}" for n in range(1, 13))] if reached[corner] < 3] == []
