"""Open data of a published home: files, what they say, and that a leak stops the release."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import jsonschema
import polars as pl
import pytest

from analytics.disclosure import cells, tables
from analytics.disclosure.closed_list import read
from orchestration import open_data
from orchestration.metadata import SEEDS
from orchestration.refresh import refresh
from orchestration.resources import Workspace
from orchestration.settings import Paths, SettingsError, load
from tests.analytics.disclosure.attack import Told, attack

DESCRIPTOR = {
    "type": "object",
    "required": ["name", "resources"],
    "properties": {
        "name": {"pattern": "^[-a-z0-9._/]+$"},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path"],
                "properties": {
                    "name": {"pattern": "^[-a-z0-9._/]+$"},
                    "path": {"pattern": "^(?!.*\\.\\.)[^/].*$"},
                    "hash": {"pattern": "^sha256:[0-9a-f]{64}$"},
                    "schema": {
                        "required": ["fields"],
                        "properties": {
                            "fields": {
                                "items": {
                                    "required": ["name", "type"],
                                    "properties": {"type": {"enum": ["string", "integer", "number", "date"]}},
                                }
                            }
                        },
                    },
                },
            },
        },
    },
}
"""What the Data Package specification (v1) asks of a descriptor like ours."""


@pytest.fixture(scope="module")
def folder(examples_home: Path) -> Path:
    return examples_home / "published" / "open"


@pytest.fixture(scope="module")
def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text())
    return found


def test_the_folder_holds_each_table_as_parquet_and_csv_and_a_descriptor(folder: Path) -> None:
    files = {f"{table.name}{suffix}" for table in read(SEEDS) for suffix in (".csv", ".parquet")}
    assert {file.name for file in folder.iterdir()} == files | {"datapackage.json"}
    assert folder.is_symlink()
    assert folder.resolve().parent == (folder.parent / "current").resolve()


def test_the_descriptor_says_what_lies_beside_it(folder: Path, package: dict[str, Any]) -> None:
    jsonschema.validate(package, DESCRIPTOR)
    assert {one["path"] for one in package["resources"]} == {one.name for one in folder.glob("*_monthly.*")}
    for one in package["resources"]:
        content = (folder / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        if one["format"] == "csv":
            assert content.decode().splitlines()[0].split(",") == [field["name"] for field in one["schema"]["fields"]]
            assert one["schema"]["primaryKey"][0] == "month_start"


def test_csv_and_parquet_hold_the_same(folder: Path) -> None:
    for table in read(SEEDS):
        parquet = pl.read_parquet(folder / f"{table.name}.parquet")
        assert pl.read_csv(folder / f"{table.name}.csv", schema=parquet.schema).equals(parquet)


def test_counts_are_those_of_the_marts_rounded_or_hidden(examples_home: Path, folder: Path) -> None:
    with duckdb.connect(str(examples_home / "published" / "chain.duckdb"), read_only=True) as connection:
        true = {
            row[:3]: row[3]
            for row in connection.execute(
                "select date_trunc('month', applied_on)::date, application_kind, nationality_group, count(*) "
                "from marts.dim_case group by all"
            ).fetchall()
        }
    rows = pl.read_parquet(folder / "applications_monthly.parquet").iter_rows()
    inner = [row for row in rows if "all" not in row[1:3]]
    assert {row[:3] for row in inner} >= true.keys()
    for *key, value, status in inner:
        count = true.get(tuple(key), 0)
        assert (status == "small" and count in range(1, 5)) or status == "suppressed" or value == (count + 2) // 5 * 5


@pytest.mark.parametrize(
    ("table", "count", "elsewhere"),
    [
        (
            "chain_stock_monthly",
            "open_cases",
            "select month_start, stock_end from marts.fct_flow_monthly "
            "where flow = 'chain' and application_kind = 'all'",
        ),
        (
            "decisions_monthly",
            "decisions",
            "select month_start, sum(decided)::bigint from marts.fct_timeliness_monthly group by all",
        ),
        (
            "reception_monthly",
            "residents",
            "select date_trunc('month', day)::date, sum(residents)::bigint from marts.fct_reception_daily "
            "where resident_status = 'all' and (day = last_day(day) or day = date '2025-07-31') group by all",
        ),
        (
            "penalties_monthly",
            "runs_started",
            "select month_start, sum(runs_started)::bigint from marts.fct_penalty_monthly group by all",
        ),
    ],
)
def test_true_totals_are_those_that_other_marts_give(
    examples_home: Path, table: str, count: str, elsewhere: str
) -> None:
    listed = next(one for one in read(SEEDS) if one.name == table)
    with duckdb.connect(str(examples_home / "published" / "chain.duckdb"), read_only=True) as connection:
        true = cells.true_cells(connection, listed, date(2025, 7, 31))
        expected = {month: number for month, number in connection.execute(elsewhere).fetchall() if number}
    totals = true.filter(pl.all_horizontal(pl.col(name) == "all" for name in listed.dimensions))
    assert expected
    assert {month: number for month, number in totals.select("month_start", count).iter_rows() if number} == expected


def test_the_attack_on_the_published_files_fails(folder: Path) -> None:
    """On the months with most hidden counts; every month is in the property tests' reach."""
    assert list(attack([_busiest(told) for told in _download(folder)])) == []


def _download(folder: Path) -> Sequence[Told]:
    return [Told(table, pl.read_parquet(folder / f"{table.name}.parquet"), 5, 5) for table in read(SEEDS)]


def _busiest(told: Told, months: int = 2) -> Told:
    hidden = told.frame.filter(pl.any_horizontal(pl.col(count.name).is_null() for count in told.table.counts))
    busiest = hidden["month_start"].value_counts().sort(["count", "month_start"], descending=True)["month_start"]
    return told._replace(frame=told.frame.filter(pl.col("month_start").is_in(busiest[:months].implode())))


@pytest.fixture
def checked_marts(own_examples: Path) -> Path:
    """A home whose marts are built and checked, as the open tables find it."""
    paths = Paths(own_examples)
    paths.build.write_bytes(paths.chain.read_bytes())
    return own_examples


def test_the_next_release_of_equal_figures_is_equal(checked_marts: Path) -> None:
    assert _materialise(checked_marts).success
    for file in (checked_marts / "work" / "build" / "open").iterdir():
        assert file.read_bytes() == (checked_marts / "published" / "open" / file.name).read_bytes()


def test_a_leak_stops_the_release(checked_marts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checked_marts / "published" / "current" / "open_basis.parquet").unlink()
    monkeypatch.setattr(tables, "protect", lambda shape, counts, statuses, *profile, **before: list(statuses))
    result = _materialise(checked_marts)
    assert not result.success
    broken = [one for one in result.get_asset_check_evaluations() if not one.passed]
    assert {one.check_name for one in broken} == {open_data.CHECK}
    assert any("can be worked out" in name for one in broken for name in one.metadata)


def _materialise(home: Path) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [open_data.assets(upstream=[])], resources={"workspace": Workspace(home=str(home))}, raise_on_error=False
    )


@pytest.mark.parametrize(("name", "value"), [("THRESHOLD", "4"), ("ROUNDING", "3")])
def test_a_profile_that_does_not_exist_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"KETENZICHT_OPEN_{name}", value)
    with pytest.raises(SettingsError, match=f"KETENZICHT_OPEN_{name}: .*must be one of"):
        load()


def test_a_closed_list_that_asks_too_much_is_an_error_that_names_its_file(
    parsed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("open_tables.csv", "open_columns.csv"):
        (seeds / name).write_text((SEEDS / name).read_text().replace("nationality_group", "person_id"))
    monkeypatch.setattr(open_data, "SEEDS", seeds)
    result = refresh(load(parsed_home))
    assert result.exit_code == 1
    assert result.lines == (
        "open_tables.csv, applications_monthly: person_id is a key, a day or a revision: correct the row",
    )
