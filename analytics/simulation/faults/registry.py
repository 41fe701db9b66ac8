"""What a fault is: its function, its expected outcome, and the small delivery that carries it.

Belongs here: the registry and the carrier. Does not belong here: any single fault.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analytics.simulation.deliveries import Delivery, write_manifest
from analytics.simulation.tables import BY_NAME

Row = dict[str, str]
_CASE = "Z000000001"
"""the oldest case of a chain, which every full delivery has"""
_CASE = "Z000000001"


@dataclass(frozen=True)
class Outcome:
    """What a refresh must make of the delivery that carries the fault."""

    state: str
    """state of the delivery: incomplete, waiting, refused, in_force"""
    exit_code: int
    """of a refresh in which this is the only fault, beside good deliveries"""
    rule: str | None = None
    """rule by which rows are quarantined or counted"""
    rows: int = 0
    """rows counted under that rule"""


@dataclass
class Carrier:
    """A delta of one partner after the last regular delivery: rows by extract, written when the fault is complete."""

    delivery: Delivery
    folder: Path
    extracts: dict[str, list[Row]]

    def add(self, extract: str, mutation: str = "T", **values: object) -> None:
        """One row of a delta; columns that are not given stay empty."""
        row = {"mutatie": mutation} | dict.fromkeys(BY_NAME[extract].columns, "")
        self.extracts.setdefault(extract, []).append(row | {k: str(v) for k, v in values.items()})

    def write(self) -> None:
        """Write files and manifest as they should be."""
        self.folder.mkdir(parents=True)
        for extract, rows in self.extracts.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            (self.folder / f"{extract}.csv").write_text(text.getvalue(), encoding="utf-8")
        self.seal()

    def seal(self) -> None:
        """Write the manifest that fits the files as they are."""
        resources = []
        for extract, rows in self.extracts.items():
            content = (self.folder / f"{extract}.csv").read_bytes()
            resources.append(resource(extract, content, len(rows)))
        write_manifest(self.folder, self.delivery, resources)


def resource(extract: str, content: bytes, rows: int) -> dict[str, object]:
    """The manifest's entry for a csv file."""
    return {
        "name": extract,
        "path": f"{extract}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "decimalChar": "."},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": rows,
    }


Inject = Callable[[Carrier], None]


@dataclass(frozen=True)
class Fault:
    """One way in which a delivery goes wrong."""

    name: str
    partner: str
    outcome: Outcome
    inject: Inject

    @property
    def description(self) -> str:
        """The fault in a sentence."""
        return (self.inject.__doc__ or "").strip()


REGISTRY: dict[str, Fault] = {}


def fault(partner: str, outcome: Outcome) -> Callable[[Inject], Inject]:
    """Register a fault under the name of its function."""

    def register(inject: Inject) -> Inject:
        name = inject.__name__
        REGISTRY[name] = Fault(name, partner, outcome, inject)
        return inject

    return register


def add_step(carrier: Carrier, number: int, mutation: str = "T", **values: object) -> None:
    """One realised step of a case that is surely known, under a volgnummer that it has not."""
    known = {"zaaknummer": _CASE, "volgnummer": number, "stap": "MEDISCH_ADVIES", "status": "GEREALISEERD"}
    done = {"datum_gerealiseerd": "2018-01-02"}
    carrier.add("processtap", mutation, **(known | done | values))
