"""CSV files in which target systems report when accounts were last used."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.wiring import Product
from workflows.actor import Actor
from workflows.commands.report_usage import ReportUsage
from workflows.errors import FileRejected, Text
from workflows.rules.usage_report import COLUMNS

_CHUNK = 2000
_MOST_SHOWN = 200


@dataclass
class Taken:
    """What became of a file: how many lines count, how many do not, and the first of these with line numbers."""

    taken: int = 0
    refused: int = 0
    errors: list[tuple[int, str, Text]] = field(default_factory=list)


def take_over(product: Product, actor: Actor, lines: Iterable[str]) -> Taken:
    """Report every line of a CSV file with the columns username, system, at. Raises FileRejected if it is none."""
    done = Taken()
    rows = _rows(lines)
    while chunk := list(islice(rows, _CHUNK)):
        wrong = product.runtime.execute(ReportUsage([row for _, row in chunk]), actor)
        done.taken += len(chunk) - len(wrong)
        done.refused += len(wrong)
        room = _MOST_SHOWN - len(done.errors)
        done.errors += [(chunk[n][0], str(chunk[n][1].get("username") or "")[:100], text) for n, text in wrong.items()][
            :room
        ]
    return done


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(lines, strict=True)
    try:
        header = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
        if not {"username", "at"} <= set(header):
            raise FileRejected(
                Text(
                    "บรรทัดแรกของไฟล์ต้องเป็นชื่อคอลัมน์ username,system,at",
                    "The first line of the file must name the columns username,system,at",
                )
            )
        for row in reader:
            yield reader.line_num, {name: row.get(header[name]) or "" for name in COLUMNS if name in header}
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileRejected(
            Text(f"ไฟล์ไม่ใช่ CSV แบบ UTF-8 ที่อ่านได้ (บรรทัด {reader.line_num})", f"Not a CSV file in UTF-8: {error}")
        ) from None
