"""Faults of a text file below the level of cells: bytes, encodings, lines, quotes.

Belongs here: one function a fault. Does not belong here: what cells say.
"""

from analytics.simulation.faults.carrier import Carrier
from analytics.simulation.faults.registry import fault, quarantined, refused, taken


@fault("ind", taken())
def byte_order_mark(carrier: Carrier) -> None:
    """A file that is listed as utf-8 begins with a byte order mark: no fault."""
    carrier.step()
    carrier.write()
    carrier.put(b"\xef\xbb\xbf" + carrier.content())


@fault("ind", refused("processtap.csv: line 3 is not utf-8"))
def cp1252_in_utf8(carrier: Carrier) -> None:
    """A file that is listed as utf-8 was written by Windows."""
    carrier.step()
    carrier.step(volgnummer=5000 + carrier.ordinal, team="Eén")
    carrier.write()
    carrier.put(carrier.content().decode().encode("cp1252"))


@fault("coa", refused("bewoner.csv: line 1 "))
def utf16(carrier: Carrier) -> None:
    """A file is utf-16, which no manifest can say."""
    carrier.resident()
    carrier.write()
    carrier.put(carrier.content().decode().encode("utf-16"))


@fault("ind", refused("processtap.csv: line 2 holds a NUL byte"))
def nul_byte(carrier: Carrier) -> None:
    """A cell holds a NUL byte."""
    carrier.step(team="A\0B")
    carrier.write()


@fault("ind", taken())
def line_ends_of_windows(carrier: Carrier) -> None:
    """Lines end with carriage return and line feed: no fault."""
    carrier.step()
    carrier.write()
    carrier.swap(b"\n", b"\r\n")


@fault("rvr", refused("toevoeging.csv: line 1 is no header"))
def line_ends_of_old_macs(carrier: Carrier) -> None:
    """Lines end with a carriage return alone."""
    carrier.certificate()
    carrier.write()
    carrier.swap(b"\n", b"\r")


@fault("coa", taken())
def no_line_end_at_the_end(carrier: Carrier) -> None:
    """The last line does not end: no fault."""
    carrier.resident()
    carrier.write()
    carrier.put(carrier.content().removesuffix(b"\n"))


@fault("ind", quarantined({"isin:stap": 1}, line=5))
def blank_lines(carrier: Carrier) -> None:
    """Blank lines lie between rows: they are no rows, and the rows behind them keep their line numbers."""
    carrier.step()
    carrier.step(volgnummer=5000 + carrier.ordinal, stap="KOFFIEPAUZE")
    carrier.write()
    carrier.swap(b"\n", b"\n\n", 2)


@fault("rvr", refused("toevoeging.csv: line 3: a quote is not closed"))
def unterminated_quote(carrier: Carrier) -> None:
    """A quote that nobody closed would swallow the lines after it."""
    for number in range(4):
        carrier.certificate(number, advocaat_code=f"A100{number}")
    carrier.write()
    carrier.swap(b"A1001", b'"A1001')


@fault("ind", refused("processtap.csv: line 2: a quote is not closed, or a cell holds a line break"))
def line_break_in_cell(carrier: Carrier) -> None:
    """A cell holds a line break; no extract has free text."""
    carrier.step(team="Zevenaar\nTeam 2")
    carrier.write()


@fault("ind", refused("processtap.csv: line 2 is longer than 1000000 bytes"))
def cell_of_ten_megabytes(carrier: Carrier) -> None:
    """A cell holds ten megabytes."""
    carrier.step(team="x" * 10_000_000)
    carrier.write()


@fault("ind", quarantined({"unreadable_row": 1}, line=3))
def cells_too_many(carrier: Carrier) -> None:
    """A row has a cell more than the header: a delimiter within a cell that is not quoted."""
    carrier.step()
    carrier.step(volgnummer=5000 + carrier.ordinal, team="Zevenaar", uren="7")
    carrier.write()
    carrier.swap(b"Zevenaar", b"Zeven;aar")


@fault("coa", quarantined({"unreadable_row": 1}, line=2))
def cells_too_few(carrier: Carrier) -> None:
    """A row breaks off."""
    carrier.resident()
    carrier.write()
    carrier.swap(b";M;;2018-01-02;;", b"")
