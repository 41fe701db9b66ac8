"""What happens to a v_nummer that is typed by hand.

Belongs here: the damage of extracts.md's known mess. Does not belong here: whose number it is, or repairing it.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

DAMAGES = ("none", "absent", "swapped", "mistyped", "zeros_lost", "blanks", "dots")


def damaged(number: npt.NDArray[np.int64], damage: npt.NDArray[np.int8], place: npt.NDArray[np.int32]) -> pl.Series:
    """v_nummers as typed by hand: digits swapped or wrong, leading zeros lost, blanks or dots inside, or nothing."""
    digits = (number[:, None] // 10 ** np.arange(9, -1, -1)) % 10
    row = np.arange(len(number))
    swap, wrong = damage == 2, damage == 3
    left = digits[row, place]
    right = digits[row, place + 1]
    digits[row[swap], place[swap]] = right[swap]
    digits[row[swap], place[swap] + 1] = left[swap]
    digits[row[wrong], place[wrong]] = (left[wrong] + 1 + place[wrong] % 8) % 10
    text = pl.Series((digits * 10 ** np.arange(9, -1, -1)).sum(axis=1)).cast(pl.String).str.zfill(10)
    frame = pl.DataFrame({"v": text, "damage": damage})
    parts = (pl.col("v").str.slice(0, 4), pl.col("v").str.slice(4, 3), pl.col("v").str.slice(7, 3))
    return frame.select(
        pl.when(pl.col("damage") == 1)
        .then(None)
        .when(pl.col("damage") == 4)
        .then(pl.col("v").str.strip_chars_start("0"))
        .when(pl.col("damage") == 5)
        .then(pl.concat_str(parts, separator=" "))
        .when(pl.col("damage") == 6)
        .then(pl.concat_str(parts, separator="."))
        .otherwise(pl.col("v"))
        .alias("v_nummer")
    )["v_nummer"]
