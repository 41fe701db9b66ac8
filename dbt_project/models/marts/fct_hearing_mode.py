from typing import Any

import polars as pl

from analytics.hearing_effect import effects


def model(dbt: Any, session: Any) -> pl.DataFrame:
    """A bootstrap is not what SQL is the tool for; everything before it is (intermediate.hearing_landmark)."""
    dbt.config(materialized="table")
    return effects(dbt.ref("hearing_landmark").pl())
