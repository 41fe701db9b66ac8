"""Faults of the folder and its manifest.

Belongs here: one function a fault. Does not belong here: what other parts of a delivery can suffer.
"""

from analytics.simulation.deliveries import Delivery
from analytics.simulation.faults.registry import Carrier, Outcome, add_step, fault


@fault("ind", Outcome("incomplete", 0))
def manifest_missing(carrier: Carrier) -> None:
    """The folder has no manifest: it is still being uploaded."""
    add_step(carrier, 201)
    carrier.write()
    (carrier.folder / "datapackage.json").unlink()


@fault("ind", Outcome("refused", 3))
def manifest_not_json(carrier: Carrier) -> None:
    """The manifest breaks off in the middle."""
    add_step(carrier, 202)
    carrier.write()
    manifest = carrier.folder / "datapackage.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text[: len(text) // 2], encoding="utf-8")


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
