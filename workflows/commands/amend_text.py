"""Change a mail, SMS or agreement text."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.master_data import CHANGED, TEXTS
from workflows.operators.texts import version_of
from workflows.records import EditableText
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class AmendText:
    """Store a new version of a text as it was at a revision. The history keeps every version with its SHA-256, by which
    consents name what was agreed to.

    For administrators. Raises NotAllowed, NotFound, Conflict when it was changed meanwhile. Gives the new revision.
    """

    key: str
    body: str
    revision: int
    reset: bool = False

    def run(self, work: Work) -> int:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        columns = EditableText.body, EditableText.revision
        found = work.db.execute(work.lock(select(*columns).where(EditableText.key == self.key))).first()
        if found is None:
            raise NotFound(key=self.key)
        if found.revision != self.revision:
            raise Conflict(CHANGED)
        if found.body == self.body:
            return self.revision
        same = EditableText.key == self.key, EditableText.revision == self.revision
        values = {"body": self.body, "updated_at": work.now, "updated_by": work.actor.id}
        work.write(update(EditableText).where(*same).values(**values, revision=self.revision + 1), expect=1)
        data = {"sha256": [version_of(found.body), version_of(self.body)]}
        private = {"changes": {"body": [found.body, self.body]}}
        kind = "text.reset" if self.reset else "register.changed"
        work.record(TEXTS.chain, Event(kind, name=self.key, data=data, private=private))
        return self.revision + 1
