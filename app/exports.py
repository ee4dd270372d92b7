"""Tables as files that people open in a spreadsheet, row by row: memory does not grow with their number.

Whatever a cell begins with, the spreadsheet must take it as text: what requesters typed never becomes a formula.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from openpyxl import Workbook

from workflows.errors import Text

MOST_ROWS_OF_A_SHEET = 200_000
_ACTIVE = re.compile(r"^[\s\u0000-\u001f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 64 * 1024

Cell = str | int | None
TOO_MANY_ROWS = Text(
    "มีมากกว่า 200,000 แถว ไฟล์ Excel จะใช้เวลาสร้างนานเกินไป กรุณากรองให้แคบลง หรือส่งออกเป็น CSV",
    "There are more than 200,000 rows, too many to make an Excel file of; narrow the filters or export as CSV",
)


def harmless(value: Cell) -> Cell:
    """The value as a spreadsheet may have it: an apostrophe before what it would take for a formula."""
    if not isinstance(value, str):
        return value
    text = _UNPRINTABLE.sub("", value)
    return f"'{text}" if _ACTIVE.match(text) else text


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it, a part at a time."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if out.tell() >= _CHUNK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def excel_file(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A workbook of one sheet, at most MOST_ROWS_OF_A_SHEET rows, by way of a temporary file that goes when the last
    part was taken."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    for row in itertools.islice(rows, MOST_ROWS_OF_A_SHEET):
        sheet.append([harmless(value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _parts(file)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while part := file.read(_CHUNK):
        yield part
