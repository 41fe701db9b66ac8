"""The comparison can fail: it notices a cell, a row and a case that differ in each table that it reads."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.oracle.compare import Published, differences, pseudonyms_of, told
from tests.oracle.compare_lead_time import lead_time_differences
from tests.oracle.reading import Reading, read_folder


@pytest.fixture(scope="module")
def reading(examples_home: Path) -> Reading:
    return read_folder(examples_home)


@pytest.fixture
def published(examples_home: Path, key: bytes, tmp_path: Path) -> Iterator[Published]:
    """A copy of the publication of the worked cases that a test may damage."""
    copy = tmp_path / "chain.duckdb"
    shutil.copyfile(examples_home / "published" / "chain.duckdb", copy)
    with duckdb.connect(str(copy)) as database:
        yield Published(database, pseudonyms_of(key))


def test_the_worked_cases_are_published_as_the_oracle_reads_them(published: Published, reading: Reading) -> None:
    found = differences(published, reading) + lead_time_differences(published, reading)
    assert not found, told(found)


@pytest.mark.parametrize(
    ("table", "damage"),
    [
        ("dim_case", "update marts.dim_case set deadline_in_hindsight = deadline_in_hindsight + 1"),
        ("dim_case", "insert into marts.dim_case from marts.dim_case limit 1"),
        ("persons", "update marts.dim_case set person_id = 'one'"),
        ("fct_stage_visit", "update marts.fct_stage_visit set left_on = null where visit_no = 1"),
        ("fct_stage_visit", "delete from marts.fct_stage_visit where visit_no = 2"),
        ("fct_ind_stock_daily", "update marts.fct_ind_stock_daily set over_term = over_term + 1"),
        ("fct_ind_stock_daily", "update marts.fct_ind_stock_daily set residual = 1"),
        ("fct_ind_stock_daily", "delete from marts.fct_ind_stock_daily where stock = 1"),
        ("fct_backlog_daily", "update marts.fct_backlog_daily set stage = 'departure' where day = '2025-07-31'"),
        ("fct_penalty_run", "update marts.fct_penalty_run set amount_if_undecided_90d_eur = 1"),
        ("fct_project_progress", "update marts.fct_project_progress set gap_to_target = gap_to_target + 0.001"),
    ],
)
def test_a_difference_is_found_and_named(table: str, damage: str, published: Published, reading: Reading) -> None:
    published.database.execute(damage)
    found = differences(published, reading)
    assert any(line.startswith(table) for line in found), told(found)


@pytest.mark.parametrize(
    "damage",
    [
        "update marts.fct_lead_time set km_median_days = km_median_days + 1",
        "update marts.fct_lead_time set incidence_365_share = null",
        "update marts.fct_lead_time set open_count = open_count + 1",
        "delete from marts.fct_lead_time where view = 'stock'",
        "insert into marts.fct_lead_time by name select * replace ('x' as group_value) from marts.fct_lead_time",
    ],
)
def test_a_lead_time_that_differs_is_found(damage: str, published: Published, reading: Reading) -> None:
    published.database.execute(damage)
    assert lead_time_differences(published, reading)


def test_a_case_that_nobody_published_is_named(published: Published, reading: Reading) -> None:
    known = {key: read for key, read in reading.cases.items() if key != "Z000000014"}
    fewer = Reading(date(2025, 7, 31), reading.rules, known, reading.linked)
    assert any("published, not in the oracle" in line for line in differences(published, fewer))
