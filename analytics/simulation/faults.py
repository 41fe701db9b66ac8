"""Faults that partners make, each with what must come of it: one function a fault, its expected outcome beside it.

Belongs here: the registry, and the small deliveries that carry one fault each. Does not belong here: the known mess,
which is no fault.
"""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl

from analytics.simulation.calendar import day
from analytics.simulation.deliveries import Delivery, plan, write_manifest
from analytics.simulation.parameters import Parameters
from analytics.simulation.tables import BY_NAME

Row = dict[str, str]


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


_CASE = "Z000000001"


def _step(carrier: Carrier, number: int, mutation: str = "T", **values: object) -> None:
    known = {"zaaknummer": _CASE, "volgnummer": number, "stap": "MEDISCH_ADVIES", "status": "GEREALISEERD"}
    done = {"datum_gerealiseerd": "2018-01-02"}
    carrier.add("processtap", mutation, **(known | done | values))


@fault("ind", Outcome("incomplete", 0))
def manifest_missing(carrier: Carrier) -> None:
    """The folder has no manifest: it is still being uploaded."""
    _step(carrier, 201)
    carrier.write()
    (carrier.folder / "datapackage.json").unlink()


@fault("ind", Outcome("refused", 3))
def manifest_not_json(carrier: Carrier) -> None:
    """The manifest breaks off in the middle."""
    _step(carrier, 202)
    carrier.write()
    manifest = carrier.folder / "datapackage.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text[: len(text) // 2], encoding="utf-8")


@fault("ind", Outcome("refused", 3))
def wrong_hash(carrier: Carrier) -> None:
    """A file was changed after its manifest was written, at equal length."""
    _step(carrier, 203)
    carrier.write()
    path = carrier.folder / "processtap.csv"
    path.write_bytes(path.read_bytes().replace(b"2018-01-02", b"2018-01-03"))


@fault("coa", Outcome("refused", 3))
def wrong_size(carrier: Carrier) -> None:
    """A file is longer than its manifest says."""
    carrier.add(
        "bewoner",
        coa_nummer="C99999901",
        geboortedatum="1990-05-17",
        nationaliteit="SYR",
        geslacht="M",
        datum_instroom="2018-01-02",
    )
    carrier.write()
    with (carrier.folder / "bewoner.csv").open("ab") as file:
        file.write(b"\n")


@fault("ind", Outcome("refused", 3))
def missing_column(carrier: Carrier) -> None:
    """A required column is missing from a file."""
    _step(carrier, 204)
    for row in carrier.extracts["processtap"]:
        del row["status"]
    carrier.write()


@fault("rvr", Outcome("refused", 3))
def unterminated_quote(carrier: Carrier) -> None:
    """A quote that nobody closed would swallow the lines after it."""
    for number in range(3):
        carrier.add(
            "toevoeging",
            toevoegingsnummer=f"9ZZ000{number}",
            advocaat_code="A1001",
            zaakcode="V011",
            soort="AA",
            datum_ontvangst="2018-01-02",
        )
    carrier.write()
    path = carrier.folder / "toevoeging.csv"
    path.write_bytes(path.read_bytes().replace(b"A1001", b'"A1001', 1))
    carrier.seal()


@fault("coa", Outcome("waiting", 3))
def base_missing(carrier: Carrier) -> None:
    """A delta was made against a delivery that has not arrived."""
    delivery = carrier.delivery
    carrier.delivery = Delivery(
        delivery.partner, delivery.reference, 1, "delta", f"{delivery.base}.9", delivery.index, delivery.incomplete
    )
    carrier.add(
        "bewoner",
        coa_nummer="C99999902",
        geboortedatum="1990-05-17",
        nationaliteit="SYR",
        geslacht="M",
        datum_instroom="2018-01-02",
    )
    carrier.write()


@fault("ind", Outcome("in_force", 3, "isin:stap", 1))
def unknown_enum(carrier: Carrier) -> None:
    """A step of a kind that the contract does not know."""
    _step(carrier, 205, stap="KOFFIEPAUZE")
    carrier.write()


@fault("ind", Outcome("in_force", 3, "not_future:datum_gerealiseerd", 1))
def future_date(carrier: Carrier) -> None:
    """A step was done on a day after the reference date."""
    _step(carrier, 206, datum_gerealiseerd="2199-01-01")
    carrier.write()


@fault("ind", Outcome("in_force", 3, "duplicate_key", 2))
def duplicate_key(carrier: Carrier) -> None:
    """Two rows with the same key and different content."""
    _step(carrier, 207)
    _step(carrier, 207, datum_gerealiseerd="2018-01-03")
    carrier.write()


@fault("ind", Outcome("in_force", 0, "duplicate", 1))
def exact_duplicate(carrier: Carrier) -> None:
    """A row is there twice, equal to the letter: counted once."""
    _step(carrier, 208)
    _step(carrier, 208)
    carrier.write()


@fault("ind", Outcome("in_force", 3, "exists_in", 1))
def orphan(carrier: Carrier) -> None:
    """A step of a case that nobody delivered."""
    _step(carrier, 1, zaaknummer="Z999999999")
    carrier.write()


@fault("coa", Outcome("in_force", 3, "overlapping_stay", 2))
def overlapping_stay(carrier: Carrier) -> None:
    """A resident in two places at once."""
    carrier.add(
        "bewoner",
        coa_nummer="C99999903",
        geboortedatum="1990-05-17",
        nationaliteit="SYR",
        geslacht="M",
        datum_instroom="2018-01-02",
    )
    for number in (1, 2):
        carrier.add(
            "verblijf",
            verblijf_id=f"S99999990{number}",
            coa_nummer="C99999903",
            locatiecode="L0001",
            datum_aankomst=f"2018-01-0{number + 1}",
            datum_vertrek="2018-02-01",
        )
    carrier.write()


def known_faults(names: tuple[str, ...]) -> list[Fault]:
    """The faults of these names. Raises ValueError for a name that is not in the registry."""
    unknown = [name for name in names if name not in REGISTRY]
    if unknown:
        raise ValueError(f"unknown fault {', '.join(unknown)}; known are {', '.join(sorted(REGISTRY))}")
    return [REGISTRY[name] for name in names]


def inject_faults(parameters: Parameters) -> pl.DataFrame:
    """Add one delta a fault after the last regular delivery, a day apart; returns what must come of each.

    Every fault has its own delivery, so that any set of them can be put into one home: a refused one changes nothing,
    and the next delta is made against the newest that is in force.
    """
    base = {partner: plan(parameters, partner)[-1].name for partner in ("ind", "coa", "rvr")}
    rows = []
    for number, one in enumerate(known_faults(parameters.faults), start=1):
        reference = parameters.end + timedelta(days=number)
        delivery = Delivery(one.partner, day(reference), 1, "delta", base[one.partner], -1)
        folder = parameters.out / "deliveries" / one.partner / delivery.name
        one.inject(Carrier(delivery, folder, {}))
        if one.outcome.state == "in_force":
            base[one.partner] = delivery.name
        rows.append(
            {
                "fault": one.name,
                "partner": one.partner,
                "delivery": delivery.name,
                "state": one.outcome.state,
                "exit_code": one.outcome.exit_code,
                "rule": one.outcome.rule,
                "rows": one.outcome.rows,
                "description": one.description,
            }
        )
    text = dict.fromkeys(("fault", "partner", "delivery", "state"), pl.String)
    return pl.DataFrame(
        rows, text | {"exit_code": pl.Int64, "rule": pl.String, "rows": pl.Int64, "description": pl.String}
    )
