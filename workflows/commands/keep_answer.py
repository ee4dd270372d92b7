"""Keep what a call was answered, or that nothing came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update

from workflows.records import IdempotentCall
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class KeepAnswer:
    """The same call is answered so from now on. None: nothing was done, and the key is free again."""

    key: str
    answer: Mapping[str, Any] | None

    def run(self, work: Work) -> None:
        this = IdempotentCall.key == self.key
        if self.answer is None:
            work.write(delete(IdempotentCall).where(this, IdempotentCall.answer.is_(None)))
            return
        clear = json.dumps(dict(self.answer), ensure_ascii=False).encode()
        sealed = work.services.keyring.seal(f"call/{self.key}", clear)
        work.write(update(IdempotentCall).where(this).values(answer=sealed))
