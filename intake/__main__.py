"""The program: limits first, then the file."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from intake import pdf
from intake.bundle import MOST_BYTES, parts_of
from intake.refusal import Refused
from intake.workbook import rows_of

_MEMORY = 768 * 1024 * 1024
_CPU_SECONDS = 10


def _bind() -> None:
    """Bind this process: processor time, memory, no file written, no other process, hardly a file opened."""
    limits = (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
    )
    for what, most in limits:
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # a system without this limit; the caller's clock still holds
            continue


def read(kind: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    """What is in the file, and the bytes of its letter. Raises Refused."""
    if kind == "sheet":
        return {"rows": rows_of(data)}, b""
    name, letter, sheet = parts_of(data)
    wrong = pdf.problem(letter)
    if wrong == "broken":
        raise Refused(
            f"{name} ไม่ใช่ PDF ที่เปิดได้ กรุณาบันทึกเป็น PDF ใหม่", f"{name} is not a readable PDF; save it as PDF again"
        )
    if wrong == "active":
        raise Refused(
            f"{name} มีคำสั่งหรือไฟล์ฝังอยู่ กรุณาพิมพ์เป็น PDF ใหม่", f"{name} carries active content; print it to PDF again"
        )
    return {"rows": rows_of(sheet), "letter": {"name": name, "size": len(letter)}}, letter


def main() -> None:
    _bind()
    letter = b""
    try:
        found, letter = read(sys.argv[1], sys.stdin.buffer.read(MOST_BYTES + 1))
    except Refused as refused:
        found = {"refused": [refused.th, refused.en]}
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode() + b"\n" + letter)


if __name__ == "__main__":
    main()
