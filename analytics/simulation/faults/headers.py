"""Faults of the first line: columns that are missing, renamed, doubled, in another order.

Belongs here: one function a fault. Does not belong here: rows.
"""

from analytics.simulation.faults.carrier import Carrier
from analytics.simulation.faults.registry import fault, quarantined, refused, taken


@fault(
    "ind", refused("processtap.csv: line 1: required column mutatie, zaaknummer, volgnummer, stap, status is missing")
)
def header_missing(carrier: Carrier) -> None:
    """A file begins with its first row."""
    carrier.step()
    carrier.write()
    carrier.put(carrier.content().split(b"\n", 1)[1])


@fault("ind", refused("processtap.csv: line 1: required column status is missing"))
def missing_column(carrier: Carrier) -> None:
    """A required column is not there."""
    carrier.step()
    for row in carrier.extracts["processtap"]:
        del row["status"]
    carrier.write()


@fault("coa", refused("bewoner.csv: line 1: required column nationaliteit is missing"))
def column_renamed(carrier: Carrier) -> None:
    """A required column has another name."""
    carrier.resident()
    carrier.write()
    carrier.swap(b"nationaliteit", b"nationaliteit_code")


@fault("ind", taken({"absent_column:team": 1, "unknown_column:teamnaam": 1}))
def optional_column_renamed(carrier: Carrier) -> None:
    """A column that may be empty has another name: read as empty, and the new one kept out."""
    carrier.step()
    carrier.write()
    carrier.swap(b";team;", b";teamnaam;", 1)


@fault("ind", refused("processtap.csv: line 1: column status occurs twice"))
def column_doubled(carrier: Carrier) -> None:
    """A column is there twice."""
    carrier.step()
    carrier.write()
    carrier.swap(b";team;", b";status;", 1)


@fault("ind", taken({"unknown_column:opmerking": 1}))
def column_extra(carrier: Carrier) -> None:
    """A file has a column that nobody agreed on: it is kept out."""
    carrier.step(opmerking="ring the lawyer")
    carrier.write()


@fault("rvr", taken({"unknown_column:?": 1}))
def column_named_by_a_number(carrier: Carrier) -> None:
    """An extra column is headed by what looks like a number of a person: its name is told to nobody."""
    carrier.certificate()
    carrier.write()
    header, rows = carrier.content().split(b"\n", 1)
    carrier.put(header + b";1234567890\n" + rows.replace(b"\n", b";x\n"))


@fault("ind", taken())
def columns_reordered(carrier: Carrier) -> None:
    """Columns come in another order: no fault."""
    carrier.step()
    carrier.write()
    columns = list(carrier.extracts["processtap"][0])
    carrier.put(carrier.text("processtap", [columns[0], *reversed(columns[1:])]))


@fault("ind", quarantined({"isin:stap": 1, "isin:status": 1, "filled_exactly_when:datum_gerealiseerd": 1}))
def columns_swapped(carrier: Carrier) -> None:
    """Two columns have each other's name."""
    carrier.step()
    carrier.write()
    carrier.swap(b"stap;datum_gepland;datum_gerealiseerd;status", b"status;datum_gepland;datum_gerealiseerd;stap")


@fault("coa", taken())
def header_in_capitals(carrier: Carrier) -> None:
    """The header is in capitals, with blanks: no fault."""
    carrier.resident()
    carrier.write()
    header, rows = carrier.content().split(b"\n", 1)
    carrier.put(header.upper().replace(b";", b" ; ") + b"\n" + rows)


@fault("rvr", refused("toevoeging.csv: line 1: required column mutatie is missing"))
def mutation_column_missing(carrier: Carrier) -> None:
    """A delta does not say which rows were added, changed and removed."""
    carrier.certificate()
    for row in carrier.extracts["toevoeging"]:
        del row["mutatie"]
    carrier.write()


@fault("ind", refused("is dialect.delimiter of the manifest right?"))
def wrong_delimiter(carrier: Carrier) -> None:
    """Cells are separated by commas, and the manifest says semicolons."""
    carrier.step()
    carrier.write()
    carrier.swap(b";", b",")


@fault("coa", taken({"unknown_column:?": 1}))
def delimiter_at_the_end(carrier: Carrier) -> None:
    """Every line ends with a delimiter, as if there were one more column."""
    carrier.resident()
    carrier.write()
    carrier.swap(b"\n", b";\n")
