"""The smallest workbook that spreadsheets open, written by hand: no dependency for it.

Belongs here: the parts of an .xlsx. Does not belong here: what its cells mean.
"""

import csv
import io
import zipfile
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="export" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(content: bytes, *, formula_in: tuple[int, int] | None = None, macros: bool = False) -> bytes:
    """CSV with semicolons as a workbook of text cells; one cell (row, column, from 1) can be a formula instead."""
    rows = csv.reader(io.StringIO(content.decode()), delimiter=";")
    cells = "".join(
        f'<row r="{row}">{"".join(_cell(row, at, text, formula_in) for at, text in enumerate(line, start=1))}</row>'
        for row, line in enumerate(rows, start=1)
    )
    parts = _PARTS | {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            # a fixed time, so that equal parameters give equal bytes
            book.writestr(zipfile.ZipInfo(name), text)
        if macros:
            book.writestr(zipfile.ZipInfo("xl/vbaProject.bin"), b"\xcc\x61")
    return target.getvalue()


def _cell(row: int, column: int, text: str, formula_in: tuple[int, int] | None) -> str:
    at = f"{chr(ord('A') + column - 1)}{row}"
    if (row, column) == formula_in:
        return f'<c r="{at}"><f>A{row}</f></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
