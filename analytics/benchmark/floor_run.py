"""The floor: one hand-written script (`floor/*.sql`) from delivered files to five marts, with nothing around it.

Belongs here: running the script, and comparing its tables with those of a publication. Does not belong here: what is
measured (`suite`).

The script reads one full delivery a partner and writes the rows and columns of TABLES, with the same keyed pseudonyms;
it checks no contract and keeps no history. `python -m analytics.benchmark.floor_run` is its own process, so that the
floor pays for a start of Python as we do.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
from dateutil.easter import easter

SCRIPT = Path(__file__).parent / "floor"
SEEDS = Path(__file__).parent.parent.parent / "dbt_project" / "seeds"
TABLES = ("dim_case", "fct_stage_visit", "fct_backlog_daily", "fct_ind_stock_daily", "fct_lead_time")
BLOCK = 64
"""bytes of a block of SHA-256, to which HMAC pads its key"""


def run(deliveries: Path, target: Path, key: bytes, memory_limit: str, threads: int) -> dict[str, float]:
    """Write the five marts into the database `target`; returns the seconds that each part of the script took."""
    folders = {partner: sorted((deliveries / partner).iterdir()) for partner in ("ind", "coa", "rvr")}
    for partner, found in folders.items():
        if len(found) != 1:
            raise ValueError(f"the floor reads one full delivery a partner: {deliveries / partner} has {len(found)}")
    padded = key.ljust(BLOCK, b"\0")
    variables = {
        **{partner: f"'{found[0]}'" for partner, found in folders.items()},
        "seeds": f"'{SEEDS}'",
        "as_of_on": f"date '{folders['ind'][0].name}'",
        "inner_pad": f"unhex('{bytes(byte ^ 0x36 for byte in padded).hex()}')",
        "outer_pad": f"unhex('{bytes(byte ^ 0x5C for byte in padded).hex()}')",
    }
    with duckdb.connect(str(target), config={"memory_limit": memory_limit, "threads": threads}) as connection:
        for name, value in variables.items():
            connection.execute(f"set variable {name} = {value}")
        easters = pl.DataFrame({"year": range(1990, 2101), "easter_on": [easter(year) for year in range(1990, 2101)]})
        connection.execute("create schema marts")
        connection.register("easter", easters)
        seconds = {}
        for part in sorted(SCRIPT.glob("*.sql")):
            begun = time.perf_counter()
            # one at a time: DuckDB's parser keeps the named windows of the statements before
            for statement in part.read_text().split(";\n"):
                connection.execute(statement)
            seconds[part.stem] = time.perf_counter() - begun
        connection.execute("checkpoint")
    return seconds


def differences(ours: Path, floor: Path) -> dict[str, int]:
    """Rows that only one of two databases has, per table; a table with other columns counts all of its rows."""
    with duckdb.connect() as connection:
        for name, file in (("ours", ours), ("floor", floor)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        return {table: _differing(connection, table) for table in TABLES}


def content_hash(published: Path, table: str) -> str:
    """The hash that a publication states of a mart's rows."""
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute(
            "select value from marts._metadata where key = ?", [f"content_hash.{table}"]
        ).fetchone()
    if found is None:
        raise ValueError(f"{published} states no content hash of {table}")
    return str(found[0])


def _differing(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    columns = [
        [column[0] for column in connection.execute(f"from {name}.marts.{table} limit 0").description]
        for name in ("ours", "floor")
    ]
    one, other = f"from ours.marts.{table}", f"from floor.marts.{table}"
    if columns[0] != columns[1]:
        counted = connection.execute(f"select count(*) {one}").fetchone()
    else:
        counted = connection.execute(
            f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
        ).fetchone()
    assert counted is not None
    return int(counted[0])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for argument in ("deliveries", "target"):
        parser.add_argument(argument, type=Path)
    parser.add_argument("key", type=bytes.fromhex)
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    told = run(given.deliveries, given.target, given.key, given.memory_limit, given.threads)
    sys.stdout.write(json.dumps(told) + "\n")
