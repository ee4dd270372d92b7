"""Remember an uploaded file whose bytes are already in the store."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from workflows.records import Document
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class StoreDocument:
    """Register a checked file under its id. It belongs to no case until answers name it."""

    document_id: str
    file_name: str
    content_type: str
    size: int
    sha256: str

    def run(self, work: Work) -> None:
        work.write(
            insert(Document),
            {
                "id": self.document_id,
                "case_id": None,
                "file_name": self.file_name,
                "content_type": self.content_type,
                "size": self.size,
                "sha256": self.sha256,
                "uploaded_by": work.actor.id,
                "created_at": work.now,
            },
        )
