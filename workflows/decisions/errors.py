"""What can be wrong with a decision model, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from workflows.errors import SitthiError, Text


class Problem(NamedTuple):
    """One thing to mend: the id of the nearest element that has one, its line in the file, and the message."""

    element_id: str
    line: int
    text: Text


class DecisionError(SitthiError):
    """The decision model cannot be used / ตารางตัดสินใจนี้ใช้ไม่ได้"""

    def __init__(self, problems: Sequence[Problem]) -> None:
        texts = [problem.text for problem in problems]
        super().__init__(Text("; ".join(text.th for text in texts), "; ".join(text.en for text in texts)))
        self.problems = list(problems)
