"""Faults of the folder and of what its manifest says.

Belongs here: one function a fault. Does not belong here: what other parts of a delivery can suffer.
"""

from datetime import timedelta

from analytics.simulation.calendar import to_date
from analytics.simulation.faults.carrier import MANIFEST, Carrier
from analytics.simulation.faults.registry import AGAIN, NOTHING, Outcome, fault, refused, taken, waiting

RENAME = "The partner or the operator renames the folder."
BASE = "The partner delivers the base, or a full delivery."


@fault("ind", Outcome("incomplete", 0, "Nothing: it is taken when the manifest is there."))
def manifest_missing(carrier: Carrier) -> None:
    """The folder has no manifest: it is still being uploaded."""
    carrier.step()
    carrier.write()
    (carrier.folder / MANIFEST).unlink()


@fault("ind", refused(f"{MANIFEST}: Invalid JSON: EOF while parsing"))
def manifest_half_written(carrier: Carrier) -> None:
    """The manifest breaks off in the middle."""
    carrier.step()
    carrier.write()
    text = (carrier.folder / MANIFEST).read_text(encoding="utf-8")
    (carrier.folder / MANIFEST).write_text(text[: len(text) // 2], encoding="utf-8")


@fault("ind", refused(f"{MANIFEST}: Invalid JSON: EOF while parsing a value at line 1"))
def manifest_empty(carrier: Carrier) -> None:
    """The manifest is a file of no bytes."""
    carrier.step()
    carrier.write()
    (carrier.folder / MANIFEST).write_bytes(b"")


@fault("rvr", refused(f"{MANIFEST}: Invalid JSON: expected value at line 1 column 1"))
def manifest_not_json(carrier: Carrier) -> None:
    """The manifest is the page of a portal that wanted a password."""
    carrier.certificate()
    carrier.write()
    (carrier.folder / MANIFEST).write_text("<!DOCTYPE html><title>Inloggen</title>\n", encoding="utf-8")


@fault("coa", taken())
def manifest_with_byte_order_mark(carrier: Carrier) -> None:
    """The manifest begins with a byte order mark, as Windows programs write it."""
    carrier.resident()
    carrier.write()
    text = (carrier.folder / MANIFEST).read_bytes()
    (carrier.folder / MANIFEST).write_bytes(b"\xef\xbb\xbf" + text)


@fault("coa", refused(f"{MANIFEST}: partner is not 'coa'"))
def wrong_partner(carrier: Carrier) -> None:
    """The manifest names another partner than the folder lies under."""
    carrier.resident()
    carrier.write()
    carrier.manifest(partner="rvr")


@fault("ind", refused(f"{MANIFEST}: reference_date ", "The partner renames the folder, or corrects the manifest."))
def wrong_date(carrier: Carrier) -> None:
    """Yesterday's manifest lies in a folder of today's date."""
    carrier.step()
    carrier.write()
    carrier.manifest(reference_date=(to_date(carrier.delivery.reference) - timedelta(days=1)).isoformat())


@fault("ind", refused(f"{MANIFEST}: contract '7.3' is unknown"))
def unknown_contract(carrier: Carrier) -> None:
    """The manifest names a version of the extract contract that nobody agreed on."""
    carrier.step()
    carrier.write()
    carrier.manifest(contract="7.3")


@fault("ind", refused(f"{MANIFEST}: mode: "))
def unknown_mode(carrier: Carrier) -> None:
    """The manifest says that the delivery is neither full nor a delta."""
    carrier.step()
    carrier.write()
    carrier.manifest(mode="partial")


@fault("rvr", refused(f"{MANIFEST}: resources: Field required"))
def resources_missing(carrier: Carrier) -> None:
    """The manifest lists no files."""
    carrier.certificate()
    carrier.write()
    carrier.manifest(resources=None)


@fault("ind", refused(f"{MANIFEST}: resources.0.hash: Field required"))
def hash_missing(carrier: Carrier) -> None:
    """A file is listed without its hash."""
    carrier.step()
    carrier.write()
    carrier.resource(hash=None)


@fault("ind", refused(f"{MANIFEST}: resources.0.hash: String should match"))
def hash_of_another_kind(carrier: Carrier) -> None:
    """A file is listed with an MD5."""
    carrier.step()
    carrier.write()
    carrier.resource(hash="md5:0cc175b9c0f1b6a831c399e269772661")


@fault("coa", refused(f"{MANIFEST}: resources.0.format: "))
def unknown_format(carrier: Carrier) -> None:
    """A file is listed in a format that is not agreed."""
    carrier.resident()
    carrier.write()
    carrier.resource(format="xml")


@fault("ind", refused(f"{MANIFEST}: resources.0.encoding: "))
def unknown_encoding(carrier: Carrier) -> None:
    """A file is listed in an encoding that is not agreed."""
    carrier.step()
    carrier.write()
    carrier.resource(encoding="latin-9")


@fault("ind", refused(f"{MANIFEST}: resources.0.rows: "))
def rows_beyond_counting(carrier: Carrier) -> None:
    """A file is listed with more rows than a computer can count."""
    carrier.step()
    carrier.write()
    carrier.resource(rows=10**30)


@fault("ind", refused("names the extract processtap twice"))
def extract_twice(carrier: Carrier) -> None:
    """An extract is listed twice, as two files."""
    carrier.step()
    carrier.application()
    carrier.write()
    carrier.manifest(resources=[carrier.named("processtap"), carrier.named("processtap") | {"path": "more.csv"}])


@fault("ind", refused("names the file processtap.csv twice"))
def file_twice(carrier: Carrier) -> None:
    """One file is listed as two extracts."""
    carrier.step()
    carrier.write()
    carrier.manifest(resources=[carrier.named("processtap"), carrier.named("processtap") | {"name": "beslissing"}])


@fault("rvr", taken({"unknown_extract": 1}, "Nothing today; tell the partner. It is counted in `raw.delivery_count`."))
def unknown_extract(carrier: Carrier) -> None:
    """An extract is delivered that no contract knows: it is kept out."""
    carrier.certificate()
    carrier.write()
    carrier.resource(name="declaratie")


@fault("ind", taken())
def file_not_listed(carrier: Carrier) -> None:
    """A file lies in the folder that the manifest does not list: it is left alone."""
    carrier.step()
    carrier.write()
    (carrier.folder / "notities.txt").write_text("niet voor publicatie\n", encoding="utf-8")


@fault("ind", refused(f"{MANIFEST}: Value error, needs `base` exactly when mode is delta"))
def delta_without_base(carrier: Carrier) -> None:
    """A delta does not say what it was made against."""
    carrier.step()
    carrier.write()
    carrier.manifest(base=None)


@fault("coa", waiting("which has not arrived", BASE))
def base_missing(carrier: Carrier) -> None:
    """A delta was made against a delivery that has not arrived."""
    carrier.becomes(base=f"{carrier.delivery.base}.9")
    carrier.resident()
    carrier.write()


@fault("ind", waiting("which is incomplete", BASE))
def base_still_arriving(carrier: Carrier) -> None:
    """A delta was made against a delivery that is still being uploaded."""
    carrier.becomes(base=f"{carrier.delivery.base}.8")
    (carrier.folder.parent / f"{carrier.delivery.base}").mkdir(parents=True)
    carrier.step()
    carrier.write()


@fault("ind", refused("is in force since: deliver it again", "The partner makes the delta anew, against the newest."))
def base_overtaken(carrier: Carrier) -> None:
    """A delta was made against an older delivery than the newest in force."""
    carrier.becomes(base=carrier.first)
    carrier.step()
    carrier.write()


@fault("rvr", refused("is not before the delivery itself"))
def base_not_before(carrier: Carrier) -> None:
    """A delta names itself as its base."""
    carrier.becomes(base=carrier.delivery.name)
    carrier.certificate()
    carrier.write()


@fault("ind", refused("is not a delivery name", RENAME))
def folder_day_first(carrier: Carrier) -> None:
    """The folder is named by a date that is written day first."""
    carrier.step()
    carrier.moves(to_date(carrier.delivery.reference).strftime("%d-%m-%Y"))
    carrier.write()


@fault("coa", refused("there is no day 2026-02-30", RENAME))
def folder_of_no_day(carrier: Carrier) -> None:
    """The folder is named by a day that the calendar does not have."""
    carrier.resident()
    carrier.moves("2026-02-30")
    carrier.write()


@fault("rvr", refused("is not a delivery name", RENAME))
def folder_number_one(carrier: Carrier) -> None:
    """The folder carries the number 1: only redeliveries are numbered, from 2 on."""
    carrier.certificate()
    carrier.moves(f"{carrier.delivery.name}.1")
    carrier.write()


@fault("ind", refused("unknown partner 'idn': one of ind, coa, rvr", RENAME))
def partner_misspelt(carrier: Carrier) -> None:
    """The delivery lies below a folder that is no partner's."""
    carrier.step()
    carrier.moves(carrier.delivery.name, partner="idn")
    carrier.write()


@fault(
    "coa", taken({"repeated_file": 1}, "Ask the partner whether nothing changed; it is counted in `fct_data_quality`.")
)
def yesterdays_file_today(carrier: Carrier) -> None:
    """All that a delivery holds was delivered before under an earlier date, to the byte."""
    first = carrier.folder.parent / carrier.first / "locatie.csv"
    carrier.becomes(mode="full", base=None)
    carrier.add("locatie")
    carrier.write()
    carrier.put(first.read_bytes(), rows=first.read_bytes().count(b"\n") - 1)


@fault(
    "rvr",
    refused(
        "are gone (30% or more holds a full delivery)",
        f"{AGAIN} When it is the truth: `ketenzicht refresh --accept-drop`.",
    ),
)
def rows_gone(carrier: Carrier) -> None:
    """A full delivery lacks nearly all rows that were there before it."""
    carrier.becomes(mode="full", base=None)
    carrier.certificate()
    carrier.write()


@fault("coa", taken(remedy=NOTHING))
def header_only(carrier: Carrier) -> None:
    """A file has its header and no rows: there are none."""
    carrier.extracts["huisvesting"] = []
    carrier.write()
