"""Numbers of lines as people write them: "3, 7-9"."""

from __future__ import annotations

import re

from workflows.errors import Text
from workflows.rules.thai_text import arabic_digits, normalise

_PART = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?")
_MOST = 1_000
NOT_NUMBERS = Text("กรอกลำดับคั่นด้วยจุลภาค เช่น 3, 7-9", "Write line numbers with commas between them, such as 3, 7-9")


def parse(text: str) -> list[int] | None:
    """The numbers in the order written; None if it is no such list."""
    found: list[int] = []
    for part in arabic_digits(normalise(text)).split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first > _MOST:
            return None
        found += range(first, last + 1)
    return found
