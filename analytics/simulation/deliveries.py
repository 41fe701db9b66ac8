"""From versions to folders: which delivery shows what, as full content or as difference, with its manifest.

Belongs here: the delivery plan, deltas, files and manifests. Does not belong here: the content of a row.
"""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import day, month_start, to_date
from analytics.simulation.figures import months_between
from analytics.simulation.parameters import Parameters
from analytics.simulation.tables import GONE_FROM, KNOWN_FROM, Table, text_of

PARTNERS = ("ind", "coa", "rvr")
_DAILY = 6
_DROPPED_SHARE = 0.02
_LEAVES = ("huisvesting", "processtap", "toevoeging")
"""extracts that nothing refers to: a first delivery that is redelivered lacks some of their rows"""


@dataclass(frozen=True)
class Delivery:
    """One folder to write."""

    partner: str
    reference: int
    sequence: int
    mode: str
    base: str | None
    index: int
    """position of the reference date among the partner's"""
    incomplete: bool = False

    @property
    def name(self) -> str:
        """Name of the folder."""
        return to_date(self.reference).isoformat() + (f".{self.sequence}" if self.sequence > 1 else "")


def reference_days(parameters: Parameters, partner: str) -> npt.NDArray[np.int32]:
    """Month ends, then every day of the last week; RvR delivers on Mondays in that week."""
    end = day(parameters.end)
    if parameters.plan == "full":
        return np.array([end], dtype=np.int32)
    months = months_between(parameters.start, parameters.end)
    days = [int(month_start(month + 1)) - 1 for month in months]
    if parameters.plan == "monthly":
        return np.array([*(d for d in days if d < end), end], dtype=np.int32)
    days = [d for d in days if d < end - _DAILY]
    week = list(range(max(end - _DAILY, day(parameters.start)), end + 1))
    if partner == "rvr":
        week = [d for d in week if to_date(d).weekday() == 0]
    return np.array(days + week or [end], dtype=np.int32)


def plan(parameters: Parameters, partner: str) -> list[Delivery]:
    """A full delivery first and another after two fifths of the dates; two dates were delivered again.

    Of the plan `monthly` only the first is full, and none comes again.
    """
    days = reference_days(parameters, partner)
    has_turns = parameters.plan == "history"
    again = {len(days) // 3, len(days) * 3 // 4} if has_turns and len(days) >= 12 else set()
    full = {0, len(days) * 2 // 5} if has_turns else {0}
    result: list[Delivery] = []
    base: str | None = None
    for index, reference in enumerate(days):
        mode = "full" if index in full else "delta"
        sequences = (1, 2) if index in again else (1,)
        for sequence in sequences:
            result.append(
                Delivery(
                    partner,
                    int(reference),
                    sequence,
                    mode,
                    base if mode == "delta" else None,
                    index,
                    sequence < len(sequences),
                )
            )
        base = result[-1].name
    return result


@dataclass(frozen=True)
class _Shown:
    """Versions of one extract that some delivery shows, between which deliveries."""

    table: Table
    rows: pl.DataFrame
    """columns, `first` and `until` (positions of reference days), `is_new`; ordered by first, then key"""
    removed: pl.DataFrame
    """keys, `until`: rows withdrawn, ordered likewise"""

    def full(self, index: int) -> pl.DataFrame:
        keys = list(self.table.layout.keys)
        return self.rows.filter((pl.col("first") <= index) & (pl.col("until") > index)).sort(keys)

    def changes(self, index: int) -> pl.DataFrame:
        first = self.rows["first"].search_sorted(index, "left")
        after = self.rows["first"].search_sorted(index, "right")
        changed = self.rows.slice(first, after - first).with_columns(
            mutatie=pl.when("is_new").then(pl.lit("T")).otherwise(pl.lit("G"))
        )
        gone_first = self.removed["until"].search_sorted(index, "left")
        gone_after = self.removed["until"].search_sorted(index, "right")
        gone = self.removed.slice(gone_first, gone_after - gone_first).with_columns(mutatie=pl.lit("V"))
        return pl.concat([changed, gone], how="diagonal")


def _shown(table: Table, days: npt.NDArray[np.int32]) -> _Shown:
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
    return _Shown(table, kept.sort("first", maintain_order=True), removed)


def _written(frame: pl.DataFrame, table: Table, delta: bool) -> pl.DataFrame:
    columns = [text_of(name, kind) for name, kind in table.layout.columns.items()]
    return frame.select(([pl.col("mutatie")] if delta else []) + columns)


def _file(frame: pl.DataFrame, path: Path) -> dict[str, object]:
    frame.write_csv(path, separator=";", float_precision=2)
    return resource(path, len(frame))


def resource(path: Path, rows: int) -> dict[str, object]:
    """What a manifest says of a csv file as these deliveries write it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": path.stem,
        "path": path.name,
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "decimalChar": "."},
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "rows": rows,
    }


def write_manifest(folder: Path, delivery: Delivery, resources: list[dict[str, object]]) -> None:
    """The data package, written last; `created` is the evening of the reference date."""
    reference = to_date(delivery.reference).isoformat()
    manifest: dict[str, object] = {
        "name": f"{delivery.partner}-{delivery.name}",
        "created": f"{reference}T23:59:00+01:00",
        "partner": delivery.partner,
        "reference_date": reference,
        "mode": delivery.mode,
    }
    if delivery.base is not None:
        manifest["base"] = delivery.base
    manifest |= {"contract": "1.0", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _write(delivery: Delivery, shown: list[_Shown], out: Path) -> tuple[int, int]:
    folder = out / "deliveries" / delivery.partner / delivery.name
    folder.mkdir(parents=True)
    resources = []
    for extract in shown:
        delta = delivery.mode == "delta"
        rows = extract.changes(delivery.index) if delta else extract.full(delivery.index)
        if delta and rows.is_empty():
            continue
        if delivery.incomplete and extract.table.layout.name in _LEAVES:
            rows = rows.head(len(rows) - math.ceil(len(rows) * _DROPPED_SHARE))
        frame = _written(rows, extract.table, delta)
        resources.append(_file(frame, folder / f"{extract.table.layout.name}.csv"))
    write_manifest(folder, delivery, resources)
    return sum(int(str(r["rows"])) for r in resources), sum(int(str(r["bytes"])) for r in resources)


def write_partner(partner: str, tables: Iterator[Table], parameters: Parameters) -> tuple[int, int, int]:
    """All deliveries of one partner. Returns deliveries, rows and bytes written."""
    days = reference_days(parameters, partner)
    shown = [_shown(table, days) for table in tables]
    rows = size = 0
    deliveries = plan(parameters, partner)
    for delivery in deliveries:
        more_rows, more_bytes = _write(delivery, shown, parameters.out)
        rows, size = rows + more_rows, size + more_bytes
    return len(deliveries), rows, size
