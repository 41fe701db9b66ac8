"""The first sheet of a workbook as plain CSV: dates stay dates, text stays text.

Belongs here: which workbooks are refused, how a typed cell is written as text. Does not belong here: checking the text
(`raw.judging`).
"""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import python_calamine

from orchestration.durable import reached

CHUNK = 4 * 1024 * 1024
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an encrypted workbook begins, and one of Excel 2003 and before."""
FORMULA = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]+[0-9]+)\"[^>]*>\s*<(?:\w+:)?f[\s/>]")
LONGEST_CELL_START = 1000
"""Bytes within which a cell and the start of its formula stand: two chunks overlap by so much."""


class WorkbookError(ValueError):
    """A workbook that cannot be taken; the message says why, and what to do."""


def sheet_as_csv(workbook: Path, target: Path, date_format: str, decimal_char: str) -> None:
    """Write the first sheet as UTF-8 CSV with commas; date cells in `date_format`, decimals with `decimal_char`.

    Raises:
        WorkbookError: encrypted, damaged, with macros or formulas, or without a sheet.
    """
    _refuse(workbook)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(workbook)) as book:
            rows = book.get_sheet_by_index(0).iter_rows()
            with target.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                for row in rows:
                    cells = [_as_text(cell, date_format, decimal_char) for cell in row]
                    # rows of a sheet that were only formatted are not rows
                    writer.writerow(cells if any(cells) else [])
                reached("intake.sheet_copied")
    except (python_calamine.CalamineError, IndexError) as error:
        raise WorkbookError("not a readable workbook: damaged, or something else; deliver it again") from error


def _refuse(workbook: Path) -> None:
    """Raises WorkbookError for what cannot be read, may run, or is computed only when somebody opens it."""
    with workbook.open("rb") as stream:
        if stream.read(len(OLE)) == OLE:
            raise WorkbookError("encrypted, or of Excel 2003 or before: save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(workbook) as parts:
            names = parts.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise WorkbookError("holds macros: save it as .xlsx without them")
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with parts.open(name) as sheet:
                        if cell := next(_formulas(sheet), None):
                            raise WorkbookError(f"cell {cell} holds a formula: paste values, and deliver it again")
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise WorkbookError("not a readable workbook: damaged, or something else; deliver it again") from error


def _formulas(sheet: IO[bytes]) -> Iterator[str]:
    """The cells of a sheet that hold a formula."""
    before = b""
    while chunk := sheet.read(CHUNK):
        for found in FORMULA.finditer(before + chunk):
            yield found[1].decode()
        before = chunk[-LONGEST_CELL_START:]


def _as_text(cell: Any, date_format: str, decimal_char: str) -> str:
    match cell:
        case bool():
            return "J" if cell else "N"
        case datetime() if cell.time() == time():
            return cell.strftime(date_format)
        case datetime() | time() | timedelta():
            return str(cell)
        case date():
            return cell.strftime(date_format)
        case float() if cell.is_integer():
            return str(int(cell))
        case float():
            return repr(cell).replace(".", decimal_char)
        case _:
            return str(cell).replace("\r\n", " ").replace("\n", " ")
