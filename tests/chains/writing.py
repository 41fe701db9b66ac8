"""Deliveries on disk as extracts.md describes them. Belongs here: formats and the manifest. Not: what is delivered."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.chains.facts import COLUMNS, KEYS, PARTNER_EXTRACTS, Row, Rows, key_of
from tests.chains.generated import Chain


@dataclass(frozen=True)
class Form:
    """How the files of a delivery are written; the defaults are those of the manifest."""

    format: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal_char: str = "."
    date_format: str = "%Y-%m-%d"
    gzipped: bool = False
    lower_case_enums: bool = False
    reversed_columns: bool = False


PLAIN = Form()


@dataclass(frozen=True)
class Base:
    """The delivery that a delta is made against: its name (`2025-01-31`, `2025-01-31.2`) and the rows it leaves."""

    name: str
    rows: Rows


ENUMS = {
    "soort_aanvraag", "geslacht", "procedure", "complexiteit", "stap", "status", "reden", "vorm", "uitkomst", "soort",
    "indiener", "uitspraak", "reden_uitstroom", "besluit", "rol", "ac_locatie",
}  # fmt: skip
PARQUET_TYPES = {date: pa.date32(), int: pa.int64(), Decimal: pa.decimal128(14, 2), str: pa.string()}


def write_delivery(
    chain: Chain | Rows,
    home: Path,
    partner: str,
    reference_on: date,
    sequence: int = 1,
    *,
    extracts: Iterable[str] | None = None,
    form: Form = PLAIN,
    base: Base | None = None,
) -> Path:
    """Writes a delivery of one partner, the manifest last, and returns its folder.

    `extracts` leaves out the others. With `base` it is a delta: only rows added (T), changed (G) or removed (V).
    """
    rows = chain.rows if isinstance(chain, Chain) else chain
    name = f"{reference_on}" if sequence == 1 else f"{reference_on}.{sequence}"
    folder = home / "deliveries" / partner / name
    folder.mkdir(parents=True)
    resources = []
    for extract in PARTNER_EXTRACTS[partner] if extracts is None else extracts:
        columns, content = COLUMNS[extract].split(), rows[extract]
        if base is not None:
            columns, content = ["mutatie", *columns], changes(extract, base.rows.get(extract, []), content)
        if form.reversed_columns:
            columns = columns[:1] + columns[:0:-1]
        resources.append(write_file(folder, extract, columns, content, form))
    manifest = {
        "name": f"{partner}-{name}",
        "created": f"{reference_on}T23:59:00+01:00",
        "partner": partner,
        "reference_date": str(reference_on),
        "mode": "full" if base is None else "delta",
        "contract": "1.0",
        "resources": resources,
    } | ({} if base is None else {"base": base.name})
    (folder / "datapackage.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return folder


def changes(extract: str, before: Iterable[Row], after: Iterable[Row]) -> list[Row]:
    """What a delta says: T added, G changed, V removed (with the key columns only)."""
    old = {key_of(extract, row): row for row in before}
    new = {key_of(extract, row): row for row in after}
    removed = [dict.fromkeys(row) | {c: row[c] for c in KEYS[extract]} for key, row in old.items() if key not in new]
    return (
        [{"mutatie": "V"} | row for row in removed]
        + [{"mutatie": "T"} | row for key, row in new.items() if key not in old]
        + [{"mutatie": "G"} | row for key, row in new.items() if key in old and old[key] != row]
    )


def write_file(folder: Path, extract: str, columns: list[str], rows: list[Row], form: Form) -> dict[str, Any]:
    """Writes one extract and returns its resource of the manifest."""
    suffix = {"csv": ".csv.gz" if form.gzipped else ".csv"}.get(form.format, f".{form.format}")
    path = folder / f"{extract}{suffix}"
    {"csv": write_csv, "parquet": write_parquet, "xlsx": write_xlsx}[form.format](path, columns, rows, form)
    content = path.read_bytes()
    resource = {
        "name": extract,
        "path": path.name,
        "format": form.format,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": len(rows),
    }
    if form.format == "csv":
        dialect = {"delimiter": form.delimiter, "decimalChar": form.decimal_char}
        resource |= {"encoding": form.encoding, "dialect": dialect}
    if form.date_format != "%Y-%m-%d":
        resource["dateFormat"] = form.date_format
    return resource


def cell(column: str, value: Any, form: Form) -> Any:
    """A value as text, save numbers and dates where the format has its own."""
    if isinstance(value, bool):
        value = "J" if value else "N"
    if form.lower_case_enums and column in ENUMS and value is not None:
        return value.lower()
    if form.format != "csv":
        return value
    if isinstance(value, date):
        return value.strftime(form.date_format)
    return str(value).replace(".", form.decimal_char) if isinstance(value, Decimal) else value


def write_csv(path: Path, columns: list[str], rows: list[Row], form: Form) -> None:
    """Cells are quoted only where they must be."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=form.delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(c, row[c], form) for c in columns] for row in rows)
    raw = buffer.getvalue().encode(form.encoding)
    path.write_bytes(gzip.compress(raw, mtime=0) if form.gzipped else raw)


def column_type(column: str, rows: Iterable[Mapping[str, Any]]) -> type:
    """The type of the first filled cell; text where there is none."""
    found = next((type(row[column]) for row in rows if row[column] is not None), str)
    return str if found is bool else found


def write_parquet(path: Path, columns: list[str], rows: list[Row], form: Form) -> None:
    """Dates, integers and decimals as such, J/N and enums as text; a column without values is text."""
    arrays = [pa.array([cell(c, row[c], form) for row in rows], PARQUET_TYPES[column_type(c, rows)]) for c in columns]
    pq.write_table(pa.table(dict(zip(columns, arrays, strict=True))), path)


def write_xlsx(path: Path, columns: list[str], rows: list[Row], form: Form) -> None:
    """One sheet: real date cells, numbers as numbers, codes with leading zeros as text."""
    with xlsxwriter.Workbook(path) as book:
        # The date of making would give the same rows another hash every second.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - a workbook's dates have no zone
        sheet, dates = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, columns)
        for at, row in enumerate(rows, start=1):
            for column, name in enumerate(columns):
                value = cell(name, row[name], form)
                if isinstance(value, date):
                    sheet.write_datetime(at, column, value, dates)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif value is not None:
                    sheet.write_number(at, column, float(value))
