"""Add somebody to the family of a LINE account, take somebody out, or leave LINE altogether."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.errors import Conflict, NotFound
from workflows.records import LineFamily, LinePerson, new_id
from workflows.rules import line_eligibility, masking
from workflows.work import Work


def _owner(work: Work) -> int:
    """The registered person who acts; their row is locked. Raises NotFound."""
    mine = work.lock(select(LinePerson.id).where(LinePerson.user_index == work.actor.line_index))
    found = work.db.execute(mine).scalar() if work.actor.line_index is not None else None
    if found is None:
        raise NotFound()
    return int(found)


@dataclass(frozen=True, slots=True)
class AddLineFamily:
    """Answer for a parent or a child without a phone. Raises Conflict with what is missing. Gives the member's id."""

    pid: str
    name: str
    relation: str
    consent_sha256: str

    def run(self, work: Work) -> int:
        owner, keyring, id_ = _owner(work), work.services.keyring, new_id()
        people = work.register.queue().people(work.actor)
        members = [each["pid"] for each in people[1:]]
        problem = line_eligibility.family_problem(people[0]["pid"], members, self.pid, self.relation)
        if problem is not None:
            raise Conflict(problem)
        taken = set(work.db.execute(select(LineFamily.place).where(LineFamily.person_id == owner)).scalars())
        row = {
            "id": id_,
            "person_id": owner,
            "place": next(place for place in range(1, line_eligibility.MOST_FAMILY + 1) if place not in taken),
            "relation": self.relation,
            "pid_sealed": keyring.seal(f"line.family/{id_}", self.pid.encode()),
            "pid_index": keyring.index("pid", self.pid),
            "pid_masked": masking.pid(self.pid),
            "name": self.name,
            "consent_sha256": self.consent_sha256,
            "added_at": work.now,
            "removed_at": None,
        }
        work.write(insert(LineFamily), row)  # its place is unique: two at once cannot be the fifth
        work.record(owner, Event("line.family_added", data={"relation": self.relation, "sha256": self.consent_sha256}))
        return id_


@dataclass(frozen=True, slots=True)
class RemoveLineFamily:
    """Answer for this member no more. Raises NotFound for anybody else's."""

    member_id: int

    def run(self, work: Work) -> None:
        owner = _owner(work)
        member = (LineFamily.id == self.member_id, LineFamily.person_id == owner, LineFamily.place.is_not(None))
        if work.db.execute(select(LineFamily.id).where(*member)).first() is None:
            raise NotFound()
        work.write(update(LineFamily).where(*member).values(place=None, removed_at=work.now), expect=1)
        work.record(owner, Event("line.family_removed", data={"member": str(self.member_id)}))


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Bind this LINE account to nobody; what it proved before stays evidence, what is unused counts no more."""

    def run(self, work: Work) -> None:
        owner = _owner(work)
        left = update(LinePerson).where(LinePerson.id == owner, LinePerson.left_at.is_(None))
        work.write(left.values(user_index=None, pid_index=None, left_at=work.now), expect=1)
        members = update(LineFamily).where(LineFamily.person_id == owner, LineFamily.place.is_not(None))
        work.write(members.values(place=None, removed_at=work.now))
        work.record(owner, Event("line.left"))
