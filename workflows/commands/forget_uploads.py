"""Forget files that somebody uploaded and no answer ever named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.outgoing import write_messages
from workflows.ports import Message
from workflows.records import BundleRow, Document, Draft, table
from workflows.work import Work

KEPT = timedelta(days=7)
"""How long a file waits for the answers that name it."""
KEPT_WITH_DRAFT = timedelta(days=90)
"""How long it waits while whoever uploaded it has a draft saved since: the sealed draft may name it."""
SERVICE = 0
"""The audit chain of the service itself."""
ERASE = "documents.erase"
"""The effect that removes the bytes once the rows are gone."""
_IMPORTED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ForgetUploads:
    """Remove up to ``size`` uploaded files that became part of no case in time, with what was read from bulk files
    among them; their bytes go by the outbox after the commit. For the system itself. Gives how many files; the audit
    says how many, never whose.

    Lists of organisations stay: the history of the register names them. Of two who forget at once each file goes with
    one of them; who attaches it at that moment either has it or is told that it is gone.
    """

    size: int = 500

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        files, bundles = table(Document), table(BundleRow)
        unbound = files.c.case_id.is_(None)
        old = select(files.c.id).where(unbound, *_left_behind(files, work.now)).order_by(files.c.id).limit(self.size)
        found = work.db.execute(work.lock(old)).scalars().all()
        if not found:
            return 0
        work.write(delete(bundles).where(or_(bundles.c.document_id.in_(found), bundles.c.letter_id.in_(found))))
        work.write(delete(files).where(files.c.id.in_(found), unbound), expect=len(found))
        work.record(SERVICE, Event("uploads.forgotten", data={"documents": len(found)}))
        write_messages(work, [Message(ERASE, {"documents": list(found)}, key=f"{ERASE}:{found[0]}")], None)
        return len(found)


def _left_behind(files: Any, now: Any) -> tuple[ColumnElement[bool], ...]:
    draft = exists().where(Draft.actor == files.c.uploaded_by, Draft.saved_at >= files.c.created_at)
    archive = table(Document).alias()
    sent = exists().where(
        BundleRow.letter_id == files.c.id, archive.c.id == BundleRow.document_id, archive.c.case_id.is_not(None)
    )
    return (
        files.c.content_type != _IMPORTED,
        files.c.created_at < now - KEPT,
        or_(files.c.created_at < now - KEPT_WITH_DRAFT, ~draft),
        ~sent,
    )
