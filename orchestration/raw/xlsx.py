"""The first sheet of a workbook as plain CSV: dates stay dates, text stays text.

Belongs here: how a typed cell is written as text. Does not belong here: checking the text (`raw.judging`).
"""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine


def sheet_as_csv(workbook: Path, target: Path, date_format: str, decimal_char: str) -> None:
    """Write the first sheet as UTF-8 CSV with commas; date cells in `date_format`, decimals with `decimal_char`.

    Raises:
        OSError: the workbook is encrypted, damaged, or has no sheet.
    """
    try:
        with python_calamine.CalamineWorkbook.from_path(str(workbook)) as book:
            rows = book.get_sheet_by_index(0).iter_rows()
            with target.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                for row in rows:
                    cells = [_as_text(cell, date_format, decimal_char) for cell in row]
                    # rows of a sheet that were only formatted are not rows
                    writer.writerow(cells if any(cells) else [])
    except (python_calamine.CalamineError, IndexError) as error:
        raise OSError(f"not a readable workbook: {type(error).__name__}") from error


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
