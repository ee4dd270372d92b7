"""Take over a list of organisations exactly as it was previewed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, Text
from workflows.master_data import ORGANISATIONS
from workflows.records import Document, Organisation
from workflows.rules import unit_import
from workflows.rules.unit_import import Change, Line
from workflows.work import Work

_OTHERWISE = Text(
    "ทะเบียนเปลี่ยนไปหลังจากแสดงตัวอย่าง ยังไม่ได้นำเข้า กรุณาตรวจตัวอย่างใหม่แล้วยืนยันอีกครั้ง",
    "The register changed after the preview; nothing was taken over. Look at the preview again and confirm",
)
_WRONG = Text("ไฟล์ยังมีแถวที่ต้องแก้ ยังไม่ได้นำเข้า", "The file still has wrong rows; nothing was taken over")


@dataclass(frozen=True, slots=True)
class ApplyUnitImport:
    """Store all that the lines say, or nothing. ``digest`` is that of the plan somebody looked at and confirmed; the
    plan is made anew here, from the register as it is now, and must be the same. ``document_id`` is the sealed file.

    For administrators. Raises NotAllowed, Conflict. Gives how many entries are new and how many changed.
    """

    lines: Sequence[Line]
    digest: str
    document_id: str

    def run(self, work: Work) -> tuple[int, int]:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        rows = work.db.execute(work.lock(select(*Organisation.__table__.c))).mappings()
        plan = unit_import.plan(self.lines, {row["code"]: dict(row) for row in rows})
        if plan.wrong:
            raise Conflict(_WRONG)
        if plan.digest != self.digest:
            raise Conflict(_OTHERWISE)
        for rank in _by_rank(plan.new):
            work.write(insert(Organisation), [_row(each) for each in rank])
        for each in plan.changed:
            same = Organisation.code == each.line.code, Organisation.revision == each.revision
            values = {name: after for name, (_, after) in each.changes.items()}
            work.write(update(Organisation).where(*same).values(**values, revision=each.revision + 1), expect=1)
        if plan.new or plan.changed:
            work.record(ORGANISATIONS.chain, *self._events(work, plan))
        return len(plan.new), len(plan.changed)

    def _events(self, work: Work, plan: unit_import.Plan) -> Iterable[Event]:
        file = work.db.execute(select(Document.sha256).where(Document.id == self.document_id)).scalar()
        counts = {"new": len(plan.new), "changed": len(plan.changed), "same": len(plan.same)}
        yield Event("register.imported", data={"document": self.document_id, "sha256": file, **counts})
        for each in (*plan.new, *plan.changed):
            kind = "register.changed" if each.revision else "register.added"
            changes = {name: list(pair) for name, pair in each.changes.items()}
            yield Event(kind, name=each.line.code, data={"import": self.document_id}, private={"changes": changes})


def _row(change: Change) -> dict[str, Any]:
    """A whole row: a statement that inserts many needs the same columns in each."""
    blank: dict[str, Any] = dict.fromkeys(ORGANISATIONS.columns, "")
    blank |= {"supervisor": None, "latitude": None, "longitude": None, "active": True}
    return {**blank, **change.line.values, "code": change.line.code, "revision": 1}


def _by_rank(new: Sequence[Change]) -> Iterable[list[Change]]:
    """New entries, those that supervise before those they supervise."""
    waiting = {each.line.code: each for each in new}
    while waiting:
        rank = [each for each in waiting.values() if each.line.values.get("supervisor") not in waiting]
        yield rank
        for each in rank:
            del waiting[each.line.code]
