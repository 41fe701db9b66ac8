"""What a release's open counts rest on: true counts with their statuses, kept for the release that follows.

Belongs here: the form of the file. Does not belong here: where it lies; never below `open/`, for it holds true counts.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from analytics.disclosure.profile import Profile, Status

SCHEMA = {
    "definition": pl.String,
    "month_start": pl.Date,
    "first": pl.String,
    "second": pl.String,
    "count": pl.Int64,
    "status": pl.Int64,
    "threshold": pl.Int64,
    "rounding": pl.Int64,
}

Key = tuple[str, ...]
"""The values of the dimensions."""
Month = dict[Key, tuple[int, Status]]
"""Count and status of every combination that is not 0."""


@dataclass(frozen=True)
class Basis:
    """One release: its profile, and per definition of a count its months."""

    profile: Profile
    months: Mapping[str, Mapping[date, Month]] = field(default_factory=dict)

    def save(self, file: Path) -> None:
        """Write, sorted, so that equal releases give equal files."""
        rows = [
            (definition, month, key[0], key[1] if len(key) > 1 else None, count, int(status))
            for definition, months in self.months.items()
            for month, cells in months.items()
            for key, (count, status) in cells.items()
        ]
        settings = (self.profile.threshold, self.profile.rounding)
        frame = pl.DataFrame([(*row, *settings) for row in sorted(rows, key=str)], schema=SCHEMA, orient="row")
        frame.write_parquet(file)


def load(file: Path) -> Basis | None:
    """The basis of a release; None where it has none, or one without any count."""
    if not file.exists():
        return None
    frame = pl.read_parquet(file)
    if frame.is_empty():
        return None
    months: dict[str, dict[date, Month]] = defaultdict(lambda: defaultdict(dict))
    for definition, month, first, second, count, status, _, _ in frame.iter_rows():
        key = (first,) if second is None else (first, second)
        months[definition][month][key] = (count, Status(status))
    threshold, rounding = frame.row(0)[-2:]
    return Basis(Profile(threshold, rounding), months)
