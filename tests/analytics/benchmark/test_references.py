"""Floor and engines give the published figures of the worked cases, and a difference does not pass unseen."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics.benchmark import floor_run
from analytics.benchmark.references import compare, duckdb_engine, inputs, pandas_engine, polars_engine
from tests.conftest import KEY

ENGINES = {"duckdb": duckdb_engine, "pandas": pandas_engine, "polars": polars_engine}


@pytest.fixture(scope="module")
def floor(examples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("floor") / "floor.duckdb"
    floor_run.run(examples_home / "deliveries", target, bytes.fromhex(KEY), "1GB", 2)
    return target


@pytest.fixture(scope="module")
def loaded(examples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    assert inputs.write(examples_home, folder)["application"] > 0
    return folder


def test_the_floor_writes_the_rows_and_columns_of_the_marts(examples_home: Path, floor: Path) -> None:
    with duckdb.connect(str(floor), read_only=True) as connection:
        for table in floor_run.TABLES:
            assert connection.execute(f"select count(*) from marts.{table}").fetchone() != (0,), table
    differing = floor_run.differences(examples_home / "published" / "chain.duckdb", floor)
    assert differing == dict.fromkeys(floor_run.TABLES, 0)


def test_a_row_or_a_column_that_differs_from_the_floor_is_counted(
    examples_home: Path, floor: Path, tmp_path: Path
) -> None:
    changed = Path(shutil.copy(floor, tmp_path / "changed.duckdb"))
    with duckdb.connect(str(changed)) as connection:
        first = "(select min(case_id) from marts.fct_stage_visit where visit_no = 2)"
        connection.execute(f"update marts.fct_stage_visit set days = days + 1 where visit_no = 2 and case_id = {first}")
        connection.execute("delete from marts.dim_case where case_id = (select min(case_id) from marts.dim_case)")
        connection.execute("alter table marts.fct_lead_time rename p95_days to p96_days")
    differing = floor_run.differences(examples_home / "published" / "chain.duckdb", changed)
    assert differing["dim_case"] == 1
    assert differing["fct_stage_visit"] == 2, "the row as we have it, and as the floor has it"
    assert differing["fct_lead_time"] > 0
    assert differing["fct_backlog_daily"] == 0


def test_the_content_hash_is_the_publications_own(examples_home: Path) -> None:
    published = examples_home / "published" / "chain.duckdb"
    hashes = {floor_run.content_hash(published, table) for table in floor_run.TABLES}
    assert len(hashes) == len(floor_run.TABLES)
    with pytest.raises(ValueError, match="no content hash of nothing"):
        floor_run.content_hash(published, "nothing")


def test_the_floor_refuses_more_than_one_delivery_of_a_partner(own_examples: Path, tmp_path: Path) -> None:
    (own_examples / "deliveries" / "coa" / "2025-08-01").mkdir()
    with pytest.raises(ValueError, match="one full delivery a partner"):
        floor_run.run(own_examples / "deliveries", tmp_path / "floor.duckdb", bytes.fromhex(KEY), "1GB", 2)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("figure", inputs.KEYS)
def test_an_engine_gives_the_published_figure(loaded: Path, engine: str, figure: str) -> None:
    module = ENGINES[engine]
    as_of_on = date.fromisoformat((loaded / "as_of_on").read_text())
    result = getattr(module, figure)(module.load(loaded), as_of_on)  # type: ignore[attr-defined]
    module.write(result, loaded / f"{engine}_{figure}.parquet")  # type: ignore[attr-defined]
    assert compare.differing_rows(loaded, engine, figure) == 0


def test_the_graph_of_rows_in_order_is_that_of_a_sorted_window(loaded: Path) -> None:
    connection = duckdb_engine.load(loaded)
    graph = duckdb_engine.graph(connection, date.max).execute("from figure order by all").fetchall()
    assert (
        graph
        == connection.execute(
            """with followed as (
            select activity, lead(activity) over of_case as next_activity,
                epoch_us(lead(happened_at) over of_case) - epoch_us(happened_at) as microseconds
            from event
            window of_case as (partition by case_no order by happened_at)
        )
        select activity, next_activity, count(*), sum(microseconds) / count(*) / 1000000
        from followed where next_activity is not null group by all order by all"""
        ).fetchall()
    )
    assert graph


def test_a_figure_that_is_off_by_one_or_missing_is_counted(loaded: Path) -> None:
    with duckdb.connect() as connection:
        for figure, column in (("stock", "stock"), ("lead_time", "median_days")):
            connection.execute(
                f"copy (select * replace ({column} + if(row_number() over () = 1, 1, 0) as {column}) "
                f"from '{loaded / f'published_{figure}.parquet'}' limit 20) "
                f"to '{loaded / f'wrong_{figure}.parquet'}'"
            )
            rows = connection.execute(f"select count(*) from '{loaded / f'published_{figure}.parquet'}'").fetchone()
            assert rows is not None
            assert compare.differing_rows(loaded, "wrong", figure) == 1 + max(0, rows[0] - 20)
