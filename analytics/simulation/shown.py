"""Which versions the deliveries of a partner show: in full on a reference date, or changed since the one before.

Belongs here: fulls and deltas as frames. Does not belong here: the delivery plan and files (`deliveries.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.tables import GONE_FROM, KNOWN_FROM, Layout, Table


@dataclass(frozen=True)
class Shown:
    """Versions of one part of an extract that some delivery shows, between which deliveries."""

    layout: Layout
    rows: pl.DataFrame
    """columns, `first` and `until` (positions of reference days), `is_new`; ordered by first, then key"""
    removed: pl.DataFrame
    """keys, `until`: rows withdrawn, ordered likewise"""

    def full(self, index: int) -> pl.DataFrame:
        """What stands on a reference day, by key."""
        until_then = self.rows.head(self.rows["first"].search_sorted(index, "right"))
        found = until_then.filter(pl.col("until") > index)
        return found.sort(list(self.layout.keys)) if index else found

    def changed(self, index: int) -> pl.DataFrame:
        """What is new or otherwise since the reference day before, with `mutatie`, by key."""
        first = self.rows["first"].search_sorted(index, "left")
        after = self.rows["first"].search_sorted(index, "right")
        return self.rows.slice(first, after - first).with_columns(
            mutatie=pl.when("is_new").then(pl.lit("T")).otherwise(pl.lit("G"))
        )

    def gone(self, index: int) -> pl.DataFrame:
        """Keys of what no longer stands since the reference day before, with `mutatie`."""
        first = self.removed["until"].search_sorted(index, "left")
        after = self.removed["until"].search_sorted(index, "right")
        return self.removed.slice(first, after - first).with_columns(mutatie=pl.lit("V"))


def shown_of(table: Table, days: npt.NDArray[np.int32]) -> Shown:
    """Versions between the reference days; what only stood between two of them is dropped."""
    keys = list(table.layout.keys)
    rows = table.versions
    same = pl.all_horizontal([pl.col(key) == pl.col(key).shift(-1) for key in keys]).fill_null(value=False)
    ends = pl.when(same).then(pl.min_horizontal(GONE_FROM, pl.col(KNOWN_FROM).shift(-1))).otherwise(pl.col(GONE_FROM))
    rows = rows.with_columns(ends.alias("known_until"))
    rows = rows.with_columns(
        first=pl.Series(np.searchsorted(days, rows[KNOWN_FROM].to_numpy(), "left").astype(np.int16)),
        until=pl.Series(np.searchsorted(days, rows["known_until"].to_numpy(), "left").astype(np.int16)),
    ).filter(pl.col("first") < pl.col("until"))
    follows = pl.all_horizontal([pl.col(key) == pl.col(key).shift(1) for key in keys]).fill_null(value=False)
    goes_on = pl.all_horizontal([pl.col(key) == pl.col(key).shift(-1) for key in keys]).fill_null(value=False)
    rows = rows.with_columns(
        is_new=~(follows & (pl.col("until").shift(1) == pl.col("first"))),
        removed=(pl.col("until") < len(days)) & ~(goes_on & (pl.col("first").shift(-1) == pl.col("until"))),
    )
    removed = rows.filter("removed").select(*keys, "until").sort("until", *keys)
    kept = rows.drop(KNOWN_FROM, GONE_FROM, "known_until", "removed")
    return Shown(table.layout, kept.sort("first", maintain_order=True), removed)
