"""The truth's stage visits against the oracle's plain reading of the delivered rows."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from analytics.simulation import simulate
from analytics.simulation.stages import STAGES
from tests.analytics.simulation.conftest import winter
from tests.oracle.reading import read_folder


@pytest.mark.parametrize("seed", [1, 2])
def test_the_true_visits_are_what_a_plain_reading_of_the_deliveries_gives(tmp_path: Path, seed: int) -> None:
    start, end = date(2022, 1, 1), date(2025, 1, 15)
    simulate(winter(tmp_path, cases=400, seed=seed, start=start, end=end, mess=False, plan="full"))
    reading = read_folder(tmp_path)
    found = {
        (case.case.zaaknummer, STAGES[visit.stage - 1], visit.entered_on, visit.left_on)
        for case in reading.cases.values()
        for visit in case.visits
    }
    rows = pl.read_csv(tmp_path / "truth" / "stage_visits.csv", try_parse_dates=True)
    true = {(f"Z{case:09d}", stage, entered, left) for case, stage, entered, left in rows.iter_rows()}
    assert len(true) > 1000
    assert true == found


def test_the_stock_of_a_day_is_that_of_the_day_before_plus_entered_minus_left(winter_history: Path) -> None:
    visits = pl.read_csv(winter_history / "truth" / "stage_visits.csv", try_parse_dates=True)
    stock = pl.read_csv(winter_history / "truth" / "stages_per_day.csv", try_parse_dates=True)
    entered = visits.group_by("stage", pl.col("entered_on").alias("day")).len("entered")
    left = visits.drop_nulls("left_on").group_by("stage", pl.col("left_on").alias("day")).len("left")
    flow = stock.join(entered, on=["stage", "day"], how="left").join(left, on=["stage", "day"], how="left").fill_null(0)
    flow = flow.sort("stage", "day").with_columns(before=pl.col("stock").shift(1).over("stage"))
    wrong = flow.drop_nulls("before").filter(
        pl.col("stock") != pl.col("before") + pl.col("entered").cast(pl.Int64) - pl.col("left").cast(pl.Int64)
    )
    assert wrong.is_empty()
