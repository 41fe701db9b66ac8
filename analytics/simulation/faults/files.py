"""Faults of a file as a whole.

Belongs here: one function a fault. Does not belong here: what other parts of a delivery can suffer.
"""

from analytics.simulation.faults.registry import Carrier, Outcome, add_step, fault


@fault("ind", Outcome("refused", 3))
def wrong_hash(carrier: Carrier) -> None:
    """A file was changed after its manifest was written, at equal length."""
    add_step(carrier, 203)
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
    add_step(carrier, 204)
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
