"""What processes that may be killed at any moment write down: one file, one line per fact, each in one write.

A line is in the file once ``write`` has returned, whatever happens to the process afterwards.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """Facts by kind: ``intent`` (before a completion), ``done`` (acknowledged), ``received`` (by the outside)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, kind: str, **fact: Any) -> None:
        os.write(self._file, json.dumps([kind, fact]).encode() + b"\n")

    def read(self, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The facts of these kinds so far, oldest first."""
        for line in self.path.read_text().splitlines():
            kind, fact = json.loads(line)
            if kind in kinds:
                yield kind, fact
