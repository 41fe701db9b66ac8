"""Faults of a file as a whole: where it lies, whether it is the promised one, whether it can be opened.

Belongs here: one function a fault. Does not belong here: what a file that can be opened says.
"""

import gzip
import io

import polars as pl

from analytics.simulation.faults.carrier import Carrier
from analytics.simulation.faults.registry import fault, refused, taken
from analytics.simulation.faults.workbook import workbook

PLAIN = "must be a plain file name in the folder of the delivery"
PATH = "The partner corrects `path`: the name of a file in the same folder."
UPLOAD = "The partner uploads the file again."
SAVE = "The partner saves it as plain .xlsx, or as CSV, and delivers it again."


@fault("ind", refused(f"datapackage.json: resources.0.path: Value error, {PLAIN}", PATH))
def path_absolute(carrier: Carrier) -> None:
    """The manifest names a file by its place on the server."""
    carrier.step()
    carrier.write()
    carrier.resource(path="/etc/hostname")


@fault("ind", refused(f"datapackage.json: resources.0.path: Value error, {PLAIN}", PATH))
def path_upwards(carrier: Carrier) -> None:
    """The manifest names a file of another delivery."""
    carrier.step()
    carrier.write()
    carrier.resource(path=f"../{carrier.delivery.base}/processtap.csv")


@fault("coa", refused(f"datapackage.json: resources.0.path: Value error, {PLAIN}", PATH))
def path_below(carrier: Carrier) -> None:
    """The manifest names a file in a folder below."""
    carrier.resident()
    carrier.write()
    carrier.resource(path="export\\bewoner.csv")


@fault("ind", refused("processtap.csv: leads out of the folder of the delivery", PATH))
def path_link_out(carrier: Carrier) -> None:
    """The file is a link to a file elsewhere."""
    carrier.step()
    carrier.write()
    elsewhere = carrier.folder.parents[2] / "elsewhere.csv"
    (carrier.folder / "processtap.csv").rename(elsewhere)
    (carrier.folder / "processtap.csv").symlink_to(elsewhere)


@fault("rvr", refused("datapackage.json: a link, which may lead out of the folder", "The partner delivers the file."))
def manifest_link(carrier: Carrier) -> None:
    """The manifest is a link to a file elsewhere."""
    carrier.certificate()
    carrier.write()
    elsewhere = carrier.folder.parents[2] / "elsewhere.json"
    (carrier.folder / "datapackage.json").rename(elsewhere)
    (carrier.folder / "datapackage.json").symlink_to(elsewhere)


@fault("ind", refused("datapackage.json: resources.0.name: String should match"))
def name_leads_out(carrier: Carrier) -> None:
    """The name of an extract is a path."""
    carrier.step()
    carrier.write()
    carrier.resource(name="../../../processtap")


@fault("rvr", refused("toevoeging.csv: named in the manifest, but not there", UPLOAD))
def file_absent(carrier: Carrier) -> None:
    """The manifest lists a file that is not in the folder."""
    carrier.certificate()
    carrier.write()
    (carrier.folder / "toevoeging.csv").unlink()


@fault("ind", refused("processtap.csv: its SHA-256 is not the manifest's", UPLOAD))
def wrong_hash(carrier: Carrier) -> None:
    """A file was changed after its manifest was written, at equal length."""
    carrier.step()
    carrier.write()
    path = carrier.folder / "processtap.csv"
    path.write_bytes(path.read_bytes().replace(b"2018-01-02", b"2018-01-03"))


@fault("coa", refused("bewoner.csv: ", UPLOAD))
def wrong_size(carrier: Carrier) -> None:
    """A file is longer than its manifest says."""
    carrier.resident()
    carrier.write()
    with (carrier.folder / "bewoner.csv").open("ab") as file:
        file.write(b"\n")


@fault("ind", refused("processtap.csv: empty"))
def file_empty(carrier: Carrier) -> None:
    """A file has no bytes, not even a header."""
    carrier.step()
    carrier.write()
    carrier.put(b"")


@fault("ind", taken())
def file_zipped(carrier: Carrier) -> None:
    """A file is gzipped, and named so: no fault."""
    carrier.step()
    carrier.write()
    carrier.put(gzip.compress(carrier.content(), mtime=0), path="processtap.csv.gz")


@fault("ind", refused("processtap.csv.gz: cannot be read as csv: it breaks off"))
def gzip_truncated(carrier: Carrier) -> None:
    """A gzipped file breaks off, and so did the one that its hash was made of."""
    carrier.step()
    carrier.write()
    carrier.put(gzip.compress(carrier.content(), mtime=0)[:-12], path="processtap.csv.gz")


@fault("rvr", refused("toevoeging.csv.gz: cannot be read as csv"))
def gzip_in_name_only(carrier: Carrier) -> None:
    """A file is named .gz and is not."""
    carrier.certificate()
    carrier.write()
    carrier.put(carrier.content(), path="toevoeging.csv.gz")


@fault("ind", refused("processtap.csv: line 1 "))
def gzip_not_named(carrier: Carrier) -> None:
    """A file is gzipped and not named so."""
    carrier.step()
    carrier.write()
    carrier.put(gzip.compress(carrier.content(), mtime=0))


@fault("coa", refused("bewoner.parquet: cannot be read as parquet: it breaks off"))
def parquet_truncated(carrier: Carrier) -> None:
    """A Parquet file breaks off before its footer, and so did the one that its hash was made of."""
    carrier.resident()
    carrier.write()
    carrier.put(_parquet(carrier)[:-20], path="bewoner.parquet", format="parquet")


@fault("ind", refused("processtap.parquet: damaged, though its size and hash are the manifest's"))
def parquet_damaged(carrier: Carrier) -> None:
    """A Parquet file has a whole footer and broken pages."""
    carrier.step()
    carrier.write()
    content = bytearray(_parquet(carrier))
    content[40:120] = bytes(80)
    carrier.put(bytes(content), path="processtap.parquet", format="parquet")


@fault("rvr", refused("toevoeging.parquet: cannot be read as parquet"))
def parquet_in_name_only(carrier: Carrier) -> None:
    """A file is listed as Parquet and is CSV."""
    carrier.certificate()
    carrier.write()
    carrier.put(carrier.content(), path="toevoeging.parquet", format="parquet")


@fault("ind", refused("processtap.xlsx: encrypted, or of Excel 2003 or before", SAVE))
def workbook_encrypted(carrier: Carrier) -> None:
    """A workbook wants a password."""
    carrier.step()
    carrier.write()
    carrier.put(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4088), path="processtap.xlsx", format="xlsx")


@fault("ind", refused("processtap.xlsx: holds macros", SAVE))
def workbook_with_macros(carrier: Carrier) -> None:
    """A workbook holds macros."""
    carrier.step()
    carrier.write()
    carrier.put(workbook(carrier.content(), macros=True), path="processtap.xlsx", format="xlsx")


@fault("ind", refused("processtap.xlsx: cell E2 holds a formula", SAVE))
def workbook_with_formula(carrier: Carrier) -> None:
    """A cell of a workbook is a formula: its value is what the program that opens it makes of it."""
    carrier.step()
    carrier.write()
    carrier.put(workbook(carrier.content(), formula_in=(2, 5)), path="processtap.xlsx", format="xlsx")


@fault("coa", refused("bewoner.xlsx: not a readable workbook", SAVE))
def workbook_damaged(carrier: Carrier) -> None:
    """A workbook breaks off."""
    carrier.resident()
    carrier.write()
    carrier.put(workbook(carrier.content())[:300], path="bewoner.xlsx", format="xlsx")


@fault("coa", taken())
def workbook_plain(carrier: Carrier) -> None:
    """A workbook of plain cells: no fault."""
    carrier.resident()
    carrier.write()
    carrier.put(workbook(carrier.content()), path="bewoner.xlsx", format="xlsx")


def _parquet(carrier: Carrier) -> bytes:
    target = io.BytesIO()
    pl.read_csv(carrier.content(), separator=";", infer_schema=False).write_parquet(target, compression="zstd")
    return target.getvalue()
