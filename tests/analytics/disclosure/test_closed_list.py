"""What the closed list refuses, and what it holds."""

from dataclasses import replace

import pytest

from analytics.disclosure.closed_list import ClosedListError, OpenColumn, OpenTable, check, read
from orchestration.metadata import SEEDS
from tests.analytics.disclosure.chains import count, table


def test_the_closed_list_is_eight_monthly_tables_of_at_most_two_dimensions() -> None:
    tables = read(SEEDS)
    assert len(tables) <= 8
    assert all(1 <= len(one.dimensions) <= 2 and one.counts for one in tables)
    assert all(column.description for one in tables for column in one.columns)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (table("a", "b", "c"), "no dimension or more than two"),
        (table("a", name="cases_daily"), "its name does not end in _monthly"),
        (table("case_id"), "case_id is a key, a day or a revision"),
        (table("day"), "day is a key, a day or a revision"),
        (table("a", columns=(count("revision"),)), "revision is a key, a day or a revision"),
        (replace(table("a"), source="fct_restatement"), "fct_restatement is no source of open data"),
        (table("a", columns=()), "no count"),
        (table("a", columns=(count(), count(measure="2"))), "cases is twice there"),
        (table("a", columns=(count(), OpenColumn("m", "mean", "x", None, 1, ""))), "m rests on None, no count here"),
        (table("a", columns=(count(), OpenColumn("m", "mode", "x", "cases", 1, ""))), "kind mode is none of"),
        (table("a", columns=(count(), OpenColumn("m", "mean", "x", "cases", 0, ""))), "m has nothing to round to"),
        (table("a", columns=(count(), OpenColumn("m", "share", "b", "cases", 1, ""))), "m is a share along b"),
    ],
)
def test_what_must_not_be_published_is_refused(one: OpenTable, why: str) -> None:
    with pytest.raises(ClosedListError, match=why):
        check((one,))


def test_a_ninth_table_is_refused() -> None:
    tables = tuple(table("a", name=f"t{n}_monthly", columns=(count(measure=str(n)),)) for n in range(9))
    check(tables[:8])
    with pytest.raises(ClosedListError, match="9 tables; at most 8"):
        check(tables)
