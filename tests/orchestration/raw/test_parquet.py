"""Parquet of any type is read as the text that CSV would hold, and judged alike; no value of it stops the intake."""

import hashlib
import json
import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.orchestration.raw.conftest import query, states, take
from tests.orchestration.raw.test_bad_rows import AANVRAAG, application, deliver, quarantine

AMSTERDAM_MIDNIGHT = datetime.fromisoformat("2024-01-09T23:00:00+00:00")


def steps(**columns: pa.Array) -> pa.Table:
    """Four steps of one case, with other columns where they are given."""
    usual: dict[str, Any] = {
        "zaaknummer": ["Z000000001"] * 4,
        "volgnummer": [1, 2, 3, 4],
        "stap": ["RVT_START"] * 4,
        "status": ["GEREALISEERD"] * 4,
        "datum_gerealiseerd": [date(2024, 1, 10)] * 4,
    }
    return pa.table(usual | columns)


def deliver_steps(home: Path, table: pa.Table) -> None:
    """A full delivery of a case as CSV and its steps as Parquet."""
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    pq.write_table(table, folder / "processtap.parquet")
    content = (folder / "processtap.parquet").read_bytes()
    manifest = json.loads((folder / "datapackage.json").read_text())
    manifest["resources"].append(
        {
            "name": "processtap",
            "path": "processtap.parquet",
            "format": "parquet",
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "rows": table.num_rows,
        }
    )
    (folder / "datapackage.json").write_text(json.dumps(manifest))


def test_a_number_that_is_none_is_quarantined_with_its_row(home: Path) -> None:
    deliver_steps(home, steps(uren=pa.array([7.5, math.nan, math.inf, 1e300])))
    assert states(take(home)) == {"ind/2024-01-31": "in_force"}
    assert [(line, rules) for _, line, rules in quarantine(home)] == [
        (3, ["type:uren"]),
        (4, ["type:uren"]),
        (5, ["type:uren"]),
    ]


def test_a_moment_is_the_day_that_it_was_in_the_netherlands(home: Path) -> None:
    moments = pa.array([AMSTERDAM_MIDNIGHT] * 4, pa.timestamp("us", "UTC"))
    deliver_steps(home, steps(datum_gerealiseerd=moments))
    take(home)
    assert query(home, "select distinct datum_gerealiseerd from raw.ind__processtap") == [(date(2024, 1, 10),)]


def test_columns_are_found_whatever_their_case_and_whole_numbers_stay_whole(home: Path) -> None:
    table = steps(volgnummer=pa.array([1.0, 2.0, 3.0, 4.0]))
    deliver_steps(home, table.rename_columns([f" {name.upper()}" for name in table.column_names]))
    assert states(take(home)) == {"ind/2024-01-31": "in_force"}
    assert quarantine(home) == []
    assert query(home, "select volgnummer from raw.ind__processtap order by 1") == [(1,), (2,), (3,), (4,)]
