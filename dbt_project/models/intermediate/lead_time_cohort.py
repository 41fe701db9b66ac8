from typing import Any

import pyarrow as pa

from analytics.lead_time import cohort
from analytics.lead_time.intervals import Intervals


def model(dbt: Any, session: Any) -> pa.Table:
    """Running sums of millions of sorted rows are not what SQL is the tool for (docs/decisions/0008)."""
    dbt.config(materialized="table")
    ((as_of,),) = dbt.source("raw", "as_of").fetchall()
    segments = Intervals.by_segment(dbt.ref("lead_time_interval"), dbt.ref("lead_time_series"), as_of)
    return pa.concat_tables([cohort.schema().empty_table(), *map(cohort.table, segments)])
