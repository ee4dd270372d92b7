"""CSV files that say who may do what in a target system."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from workflows.errors import FileRejected, Text

_MOST = 1_000_000


def read(lines: Iterable[str]) -> dict[str, set[str]]:
    """Username → role codes, from a CSV file with the columns username, role: one line for each role of an account that
    may be used there. Raises FileRejected if it is none."""
    reader = csv.DictReader(lines, strict=True)
    found: dict[str, set[str]] = {}
    try:
        header = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
        if not {"username", "role"} <= set(header):
            raise FileRejected(
                Text(
                    "บรรทัดแรกของไฟล์ต้องเป็นชื่อคอลัมน์ username,role",
                    "The first line of the file must name the columns username,role",
                )
            )
        for number, row in enumerate(reader, 2):
            username, role = ((row[header[name]] or "").strip() for name in ("username", "role"))
            if not username or not role or len(username) > 100 or len(role) > 100 or number > _MOST:
                raise FileRejected(
                    Text(
                        f"บรรทัดที่ {reader.line_num}: ต้องมี username และ role",
                        f"Line {reader.line_num}: username and role must be given",
                    )
                )
            found.setdefault(username, set()).add(role)
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileRejected(
            Text(f"ไฟล์ไม่ใช่ CSV แบบ UTF-8 ที่อ่านได้ (บรรทัด {reader.line_num})", f"Not a CSV file in UTF-8: {error}")
        ) from None
    return found
