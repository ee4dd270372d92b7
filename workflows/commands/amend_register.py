"""Add or change one entry of a register that the administration keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from workflows import master_data
from workflows.chain import Event
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, NotFound, Text
from workflows.master_data import CHANGED, REGISTERS
from workflows.work import Work

_THERE = Text("มีรหัส {code} ในทะเบียนแล้ว", "The register has {code} already")


@dataclass(frozen=True, slots=True)
class AmendRegister:
    """Add an entry (``revision`` None) or change it as it was at a revision. Nothing is ever deleted.

    For those who keep the register: administrators, of some process owners, too. Raises NotAllowed, NotFound,
    InvalidAnswers by column, Conflict when the entry is there already or was changed since that revision. Gives the new
    revision; the old one when nothing differs.
    """

    register: str
    key: str
    values: Mapping[str, Any]
    revision: int | None

    def run(self, work: Work) -> int:
        register = REGISTERS[self.register]
        if work.actor.roles.isdisjoint(register.editors):
            raise NotAllowed()
        if not register.plain or not set(self.values) <= set(register.columns):
            raise NotAllowed(register=self.register)
        columns = register.record.__table__.c
        found = work.db.execute(work.lock(select(*columns).where(columns[register.key] == self.key))).mappings().first()
        before = self._before(found)
        errors = master_data.problems(work.db, register, self.key, self.values)
        if errors:
            raise InvalidAnswers(errors)
        changes = {name: [before.get(name), value] for name, value in self.values.items() if before.get(name) != value}
        if found is None:
            work.write(insert(register.record), {register.key: self.key, **self.values, "revision": 1})
        elif changes:
            same = columns[register.key] == self.key, columns.revision == self.revision
            values = {name: value for name, (_, value) in changes.items()}
            work.write(update(register.record).where(*same).values(**values, revision=found["revision"] + 1), expect=1)
        else:
            return int(found["revision"])
        kind = "register.added" if found is None else "register.changed"
        work.record(register.chain, Event(kind, name=self.key, private={"changes": _told(changes)}))
        return 1 if found is None else int(found["revision"]) + 1

    def _before(self, found: Any) -> Mapping[str, Any]:
        if self.revision is None:
            if found is not None:
                raise Conflict(_THERE.format(code=self.key))
            return {}
        if found is None:
            raise NotFound(entry=self.key)
        if found["revision"] != self.revision:
            raise Conflict(CHANGED)
        return dict(found)


def _told(changes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Changes as the history keeps them: days as texts."""
    return {
        name: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for name, pair in changes.items()
    }
