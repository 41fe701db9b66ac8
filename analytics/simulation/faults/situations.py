"""Faults that are not one delivery's: what is missing, and what happens to deliveries that were taken already.

Belongs here: one function a situation, its expected outcome beside it. A situation is put into a home alone. Does not
belong here: faults that can stand beside others (the other modules).
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analytics.simulation.faults.carrier import MANIFEST
from analytics.simulation.faults.registry import AGAIN

BACKUP = "The operator puts it back from the backup"


@dataclass(frozen=True)
class Ending:
    """How a refresh must end."""

    exit_code: int
    says: str
    remedy: str


Arrange = Callable[[Path], None]


@dataclass(frozen=True)
class Situation:
    """A home, given as its `deliveries/`, in which something is wrong as a whole."""

    name: str
    ending: Ending
    arrange: Arrange
    after_refresh: bool
    """It happens to a home that was refreshed before."""
    as_of: str | None

    @property
    def description(self) -> str:
        """What is the case, in a sentence."""
        return " ".join((self.arrange.__doc__ or "").split())


SITUATIONS: dict[str, Situation] = {}


def situation(ending: Ending, *, after_refresh: bool = False, as_of: str | None = None) -> Callable[[Arrange], Arrange]:
    """Register a situation under the name of its function."""

    def register(arrange: Arrange) -> Arrange:
        SITUATIONS[arrange.__name__] = Situation(arrange.__name__, ending, arrange, after_refresh, as_of)
        return arrange

    return register


@situation(Ending(3, "rvr is late", "The operator asks the partner; the others' figures go on."))
def partner_missing(deliveries: Path) -> None:
    """A partner has delivered nothing for weeks: its own figures stand still, those of the others go on."""
    for folder in _folders(deliveries, "rvr")[1:]:
        shutil.rmtree(folder)


@situation(Ending(3, "rvr is missing", "The operator asks the partner; the others' figures go on."))
def partner_never_there(deliveries: Path) -> None:
    """A partner has never delivered anything."""
    shutil.rmtree(deliveries / "rvr")


@situation(Ending(0, "waiting for ind: ", "Nothing: the first delivery of IND makes the first publication."))
def ind_missing(deliveries: Path) -> None:
    """IND has delivered nothing: there is no as-of date, and nothing to publish yet."""
    shutil.rmtree(deliveries / "ind")


@situation(Ending(0, "which has not arrived", "IND delivers the base, or a full delivery."))
def first_base_missing(deliveries: Path) -> None:
    """Of IND only deltas are there: all wait for the first of them, which waits for its base."""
    for folder in _folders(deliveries, "ind"):
        if json.loads((folder / MANIFEST).read_bytes())["mode"] == "full":
            shutil.rmtree(folder)


@situation(Ending(4, "every new delivery was refused", AGAIN))
def every_delivery_refused(deliveries: Path) -> None:
    """No manifest is readable: nothing is published, and an earlier publication stands."""
    for manifest in sorted(deliveries.glob(f"*/*/{MANIFEST}")):
        manifest.write_bytes(manifest.read_bytes()[:100])


@situation(Ending(0, "lies before the first delivery of IND", "The user asks for a later date."), as_of="2001-01-01")
def as_of_before_everything(deliveries: Path) -> None:
    """A date is asked for (`--as-of`) that lies before the first delivery of IND."""
    assert _folders(deliveries, "ind")


@situation(
    Ending(1, "in force, but gone from disk", f"{BACKUP}, or goes on without it: `ketenzicht refresh --full`."),
    after_refresh=True,
)
def delivery_vanished(deliveries: Path) -> None:
    """A delivery that figures rest on is no longer on disk."""
    shutil.rmtree(_folders(deliveries, "coa")[-1])


@situation(
    Ending(4, "the manifest says", "The partner uploads the file again; what stood on it is judged without it."),
    after_refresh=True,
)
def file_changed_when_in_force(deliveries: Path) -> None:
    """A file of a delivery in force was changed on disk: it is no longer what its manifest promises."""
    file = sorted((deliveries / "coa").glob("*/*.csv"))[-1]
    file.write_bytes(file.read_bytes() + b"\n")


@situation(
    Ending(
        4,
        "are gone (30% or more holds a full delivery)",
        f"{AGAIN} When it is the truth: `ketenzicht refresh --accept-drop`.",
    ),
    after_refresh=True,
)
def rows_gone_and_nothing_else_new(deliveries: Path) -> None:
    """The only new delivery is a full one from which many rows are gone: nothing is published."""
    last = _folders(deliveries, "coa")[-1]
    first = _folders(deliveries, "coa")[0]
    folder = last.with_name(f"{last.name[:10]}.9")
    shutil.copytree(first, folder)
    manifest = json.loads((first / MANIFEST).read_text(encoding="utf-8"))
    rows = {}
    for resource in manifest["resources"]:
        lines = (first / resource["path"]).read_bytes().splitlines(keepends=True)
        rows[resource["path"]] = b"".join(lines[: 1 + len(lines) // 2])
        (folder / resource["path"]).write_bytes(rows[resource["path"]])
    _seal(folder, manifest | {"reference_date": last.name[:10]}, rows)


@situation(
    Ending(1, "says which drops were accepted", f"{BACKUP}, or removes it and accepts again."), after_refresh=True
)
def acceptances_damaged(deliveries: Path) -> None:
    """The record of the drops that were accepted cannot be read."""
    (deliveries.parent / "accepted_drops.json").write_text("[", encoding="utf-8")


def _folders(deliveries: Path, partner: str) -> list[Path]:
    """Deliveries of a partner by reference date."""
    return sorted((deliveries / partner).iterdir())


def _seal(folder: Path, manifest: dict[str, object], content: dict[str, bytes]) -> None:
    import hashlib

    resources = manifest["resources"]
    assert isinstance(resources, list)
    for resource in resources:
        text = content[resource["path"]]
        resource |= {"bytes": len(text), "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
