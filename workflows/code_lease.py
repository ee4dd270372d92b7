"""Leasing counters of claim codes, a block at a time, in a short transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from workflows.code_block import CodeBlock
from workflows.errors import Conflict, Text
from workflows.ports import NeedsWriteLock
from workflows.records import CodeCounter
from workflows.work import Work

SERIES = "claim_code"
BLOCK = 500
"""How many counters are leased at once: some seconds of the busiest hour of one process."""
_OTHER_KEY = Text(
    "กุญแจของระบบ (SECRET_KEY) ไม่ใช่ดอกที่ใช้ออกรหัสเข้ารับบริการมาแต่เดิม รหัสใหม่อาจซ้ำของเก่า ให้ใช้กุญแจเดิม",
    "This SECRET_KEY is not the one claim codes were made with; new codes could repeat old ones. Use the former key",
)


@dataclass(frozen=True, slots=True)
class LeaseCodes:
    """Take the next block of counters for this process. The runtime executes it by itself when a block is used up.

    Raises Conflict when the key of this process is not the one the codes were made with so far.
    """

    block: CodeBlock
    count: int = BLOCK

    def run(self, work: Work) -> int:
        """Gives the first counter of the block."""
        if not work.locked:
            raise NeedsWriteLock
        dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
        first = dialect.insert(CodeCounter).values(name=SERIES, next=0, key_mark=self.block.key_mark)
        work.db.execute(first.on_conflict_do_nothing())
        taken = update(CodeCounter).where(CodeCounter.name == SERIES, CodeCounter.key_mark == self.block.key_mark)
        after = work.db.execute(taken.values(next=CodeCounter.next + self.count).returning(CodeCounter.next)).scalar()
        if after is None:
            raise Conflict(_OTHER_KEY)
        start: int = after - self.count
        work.after_commit(lambda: self.block.fill(start, self.count))
        return start
