"""Sums, means, shares and quantiles: only on ten cases that the published count itself tells of."""

import pytest

from analytics.disclosure import tables
from analytics.disclosure.closed_list import OpenColumn
from analytics.disclosure.profile import Profile
from tests.analytics.disclosure.chains import A, count, table, truth

MEAN = OpenColumn("mean_days", "mean", "days", "cases", 1, "mean")
SUM = OpenColumn("paid_eur", "sum", "paid", "cases", 1000, "sum")
SHARE = OpenColumn("share_of_letter", "share", "sign", "cases", 0.01, "share")


def column(built: tables.Built, name: str) -> list[object]:
    """Value or word per row, in the order of the dimensions."""
    pairs = zip(built.frame[name], built.frame[f"{name}_status"], strict=True)
    return [word if value is None else value for value, word in pairs]


@pytest.mark.parametrize(
    ("cases", "profile", "told"),
    [
        (9, Profile(), "few_cases"),
        # 10 is published as 10, and so are 8, 9, 11 and 12: showing the mean would tell the 10 from the 9.
        (10, Profile(), "few_cases"),
        (13, Profile(), 41),
        (10, Profile(5, 1), 41),
        (9, Profile(5, 1), "few_cases"),
        (3, Profile(), "few_cases"),
        # Published as 10: 5 to 14.
        (14, Profile(5, 10), "few_cases"),
        (15, Profile(5, 10), 41),
    ],
)
def test_a_mean_needs_ten_cases_by_the_published_count(cases: int, profile: Profile, told: object) -> None:
    one = table("letter", columns=(count(), MEAN))
    built = tables.build(one, truth(one, {("a",): cases}, mean_days={("a",): 40.5, ("all",): 40.5}), A, profile, None)
    assert column(built, "mean_days") == [told, told]


def test_a_share_is_that_of_the_published_counts() -> None:
    two = table("letter", "sign", columns=(count(), SHARE))
    cells = {("a", "u"): 13, ("a", "v"): 7, ("b", "u"): 6, ("b", "v"): 2, ("c", "u"): 40, ("c", "v"): 3}
    built = tables.build(two, truth(two, cells), A, Profile(), None)
    told = dict(zip(built.frame.select("letter", "sign").iter_rows(), column(built, "share_of_letter"), strict=True))
    assert told["a", "u"] == 0.75
    assert told["a", "v"] == 0.25
    assert told["b", "u"] == "few_cases"
    assert told["c", "v"] == "suppressed", "a share of a hidden count would give it away"
    assert told["c", "u"] == 0.89, "40 of 45"


def test_a_hidden_sum_is_not_what_the_shown_ones_leave_of_the_total() -> None:
    one = table("letter", columns=(count(), SUM))
    cells = {("a",): 3, ("b",): 20, ("c",): 50}
    paid = {("a",): 4_000.0, ("b",): 30_000.0, ("c",): 70_000.0, ("all",): 104_000.0}
    built = tables.build(one, truth(one, cells, paid_eur=paid), A, Profile(), None)
    assert column(built, "paid_eur") == ["few_cases", 104_000, "suppressed", 70_000]


def test_a_sum_is_rounded() -> None:
    one = table("letter", columns=(count(), SUM))
    paid = {("a",): 4_499.99, ("b",): 5_500.0, ("all",): 9_999.99}
    built = tables.build(one, truth(one, {("a",): 20, ("b",): 20}, paid_eur=paid), A, Profile(), None)
    assert column(built, "paid_eur") == [4_000, 10_000, 6_000]


def test_a_statistic_of_nothing_is_empty() -> None:
    one = table("letter", columns=(count(), MEAN))
    built = tables.build(one, truth(one, {("a",): 20}, mean_days={}), A, Profile(), None)
    assert column(built, "mean_days") == ["few_cases", "few_cases"]
