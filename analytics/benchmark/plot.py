"""Draws docs/performance.png from the document of a benchmark.

Belongs here: the picture. Does not belong here: any number. Altair is a development dependency: only `page`, run as a
command, imports this module.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from analytics.benchmark.tables import ENGINES, RUNS


def _runs(document: Mapping[str, Any]) -> alt.Chart:
    """Seconds of each run by number of cases, both on a logarithmic scale: a straight line is a power."""
    rows = [
        {"cases": size["cases"], "seconds": size["runs"][name]["seconds"], "run": text}
        for size in document["sizes"]
        for name, text in RUNS.items()
        if name in size["runs"]
    ]
    sizes = sorted({row["cases"] for row in rows})
    return (
        alt.Chart(pl.DataFrame(rows))
        .mark_line(point=True, strokeWidth=1.6)
        .encode(
            x=alt.X("cases:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=sizes, format="~s")),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log")),
            color=alt.Color("run:N", title=None, sort=list(RUNS.values())),
        )
        .properties(title="seconds by number of cases", width=420, height=300)
    )


def _engines(document: Mapping[str, Any]) -> alt.Chart | None:
    """How many times as long as DuckDB each engine takes for the same figures."""
    rows = [
        {"cases": f"{size['cases']:,}", "order": size["cases"], "engine": title, "ratio": size["ratios"][name]}
        for size in document["sizes"]
        for engine, title in ENGINES.items()
        if (name := f"{engine}_to_duckdb") in size["ratios"]
    ]
    if not rows:
        return None
    cases = alt.X("cases:N", sort=alt.EncodingSortField("order"), axis=alt.Axis(labelAngle=0))
    return (
        alt.Chart(pl.DataFrame(rows))
        .mark_bar()
        .encode(
            x=cases,
            xOffset="engine:N",
            y=alt.Y("ratio:Q", title="times DuckDB's seconds"),
            color=alt.Color("engine:N", title=None),
        )
        .properties(title="the same figures by other engines", width=420, height=300)
    )


def draw(target: Path, document: Mapping[str, Any]) -> None:
    """Write the picture; the ending of the name chooses the format."""
    charts = [chart for chart in (_runs(document), _engines(document)) if chart is not None]
    picture = alt.hconcat(*charts).resolve_scale(color="independent")
    picture.configure_view(strokeWidth=0).save(str(target), scale_factor=1.5)
