"""Whether an engine's figure is the published one. Belongs here: comparing. Does not belong here: computing."""

import json
from pathlib import Path

import duckdb

from analytics.benchmark.references.inputs import KEYS

NEAR = 1e-5
"""published statistics are rounded to six decimals"""


def differing_rows(folder: Path, engine: str, figure: str) -> int:
    """Rows of an engine's figure that the published one has not or otherwise, and the other way round."""
    with duckdb.connect() as connection:
        ours = f"'{folder / f'published_{figure}.parquet'}'"
        columns = connection.execute(f"from {ours} limit 0").description
        keys = [column[0] for column in columns[: KEYS[figure]]]
        values = [column[0] for column in columns[KEYS[figure] :]]
        theirs = ", ".join(f"{_plain(name)} as {name}" for name in keys) + "".join(f", {name}" for name in values)
        differs = " or ".join(f"coalesce(abs(ours.{name} - theirs.{name}) > {NEAR}, true)" for name in values)
        counted = connection.execute(
            f"""select count(*) from {ours} as ours
            full join (select {theirs} from '{folder / f"{engine}_{figure}.parquet"}') as theirs
            using ({", ".join(keys)})
            where {differs}"""
        ).fetchone()
    assert counted is not None
    return int(counted[0])


def _plain(column: str) -> str:
    """A key as its type: engines write days as timestamps, and texts as dictionaries."""
    return f"{column}::date" if column in {"day", "month_start"} else f"{column}::varchar"


def differing_mined(folder: Path) -> dict[str, int]:
    """Durations and edges of pm4py that differ from DuckDB's of the same events."""
    mined = json.loads((folder / "pm4py_figures.json").read_text())
    with duckdb.connect() as connection:
        throughput = f"from '{folder / 'duckdb_throughput.parquet'}'"
        durations = [row[0] for row in connection.execute(f"select seconds {throughput} order by all").fetchall()]
        graph = f"from '{folder / 'duckdb_graph.parquet'}'"
        edges = connection.execute(f"select activity, next_activity, mean_seconds {graph} order by all").fetchall()
    return {
        "throughput": _unlike(durations, mined["durations"]),
        "graph": abs(len(edges) - len(mined["edges"]))
        + sum(
            (one[0], one[1]) != (other[0], other[1]) or abs(one[2] - other[2]) > NEAR * max(1.0, abs(one[2]))
            for one, other in zip(edges, mined["edges"], strict=False)
        ),
    }


def _unlike(one: list[float], other: list[float]) -> int:
    return abs(len(one) - len(other)) + sum(abs(a - b) > NEAR for a, b in zip(one, other, strict=False))
