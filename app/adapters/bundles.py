"""Files with many persons in them: opened by another process within limits, and what it said."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.bundle import MOST_BYTES
from workflows.errors import FileRejected, Text, TooMany
from workflows.rules.thai_text import arabic_digits, normalise

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 20
_AT_ONCE = threading.BoundedSemaphore(2)
_NAME = re.compile(r"([0-9]{5})\s*-\s*\S.*\.zip", re.IGNORECASE)
_NOT_NAMED = Text(
    "ชื่อไฟล์ต้องเป็น รหัสหน่วย 5 หลัก-ชื่อหน่วย.zip เช่น 99001-รพ.สต.ตัวอย่าง.zip กรุณาเปลี่ยนชื่อไฟล์",
    "The file name must be the five-digit unit code, a dash and the unit's name: 99001-name.zip; rename the file",
)
_GAVE_UP = Text(
    "ตรวจไฟล์นี้ไม่เสร็จในเวลาที่กำหนด ไฟล์อาจเสียหายหรือซับซ้อนผิดปกติ กรุณาสร้างใหม่จากแบบฟอร์ม",
    "This file could not be checked within its limits; it may be damaged. Make it again from the template",
)

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A ZIP that passed: the unit its name says, the rows of its list, the signed letter."""

    unit_code: str
    rows: Rows
    letter_name: str
    letter: bytes


def open_bundle(file_name: str, data: bytes) -> Bundle:
    """Name and content of a bundle. Raises FileRejected saying what is wrong, TooMany when the machine is busy."""
    named = _NAME.fullmatch(arabic_digits(normalise(file_name.replace("\\", "/").rpartition("/")[2])))
    if named is None:
        raise FileRejected(_NOT_NAMED)
    if len(data) > MOST_BYTES:
        raise FileRejected(Text("ไฟล์ ZIP ใหญ่เกิน 30 MB", "The ZIP is larger than 30 MB"))
    found, letter = _ask("bundle", data)
    return Bundle(named[1], _rows(found), found["letter"]["name"], letter)


def open_sheet(data: bytes) -> Rows:
    """(row number, cells) of an .xlsx file. Raises FileRejected, TooMany."""
    return _rows(_ask("sheet", data)[0])


def _rows(found: dict[str, Any]) -> Rows:
    return [(int(number), [str(cell) for cell in cells]) for number, cells in found["rows"]]


def _ask(kind: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    if not _AT_ONCE.acquire(timeout=_SECONDS):
        raise TooMany()
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with nothing of the caller's in its arguments
            [sys.executable, "-Es", "-m", "intake", kind],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            cwd=_ROOT,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise FileRejected(_GAVE_UP) from late
    finally:
        _AT_ONCE.release()
    if done.returncode != 0:  # killed by a limit, or broken by the file
        raise FileRejected(_GAVE_UP)
    line, _, rest = done.stdout.partition(b"\n")
    found: dict[str, Any] = json.loads(line)
    if "refused" in found:
        raise FileRejected(Text(*found["refused"]))
    return found, rest
