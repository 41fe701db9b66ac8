"""The attack must fail: linear bounds leave every hidden count three values. And it must be able to succeed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import audit, suppression, tables
from analytics.disclosure.basis import Basis
from analytics.disclosure.closed_list import ClosedListError, OpenTable, check
from analytics.disclosure.profile import Profile, Status
from tests.analytics.disclosure.attack import Cell, Found, Told, attack
from tests.analytics.disclosure.chains import MONTH, A, by_name, table, truth

PROFILES = st.sampled_from([Profile(t, r) for t in (5, 10) for r in (1, 5, 10)])
SMALL_COUNTS = st.one_of(st.integers(0, 6), st.just(0), st.integers(0, 25))
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(SMALL_COUNTS, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)
TWO = table("letter", "sign")
ONE = table("letter")
Cells = dict[tuple[str, ...], int]


def published(of: OpenTable, cells: Cells, profile: Profile, before: Basis | None = None) -> tuple[Told, Basis]:
    built = tables.build(of, truth(of, cells), A, profile, before)
    assert audit.violations(of, built.frame, profile) == {}
    return Told(of, built.frame, profile.threshold, profile.rounding), Basis(profile, built.months)


def words(told: Told) -> dict[tuple[str, ...], Any]:
    """What stands in each cell: its value, or the word for its absence."""
    rows = told.frame.select(*told.table.dimensions, "cases", "cases_status").iter_rows()
    return {tuple(key): status if value is None else value for *key, value, status in rows}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(rows=TABLES, profile=PROFILES)
def test_no_hidden_count_of_a_table_with_totals_can_be_worked_out(rows: list[list[int]], profile: Profile) -> None:
    told, _ = published(TWO, by_name(rows), profile)
    assert list(attack([told])) == []


@settings(max_examples=25, deadline=None, derandomize=True)
@given(numbers=st.lists(SMALL_COUNTS, min_size=1, max_size=8), profile=PROFILES)
def test_no_hidden_count_of_a_list_with_its_total_can_be_worked_out(numbers: list[int], profile: Profile) -> None:
    told, _ = published(ONE, {(chr(97 + i),): number for i, number in enumerate(numbers)}, profile)
    assert list(attack([told])) == []


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    rows=TABLES,
    changes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-3, 4)), min_size=1, max_size=4),
    profile=PROFILES,
)
def test_two_releases_tell_no_more_than_one(
    rows: list[list[int]], changes: list[tuple[int, int, int]], profile: Profile
) -> None:
    """The attacker even knows which cells did not change between the two."""
    later = [list(row) for row in rows]
    for i, j, by in changes:
        later[i % len(rows)][j % len(rows[0])] = max(0, later[i % len(rows)][j % len(rows[0])] + by)
    first, basis = published(TWO, by_name(rows), profile)
    second, after = published(TWO, by_name(later), profile, before=basis)
    assert list(attack([first], [second], unchanged=same(basis, after))) == []


def same(before: Basis, after: Basis) -> Any:
    """Which cells the two releases count the same, as the attack names cells."""
    definition = TWO.definition(TWO.counts[0])
    old, new = before.months[definition][MONTH], after.months[definition][MONTH]

    def unchanged(cell: Cell) -> bool:
        named: dict[str, str] = dict(cell[2:])  # type: ignore[arg-type]
        key = (named.get("letter", "all"), named.get("sign", "all"))
        return old.get(key, (0,))[0] == new.get(key, (0,))[0]

    return unchanged


@pytest.mark.parametrize(
    ("rows", "profile", "shown"),
    [
        # 8 to 12 cases in two cells of at most 4 can only be 4 and 4, so the total goes.
        ({("a",): 4, ("b",): 4}, Profile(), {"a": "small", "b": "small", "all": "suppressed"}),
        # Four cells of at least 1 in a total of at most 4 can only be 1 each, so the total must not be called small.
        ({(x,): 1 for x in "abcd"}, Profile(), {**dict.fromkeys("abcd", "small"), "all": "suppressed"}),
        # 5 to 7 and 5 to 7: the rest would be 1 or 2.
        ({("a",): 5, ("b",): 1}, Profile(), {"a": "suppressed", "b": "small", "all": 5}),
        # Enough room in the rounding: nothing more is hidden.
        ({("a",): 10, ("b",): 3}, Profile(), {"a": 10, "b": "small", "all": 15}),
        # Without rounding the total gives the only hidden count of its line away.
        ({("a",): 10, ("b",): 3, ("c",): 7}, Profile(5, 1), {"a": 10, "b": "small", "c": "suppressed", "all": 20}),
    ],
)
def test_worked_by_hand(rows: Cells, profile: Profile, shown: dict[str, object]) -> None:
    told, _ = published(ONE, rows, profile)
    assert words(told) == {(key,): value for key, value in shown.items()}


def test_the_attack_succeeds_on_a_table_without_further_suppression(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted leak: only small counts are hidden. The attack finds it, and so does the check of the refresh."""
    monkeypatch.setattr(tables, "protect", lambda shape, counts, statuses, profile, before=None: statuses)
    built = tables.build(ONE, truth(ONE, {("a",): 5, ("b",): 1}), A, Profile(), None)
    assert list(attack([Told(ONE, built.frame, 5, 5)])) == [Found(0, cell(letter="b"), 1, 2)]
    assert audit.violations(ONE, built.frame, Profile()) == {"cases can be worked out": 1}


def test_the_attack_succeeds_on_two_tables_of_one_population() -> None:
    """A planted leaky table: each is safe alone, together they are not; the closed list refuses the second."""
    cells = {("a", "u"): 4, ("a", "v"): 4, ("b", "u"): 6, ("b", "v"): 6}
    two, one = table("letter", "sign"), table("letter", name="letters_monthly")
    first, _ = published(two, cells, Profile())
    second, _ = published(one, {("a",): 8, ("b",): 12}, Profile())
    assert words(first)["a", "all"] == "suppressed"
    assert list(attack([first])) == [] == list(attack([second]))
    leaks = list(attack([first, second]))
    assert {(found.cell, found.low, found.high) for found in leaks} == {
        (cell(letter="a", sign="u"), 4, 4),
        (cell(letter="a", sign="v"), 4, 4),
        (cell(letter="a"), 8, 8),
    }
    with pytest.raises(ClosedListError, match=r"counts the same as cases_monthly\.cases"):
        check((two, one))


def test_the_attack_succeeds_on_a_release_made_without_the_one_before() -> None:
    """A planted leak over time: what the second release hides beside the small count, the first has shown."""
    profile = Profile(5, 1)
    first, basis = published(ONE, {("a",): 7, ("b",): 5, ("c",): 30}, profile)
    later = {("a",): 7, ("b",): 4, ("c",): 30}
    forgetful, _ = published(ONE, later, profile)
    careful, _ = published(ONE, later, profile, before=basis)

    def unchanged(found: Cell) -> bool:
        return found in (cell(letter="a"), cell(letter="c"))

    assert Found(1, cell(letter="b"), 4, 4) in list(attack([first], [forgetful], unchanged=unchanged))
    assert list(attack([first], [careful], unchanged=unchanged)) == []
    assert words(careful) == {("a",): 7, ("b",): "small", ("c",): 30, ("all",): "suppressed"}


def test_what_did_not_change_is_published_as_before() -> None:
    first, basis = published(TWO, by_name([[4, 4, 20], [9, 1, 30]]), Profile())
    second, after = published(TWO, by_name([[4, 4, 20], [9, 1, 30]]), Profile(), before=basis)
    assert second.frame.equals(first.frame)
    assert after == basis


def test_a_month_that_cannot_be_told_safely_keeps_what_was_said_of_it() -> None:
    """One case moves from a to b, and every count was known: a and b could only have been 1 and 2, or 2 and 1."""
    known = {("a",): (2, Status.SHOWN), ("b",): (1, Status.SHOWN), ("all",): (3, Status.SHOWN)}
    before = Basis(Profile(5, 1), {ONE.definition(ONE.counts[0]): {MONTH: known}})
    built = tables.build(ONE, truth(ONE, {("a",): 1, ("b",): 2}), A, Profile(5, 1), before)
    assert list(built.frame["cases"]) == [2, 3, 1]
    assert list(built.frame["cases_status"]) == ["held"] * 3
    assert built.months == before.months


def test_a_new_profile_does_not_keep_what_the_old_one_said() -> None:
    known = {("a",): (2, Status.SHOWN), ("b",): (1, Status.SHOWN), ("all",): (3, Status.SHOWN)}
    before = Basis(Profile(5, 1), {ONE.definition(ONE.counts[0]): {MONTH: known}})
    built = tables.build(ONE, truth(ONE, {("a",): 1, ("b",): 2}), A, Profile(), before)
    assert list(built.frame["cases_status"]) == ["small"] * 3


def test_a_chain_without_a_case_is_one_row_of_nothing() -> None:
    told, _ = published(TWO, {}, Profile())
    assert words(told) == {("all", "all"): 0}


def test_hiding_goes_no_further_than_it_must() -> None:
    """In a table of large counts with one small one, one rectangle at most is hidden."""
    rows = [[40, 50, 60], [3, 70, 80], [90, 20, 30]]
    told, _ = published(TWO, by_name(rows), Profile(5, 1))
    hidden = sorted(key for key, value in words(told).items() if isinstance(value, str))
    assert len(hidden) == 4
    told, _ = published(TWO, by_name(rows), Profile())
    assert [key for key, value in words(told).items() if isinstance(value, str)] == [("b", "u")]


def cell(**named: str) -> Cell:
    return (TWO.population(TWO.counts[0]), date(2025, 1, 1), *sorted(named.items()))


def test_protection_is_the_same_every_time() -> None:
    shape = suppression.Shape(2, 2)
    counts = [3, 9, 12, 8, 2, 10, 11, 11, 22]
    first = [Profile(5, 1).first_status(one) for one in counts]
    assert suppression.protect(shape, counts, first, Profile(5, 1)) == suppression.protect(
        shape, counts, first, Profile(5, 1)
    )
