"""From versions to folders: which delivery shows what, as full content or as difference, with its manifest.

Belongs here: the delivery plan, files and manifests. Does not belong here: which delivery shows which version
(`shown.py`), or the content of a row.
"""

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import day, month_start, to_date
from analytics.simulation.figures import months_between
from analytics.simulation.parameters import Parameters
from analytics.simulation.shown import Shown, shown_of
from analytics.simulation.tables import Layout, Table, text_of

PARTNERS = ("ind", "coa", "rvr")
_DAILY = 6
_AT_ONCE = 1_000_000
"""rows written as text at a time"""
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


def _pieces(parts: list[Shown], delivery: Delivery) -> list[pl.DataFrame]:
    """Rows of one extract for a delivery, in file order: a full one part by part, a delta with what is gone last."""
    if delivery.mode == "full":
        return [part.full(delivery.index) for part in parts]
    index = delivery.index
    return [pl.concat([part.changed(index) for part in parts] + [part.gone(index) for part in parts], how="diagonal")]


def _written(frame: pl.DataFrame, layout: Layout, delta: bool) -> pl.DataFrame:
    columns = [text_of(name, kind) for name, kind in layout.columns.items()]
    return frame.select(([pl.col("mutatie")] if delta else []) + columns)


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


@dataclass(frozen=True)
class Written:
    """What was written: deliveries, and the rows and bytes of their files."""

    deliveries: int
    rows: int
    bytes: int


class Writer:
    """Writes every extract into all deliveries of its partner when it comes, and the manifests last."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._plans = {partner: plan(parameters, partner) for partner in PARTNERS}
        self._resources: dict[Delivery, list[dict[str, object]]] = {}
        for delivery in self._deliveries():
            self._folder(delivery).mkdir(parents=True)
            self._resources[delivery] = []

    def _deliveries(self) -> list[Delivery]:
        return [delivery for deliveries in self._plans.values() for delivery in deliveries]

    def _folder(self, delivery: Delivery) -> Path:
        return self._parameters.out / "deliveries" / delivery.partner / delivery.name

    def write(self, tables: Iterable[Table]) -> None:
        """Write one extract, whose parts follow each other by key."""
        parts: list[Shown] = []
        for table in tables:
            parts.append(shown_of(table, reference_days(self._parameters, table.layout.partner)))
        layout = parts[0].layout
        for delivery in self._plans[layout.partner]:
            pieces = _pieces(parts, delivery)
            rows = sum(map(len, pieces))
            if delivery.mode == "delta" and not rows:
                continue
            if delivery.incomplete and layout.name in _LEAVES:
                rows -= math.ceil(rows * _DROPPED_SHARE)
            path = self._folder(delivery) / f"{layout.name}.csv"
            _write(pieces, rows, layout, delivery.mode == "delta", path)
            self._resources[delivery].append(resource(path, rows))

    def finish(self) -> Written:
        """Write the manifests."""
        for delivery, resources in self._resources.items():
            write_manifest(self._folder(delivery), delivery, resources)
        whole = [resource for resources in self._resources.values() for resource in resources]
        return Written(
            deliveries=len(self._resources),
            rows=sum(int(str(r["rows"])) for r in whole),
            bytes=sum(int(str(r["bytes"])) for r in whole),
        )


def _write(pieces: list[pl.DataFrame], rows: int, layout: Layout, delta: bool, path: Path) -> None:
    """Write the first `rows` of the pieces as one file."""
    with path.open("wb") as file:
        for number, piece in enumerate(pieces):
            kept = piece.head(rows)
            rows -= len(kept)
            for begin in range(0, max(len(kept), 1), _AT_ONCE):
                frame = _written(kept.slice(begin, _AT_ONCE), layout, delta)
                frame.write_csv(file, include_header=number + begin == 0, separator=";", float_precision=2)
