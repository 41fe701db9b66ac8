"""A figure is found by the names that people give it, and what is declared of it stands in one place."""

import re

import pytest

import contracts
from contracts.columns import ColumnInfo
from contracts.dictionary import dictionary
from contracts.figures import UnknownFigureError, figures, find
from orchestration.explain import declared

COLUMNS = {name for contract in contracts.all().values() for name in contract.columns}
OTHER_NAMES = {
    *("target_stock", "start_on", "target_on", "eur_per_day", "administrative_maximum_days", "grace_days"),
    *("exposure_days", "spoor_1"),
}
"""What a formula names beside columns: columns and settings of rule tables, and a code."""


@pytest.mark.parametrize(
    "name",
    [
        "fct_stage_visit.days_over_norm",
        "marts.fct_stage_visit.days_over_norm",
        " FCT_STAGE_VISIT.days_over_norm ",
    ],
)
def test_a_figure_is_found_by_mart_and_column(name: str) -> None:
    assert find(name).name == "marts.fct_stage_visit.days_over_norm"


def test_a_column_that_one_mart_alone_has_needs_no_mart() -> None:
    assert find("gap_to_target").name == "marts.fct_project_progress.gap_to_target"


def test_a_mart_is_a_figure_as_a_whole() -> None:
    assert find("fct_freshness").name == "marts.fct_freshness"
    assert find("fct_freshness").column is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stock", "3 marts have a column stock; say which: fct_backlog_daily.stock, fct_ind_stock_daily.stock, fct_s"),
        ("gap_to_targt", "no mart or column is named gap_to_targt; nearest: gap_to_target"),
        ("fct_freshnes", "no mart or column is named fct_freshnes; nearest: fct_freshness"),
        ("fct_nothing.stock", "there is no mart fct_nothing; "),
        ("fct_freshness.days_behnd", "fct_freshness has no column days_behnd; nearest: days_behind"),
        ("dim_case.nosuch", "dim_case has no column nosuch; there are: case_id, "),
        ("fct_stage_visit.on_time_share", "fct_stage_visit has no column on_time_share; there is fct_ind_stock_daily."),
        ("fct_stock_profile.over_term", "it is a value of fct_stock_profile.term_status: name a figure, and give --wh"),
        ("granted_over_norm", "it is a value of fct_reception_daily.resident_status"),
    ],
)
def test_a_name_that_fits_nothing_or_too_much_is_answered_with_what_fits(name: str, said: str) -> None:
    with pytest.raises(UnknownFigureError, match=re.escape(said)):
        find(name)


@pytest.mark.parametrize("field", ["unit", "formula", "denominator", "source"])
def test_what_is_declared_of_a_figure_shows_in_comment_dictionary_and_explain(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = contracts.all()["marts.fct_timeliness_monthly"]
    assert "swans" not in dictionary()
    monkeypatch.setitem(contract.to_schema().columns["in_term_share"].metadata, field, "swans of the lake")
    (comment,) = [one for one in contract.comments_sql() if '"in_term_share" is' in one]
    assert f"{field.capitalize()}: swans of the lake." in comment
    (line,) = [one for one in dictionary().splitlines() if "swans of the lake" in one]
    assert line.startswith("| `in_term_share` |")
    assert declared(find("fct_timeliness_monthly.in_term_share"))[field] == "swans of the lake"


def test_a_changed_definition_shows_in_comment_dictionary_and_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = contracts.all()["marts.fct_timeliness_monthly"]
    monkeypatch.setattr(contract.to_schema().columns["in_term_share"], "description", "swans of the lake")
    assert any("is 'swans of the lake. Formula:" in one for one in contract.comments_sql())
    assert "| swans of the lake |" in dictionary()
    assert declared(find("fct_timeliness_monthly.in_term_share"))["definition"] == "swans of the lake"


def is_ratio(info: ColumnInfo) -> bool:
    """Shares, means and quantiles: a number that means nothing without what it is of."""
    return info.unit in {"share", "ratio"} or re.match(r"mean_|median_|p\d+_|km_|incidence_", info.name) is not None


def test_every_share_mean_and_quantile_says_how_it_is_computed_and_of_what() -> None:
    ratios = [one for one in figures() if one.column and is_ratio(one.column)]
    assert len(ratios) > 40
    assert [one.name for one in ratios if not (one.column and one.column.formula and one.column.denominator)] == []


def test_every_float_says_how_it_is_computed() -> None:
    floats = [one for one in figures() if one.column and one.column.type == "DOUBLE"]
    assert [one.name for one in floats if not (one.column and one.column.formula)] == []


def test_formulas_name_only_columns_that_exist() -> None:
    named = {
        word: one.name
        for one in figures()
        if one.column
        for word in re.findall(
            r"\b[a-z]+(?:_[a-z0-9]+)+\b", f"{one.column.formula or ''} {one.column.denominator or ''}"
        )
    }
    assert {word: name for word, name in named.items() if word not in COLUMNS | OTHER_NAMES} == {}


def test_a_source_is_followed_through_the_columns_that_a_figure_is_computed_from() -> None:
    # in_term_share <- decided_in_term <- dim_case.deadline_as_applied
    assert find("fct_timeliness_monthly.in_term_share").sources() == {
        *("rules.statutory_terms", "ind.termijnmutatie", "ind.aanvraag")
    }
    # outstanding_eur <- amount_accrued_eur <- days_accrued <- starts_on <- notice_on <- the term
    assert find("fct_penalty_run.outstanding_eur").sources() >= {
        *("rules.penalty_tariffs", "rules.penalty_settings", "rules.statutory_terms"),
        *("ind.dwangsombetaling", "ind.ingebrekestelling"),
    }
