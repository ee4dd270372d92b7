"""What the upload gate says about a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.errors import Text

Severity = Literal["error", "warning"]
Kind = Literal["process", "decision", "form"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. An error keeps the file out; a warning does not."""

    severity: Severity
    element_id: str | None
    line: int  # counted from 1; 1 also when the problem is about the whole file
    text: Text
    rule: str

    def __str__(self) -> str:
        return f"{self.line}: {self.element_id or '-'}: {self.text.th} / {self.text.en} [{self.severity} {self.rule}]"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is, what it would deploy (pairs of id and name), and everything that is wrong with it at once."""

    kind: Kind
    ids: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def accepted(self) -> bool:
        return not self.errors
