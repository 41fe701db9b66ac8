"""The daily marts out of a few rows of what they read, in the order of their key."""

from datetime import date
from decimal import Decimal
from hashlib import md5
from typing import Any

import pytest

import contracts
from tests.dbt_project.compiled import of_given

DAY = date.fromisoformat
FOREVER = date(9999, 12, 31)
OF_ALL = {"application_kind": "first", "nationality_group": "other", "track": "spoor_4", "project": "none"}


def rows(header: str, *cells: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rows of columns named once; a text that is a day is one."""
    return [dict(zip(header.split(), row, strict=True)) for row in cells]


def of(found: list[dict[str, Any]], header: str) -> list[tuple[Any, ...]]:
    """These columns of the rows, as they lie."""
    return [tuple(row[name] for name in header.split()) for row in found]


def test_a_visit_is_in_stock_from_entering_to_the_eve_of_leaving_and_leaves_once() -> None:
    # in a mart pseudonyms are text
    visit = {"case_id": md5(b"z").hexdigest(), "visit_no": 1, "stage": "departure", "holder": "coa", **OF_ALL, "norm_days": 1}
    given = {
        "fct_stage_visit": [visit | {"entered_on": DAY("2021-01-01"), "left_on": DAY("2021-01-04")}],
        "impediment_span": rows("case_id from_on until_on", ("z", DAY("2021-01-02"), DAY("2021-01-03"))),
    }
    found = of_given("marts.fct_backlog_daily", given, DAY("2021-01-31"))
    assert of(found, "day stage stock entered_count left_count over_norm impeded") == [
        (DAY("2021-01-01"), "departure", 1, 1, 0, 0, 0),
        (DAY("2021-01-02"), "departure", 1, 0, 0, 0, 1),
        (DAY("2021-01-03"), "departure", 1, 0, 0, 1, 0),
        (DAY("2021-01-04"), "departure", 0, 0, 1, 0, 0),
    ]


def applications(*dated: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [
        {"case_id": f"z{no}", **OF_ALL, "applied_on": DAY(applied), "decided_on": DAY(decided) if decided else None}
        for no, (applied, decided) in enumerate(dated)
    ]


def test_an_application_decided_the_same_day_flows_but_is_never_in_stock() -> None:
    given = {"application": applications(("2021-01-02", "2021-01-02"), ("2021-01-02", "2021-01-03"))}
    found = of_given("marts.fct_ind_stock_daily", given, DAY("2021-01-31"))
    assert of(found, "day stock applications first_decisions residual on_time_share") == [
        (DAY("2021-01-02"), 1, 2, 1, 0, 1),
        (DAY("2021-01-03"), 0, 0, 1, 0, None),
    ]


def test_a_decision_before_its_application_shows_as_a_residual() -> None:
    given = {"application": applications(("2021-01-02", "2021-01-01"))}
    found = of_given("marts.fct_ind_stock_daily", given, DAY("2021-01-31"))
    assert of(found, "day stock applications first_decisions residual") == [
        (DAY("2021-01-01"), 0, 0, 1, 1),
        (DAY("2021-01-02"), 0, 1, 0, -1),
    ]


def test_ages_over_term_impediments_and_suspensions_count_within_the_stock_only() -> None:
    given = {
        "application": applications(("2020-08-31", "2021-03-03")),
        "over_term_span": rows(
            "case_id clock from_on until_on",
            ("z0", "as_applied", DAY("2021-03-02"), DAY("2021-03-03")),
            ("z0", "in_hindsight", DAY("2021-03-01"), DAY("2021-03-02")),
        ),
        "impediment_span": rows("case_id from_on until_on", ("z0", DAY("2021-03-01"), FOREVER)),
        "suspension_span": rows("case_id from_on until_on", ("z0", DAY("2020-01-01"), DAY("2020-09-01"))),
    }
    found = of_given("marts.fct_ind_stock_daily", given, DAY("2021-03-31"))
    measures = "day stock over_6_months over_term over_term_in_hindsight impeded suspended on_time_share"
    # six months after 31 August are 28 February
    assert [row for row in of(found, measures) if row[0].day in {31, 1, 2, 3} and row[0].month in {8, 3}] == [
        (DAY("2020-08-31"), 1, 0, 0, 0, 0, 1, 1),
        (DAY("2021-03-01"), 1, 1, 0, 1, 1, 0, 1),
        (DAY("2021-03-02"), 1, 1, 1, 0, 1, 0, 0),
        (DAY("2021-03-03"), 0, 0, 0, 0, 0, 0, None),
    ]
    assert len(found) == (DAY("2021-03-03") - DAY("2020-08-31")).days + 1


def in_reception() -> dict[str, list[dict[str, Any]]]:
    """Two residents, of whom one has no stay; and a tariff that changes."""
    status = "before_decision_in_term", "before_decision_over_term", "granted_over_norm"
    return {
        "resident_presence": rows(
            "resident_id person_id location_type municipality_code from_on until_on",
            ("r", "p", "NOODOPVANG", "GM0014", DAY("2025-07-30"), FOREVER),
            ("s", "q", "unknown", "unknown", DAY("2025-07-31"), FOREVER),
        ),
        "resident_status_span": rows(
            "person_id resident_status from_on until_on",
            ("p", status[0], DAY("2025-07-01"), DAY("2025-07-31")),
            ("p", status[1], DAY("2025-07-31"), FOREVER),
            ("q", status[2], DAY("2025-07-01"), FOREVER),
        ),
        "location_period": rows(
            "location_type municipality_code capacity from_on until_on",
            ("NOODOPVANG", "GM0014", 4, DAY("2020-01-01"), FOREVER),
        ),
        "bed_day_tariffs": rows(
            "location_type valid_from eur_per_day",
            ("*", DAY("2015-01-01"), 80),
            ("NOODOPVANG", DAY("2015-01-01"), 160),
            ("NOODOPVANG", DAY("2025-07-31"), Decimal("170.25")),
        ),
    }


MEASURES = "day location_type resident_status residents avoidable_bed_days avoidable_cost_eur capacity occupancy"


@pytest.mark.parametrize("threads", [1, 2])
def test_a_bed_day_is_avoidable_over_term_and_over_norm_at_the_tariff_of_its_location(threads: int) -> None:
    found = of_given("marts.fct_reception_daily", in_reception(), DAY("2025-07-31"), threads)
    assert of(found, MEASURES) == [
        (DAY("2025-07-30"), "NOODOPVANG", "all", 1, 0, 0, 4, 0.25),
        (DAY("2025-07-30"), "NOODOPVANG", "before_decision_in_term", 1, 0, 0, None, None),
        (DAY("2025-07-31"), "NOODOPVANG", "all", 1, 1, Decimal("170.25"), 4, 0.25),
        (DAY("2025-07-31"), "NOODOPVANG", "before_decision_over_term", 1, 1, Decimal("170.25"), None, None),
        (DAY("2025-07-31"), "unknown", "all", 1, 1, 80, 0, None),
        (DAY("2025-07-31"), "unknown", "granted_over_norm", 1, 1, 80, None, None),
    ]


def test_before_any_tariff_nobody_knows_what_a_bed_day_costs() -> None:
    given = in_reception() | {
        "bed_day_tariffs": rows(
            "location_type valid_from eur_per_day",
            ("*", DAY("2025-07-31"), 80),
            ("NOODOPVANG", DAY("2025-08-01"), 160),
        )
    }
    found = of_given("marts.fct_reception_daily", given, DAY("2025-07-31"))
    assert of(found, "avoidable_cost_eur") == [(None,), (None,), (80,), (80,), (80,), (80,)]


@pytest.mark.parametrize("mart", ["fct_reception_daily", "fct_backlog_daily", "fct_ind_stock_daily"])
def test_without_rows_a_mart_is_empty(mart: str) -> None:
    given = {"location_period": in_reception()["location_period"]}
    assert of_given(f"marts.{mart}", given, DAY("2025-07-31")) == []
    assert of_given(f"marts.{mart}", {}, DAY("2025-07-31")) == []


def test_the_tables_have_the_columns_of_their_contract() -> None:
    found = of_given("marts.fct_reception_daily", in_reception(), DAY("2025-07-31"))
    assert list(found[0]) == list(contracts.all()["marts.fct_reception_daily"].columns)
