"""Remember an uploaded ZIP with a list of persons, and the letter in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from sqlalchemy import insert

from workflows.bulk_lines import sealed_rows
from workflows.records import BundleRow, Document
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class File:
    """A file whose bytes are in the store."""

    id: str
    file_name: str
    content_type: str
    size: int
    sha256: str


class Bundle(NamedTuple):
    """What another process read in the ZIP: its unit by its name, the rows (number, cells) of its list."""

    unit_code: str
    rows: Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class StoreBundle:
    """Register a checked ZIP and its letter. They belong to no case until answers name the ZIP."""

    archive: File
    letter: File
    bundle: Bundle

    def run(self, work: Work) -> None:
        for file in (self.archive, self.letter):
            row: dict[str, Any] = {"case_id": None, "uploaded_by": work.actor.id, "created_at": work.now}
            work.write(insert(Document), {**asdict(file), **row})
        sealed = sealed_rows(work.services.keyring, self.archive.id, self.bundle.rows)
        work.write(
            insert(BundleRow),
            {
                "document_id": self.archive.id,
                "letter_id": self.letter.id,
                "unit_code": self.bundle.unit_code,
                "rows": sealed,
                "created_at": work.now,
            },
        )
