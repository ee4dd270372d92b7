"""What was counted as an attempt was none: whoever signs in with the right password does not use up the tries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update

from workflows.records import Attempt
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class TakeBackAttempts:
    """Take one counted attempt back under each of these keys."""

    keys: Sequence[str]

    def run(self, work: Work) -> None:
        counted = Attempt.key.in_(self.keys), Attempt.tries > 0
        work.write(update(Attempt).where(*counted).values(tries=Attempt.tries - 1))
