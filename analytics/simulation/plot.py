"""Draws docs/simulation.png: `python -m analytics.simulation.plot docs/simulation.png`.

Belongs here: the picture. Does not belong here: any number. Altair is a development dependency: nothing imports
this module.
"""

import sys
from pathlib import Path

import altair as alt
import polars as pl

from analytics.simulation.chain import make_chain
from analytics.simulation.compare import SIMULATED, series
from analytics.simulation.parameters import Parameters


def panel(rows: pl.DataFrame, measure: str) -> alt.LayerChart:
    """One measure: the simulated line, and the published points over it."""
    mine = rows.filter(pl.col("measure") == measure)
    drawn = mine.with_columns(pl.col("day").cast(pl.String))
    x = alt.X("day:T", title=None)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    line = (
        alt.Chart(drawn.filter(pl.col("source") == SIMULATED))
        .mark_line(color="#1f5f8b", strokeWidth=1.6)
        .encode(x=x, y=y)
    )
    points = (
        alt.Chart(drawn.filter(pl.col("source") != SIMULATED))
        .mark_point(filled=True, size=34, opacity=0.9)
        .encode(x=x, y=y, color=alt.Color("source:N", title=None, legend=alt.Legend(orient="bottom")))
    )
    return alt.layer(line, points).resolve_scale(color="independent").properties(title=measure, width=420, height=190)


def draw(target: Path, parameters: Parameters) -> None:
    """Simulate and write the picture; the ending of the name chooses the format."""
    rows = series(make_chain(parameters))
    charts = [panel(rows, measure) for measure in rows["measure"].unique(maintain_order=True)]
    pairs = [alt.hconcat(*charts[i : i + 2]).resolve_scale(color="independent") for i in range(0, len(charts), 2)]
    title = "Simulated chain (line, seed 1) against published figures (points)"
    picture = alt.vconcat(*pairs).resolve_scale(color="independent").properties(title=title)
    picture.configure_view(strokeWidth=0).save(str(target), scale_factor=1.5)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Parameters(out=Path("unused")))
