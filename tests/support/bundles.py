"""Bundles as units send them, good ones and ones that were tampered with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import openpyxl
import pikepdf

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"


@cache
def letter() -> bytes:
    """A small PDF."""
    written = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(written)
    return written.getvalue()


def workbook(rows: Sequence[Sequence[str]], title: str = "รายชื่อ") -> bytes:
    """An .xlsx with these rows in its one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def packed(files: Mapping[str, bytes] | Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """A ZIP of these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, content)
    return written.getvalue()


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tampered(data: bytes, change: Callable[[Parts], object]) -> bytes:
    """The archive with its files changed."""
    parts = unpacked(data)
    change(parts)
    return packed(parts)


def bundle(sheet: bytes, pdf: bytes | None = None) -> bytes:
    """A ZIP with one letter and one list."""
    return packed({"หนังสือขอ.pdf": letter() if pdf is None else pdf, "เอกสารแนบ1.xlsx": sheet})
