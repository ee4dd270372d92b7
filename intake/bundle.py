"""A bundle: a ZIP with exactly one signed PDF and one .xlsx, the list of persons."""

from __future__ import annotations

from pathlib import PurePosixPath

from intake.archive import Archive, Limits
from intake.refusal import Refused

MOST_BYTES = 30 * 1024 * 1024
_LIMITS = Limits(files=20, one=MOST_BYTES, all=2 * MOST_BYTES)
_MADE_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_MACROS, _OLD = {".xlsm", ".xltm", ".xlam", ".xlsb"}, {".xls", ".ods", ".csv"}
_ARCHIVES = {".zip", ".rar", ".7z", ".gz", ".tar"}


def parts_of(data: bytes) -> tuple[str, bytes, bytes]:
    """Name and bytes of the PDF, bytes of the .xlsx. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused(
            "ไฟล์ ZIP ใหญ่เกิน 30 MB กรุณาลดความละเอียดของเอกสารสแกน",
            "The ZIP is larger than 30 MB; scan at a lower resolution",
        )
    archive = Archive(data, _LIMITS, "ไฟล์ ZIP (ZIP)")
    found: dict[str, list[str]] = {".pdf": [], ".xlsx": []}
    for name in archive.names:
        path = PurePosixPath(name)
        if path.parts[0] == "__MACOSX" or path.name in _MADE_BY_SYSTEMS:
            continue
        if path.suffix.lower() not in found:
            raise _stranger(path)
        found[path.suffix.lower()].append(name)
    for suffix, thai, english in (
        (".pdf", "PDF ที่ลงนามแล้ว", "signed PDF"),
        (".xlsx", "Excel (.xlsx) รายชื่อผู้ขอ", "Excel file (.xlsx) with the list"),
    ):
        if len(found[suffix]) != 1:
            count = len(found[suffix])
            raise Refused(
                f"ไฟล์ ZIP ต้องมี {thai} หนึ่งไฟล์ แต่พบ {count} ไฟล์", f"The ZIP must hold one {english}; {count} were found"
            )
    letter, sheet = found[".pdf"][0], found[".xlsx"][0]
    return PurePosixPath(letter).name, archive.read(letter), archive.read(sheet)


def _stranger(path: PurePosixPath) -> Refused:
    """What to say of what does not belong into a bundle, with the way out for what people often send."""
    suffix, name = path.suffix.lower(), path.name[:80]
    if suffix in _MACROS:
        return Refused(f"{name} มีหรืออาจมีมาโคร กรุณาบันทึกเป็น .xlsx", f"{name} may carry macros; save it as .xlsx")
    if suffix in _OLD:
        return Refused(f"{name} ต้องบันทึกเป็น .xlsx ก่อน", f"{name} has to be saved as .xlsx first")
    if suffix in _ARCHIVES:
        return Refused(
            f"{name} เป็นไฟล์บีบอัดซ้อนอยู่ใน ZIP กรุณาใส่ PDF และ Excel โดยตรง",
            f"{name} is an archive inside the ZIP; put the PDF and the Excel file in directly",
        )
    return Refused(
        f"{name} ไม่ใช่ PDF หรือ .xlsx กรุณาเอาออกจาก ZIP",
        f"{name} is neither a PDF nor an .xlsx file; take it out of the ZIP",
    )
