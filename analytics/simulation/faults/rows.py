"""Faults of single rows.

Belongs here: one function a fault. Does not belong here: what other parts of a delivery can suffer.
"""

from analytics.simulation.faults.registry import Carrier, Outcome, add_step, fault


@fault("ind", Outcome("in_force", 3, "isin:stap", 1))
def unknown_enum(carrier: Carrier) -> None:
    """A step of a kind that the contract does not know."""
    add_step(carrier, 205, stap="KOFFIEPAUZE")
    carrier.write()


@fault("ind", Outcome("in_force", 3, "not_future:datum_gerealiseerd", 1))
def future_date(carrier: Carrier) -> None:
    """A step was done on a day after the reference date."""
    add_step(carrier, 206, datum_gerealiseerd="2199-01-01")
    carrier.write()


@fault("ind", Outcome("in_force", 3, "duplicate_key", 2))
def duplicate_key(carrier: Carrier) -> None:
    """Two rows with the same key and different content."""
    add_step(carrier, 207)
    add_step(carrier, 207, datum_gerealiseerd="2018-01-03")
    carrier.write()


@fault("ind", Outcome("in_force", 0, "duplicate", 1))
def exact_duplicate(carrier: Carrier) -> None:
    """A row is there twice, equal to the letter: counted once."""
    add_step(carrier, 208)
    add_step(carrier, 208)
    carrier.write()


@fault("ind", Outcome("in_force", 3, "exists_in", 1))
def orphan(carrier: Carrier) -> None:
    """A step of a case that nobody delivered."""
    add_step(carrier, 1, zaaknummer="Z999999999")
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
