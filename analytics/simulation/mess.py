"""The known mess of extracts.md that concerns time: what was recorded wrongly first, and corrected later, backdated.

Belongs here: wrong first versions, rows recorded by mistake and withdrawn. Does not belong here: damage that stays,
such as hand-typed numbers (`legal_aid.py`) or differing birth dates (`people.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER, Days
from analytics.simulation.draws import Draws
from analytics.simulation.tables import GONE_FROM, KNOWN_FROM, Layout, Table

_BY_MISTAKE = 90
"""volgnummers from here on are steps recorded by mistake"""


@dataclass(frozen=True)
class Correction:
    """How often a date is recorded wrongly at first, and how many days too early."""

    extract: str
    column: str
    share: float
    days: tuple[int, int]


CORRECTIONS = (
    Correction("beslissing", "datum_beslissing", 0.008, (1, 5)),
    Correction("processtap", "datum_gerealiseerd", 0.006, (1, 9)),
    Correction("toevoeging", "datum_ontvangst", 0.005, (1, 6)),
)


def rule_of(extract: str) -> Correction | None:
    """How an extract is recorded wrongly, if at all."""
    return next((c for c in CORRECTIONS if c.extract == extract), None)


def drawn(
    rule: Correction, draws: Draws, size: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """For every version whether its date may be wrong at first, by how many days, and for how many days."""
    return (
        draws.chance(f"corrected {rule.extract}", rule.share, size),
        draws.between(f"wrong by {rule.extract}", *rule.days, size),
        draws.between(f"corrected after {rule.extract}", 15, 90, size),
    )


def correct_later(table: Table, draws: Draws, applied: Days) -> tuple[Table, pl.DataFrame]:
    """Last versions that were wrong for 15 to 90 days: the wrong one stands first, the right one is backdated.

    A wrong day never lies before the application of its case (`applied`, by case). Returns the table, and one row a
    correction: extract, column, keys, wrong and right day, and when it was corrected.
    """
    rule = rule_of(table.layout.name)
    if rule is None:
        return table, pl.DataFrame()
    keys, rows = list(table.layout.keys), table.versions
    last = ~pl.all_horizontal([pl.col(key) == pl.col(key).shift(-1) for key in keys]).fill_null(value=False)
    some, back, later = (pl.Series(column) for column in drawn(rule, draws, len(rows)))
    case = rows["zaaknummer"].fill_null(1).to_numpy() - 1
    floor = pl.Series(
        np.where(rows["zaaknummer"].is_null().to_numpy(), -NEVER, applied[np.minimum(case, len(applied) - 1)])
    )
    possible = (pl.col(rule.column) - back >= floor) & (pl.col(rule.column) <= pl.col(KNOWN_FROM))
    rows = rows.with_columns(chosen=(some & last & possible).fill_null(value=False), back=back, later=later)
    wrong = rows.with_columns(
        pl.when("chosen").then(pl.col(rule.column) - pl.col("back")).otherwise(pl.col(rule.column)).alias(rule.column)
    )
    right = rows.filter("chosen").with_columns(pl.col(KNOWN_FROM) + pl.col("later"))
    extra = ["chosen", "back", "later"]
    both = pl.concat([wrong.drop(extra).with_columns(rank=0), right.drop(extra).with_columns(rank=1)], how="vertical")
    return Table(table.layout, both.sort([*keys, KNOWN_FROM, "rank"]).drop("rank")), truth_of(rule, right, table.layout)


def truth_of(rule: Correction, right: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """One row a correction, from the right versions and the days (`back`) that the wrong ones were too early."""
    return right.select(
        pl.lit(rule.extract).alias("extract"),
        pl.lit(rule.column).alias("column"),
        pl.concat_str([pl.col(key).cast(pl.String) for key in layout.keys], separator="/").alias("key"),
        (pl.col(rule.column) - pl.col("back")).cast(pl.Date).alias("wrong"),
        pl.col(rule.column).cast(pl.Date).alias("right"),
        pl.col(KNOWN_FROM).cast(pl.Date).alias("corrected_on"),
    )


def recorded_by_mistake(steps: Table, draws: Draws) -> Table:
    """Copies of realised steps under another volgnummer, withdrawn 5 to 60 days after they appeared."""
    rows = steps.versions
    chosen = rows.filter(
        pl.Series(draws.chance("by mistake", 0.002, len(rows))) & pl.col("datum_gerealiseerd").lt(1_000_000)
    )
    copies = chosen.unique("zaaknummer", keep="first", maintain_order=True)
    gone = pl.Series(draws.between("mistake seen", 5, 60, len(copies)).astype(np.int32))
    copies = copies.with_columns(
        pl.lit(_BY_MISTAKE).cast(rows["volgnummer"].dtype).alias("volgnummer"),
        (pl.col(KNOWN_FROM) + gone).alias(GONE_FROM),
    )
    return Table(steps.layout, pl.concat([rows, copies]).sort([*steps.layout.keys, KNOWN_FROM], maintain_order=True))
