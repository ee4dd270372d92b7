"""Files for target systems without an interface of their own: each batch of changes is one CSV file in a folder."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workflows.rules.formulas import harmless

COLUMNS = ("change", "at", "action", "username", "role", "role_name", "first_name", "last_name", "email")


class DropFolder:
    """``<folder>/<system>/<system>-<batch>.csv``. A file appears whole or not at all, and only once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, system_code: str, batch: str, lines: Sequence[Mapping[str, Any]]) -> Path:
        """Write one batch; the same batch again is the same file. Cells never begin like a formula."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows([harmless(str(line[name])) for name in COLUMNS] for line in lines)
        folder = self._folder / system_code
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{system_code}-{batch}.csv"
        fresh = folder / f".{file.name}.{os.getpid()}"
        with fresh.open("wb") as written:
            written.write(b"\xef\xbb\xbf" + text.getvalue().encode())  # the mark by which Excel knows UTF-8
            written.flush()
            os.fsync(written.fileno())
        fresh.replace(file)
        return file
