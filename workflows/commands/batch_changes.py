"""Put the changes that wait for a system served by files into its next file."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.errors import NotAllowed
from workflows.outgoing import write_messages
from workflows.ports import Message, NeedsWriteLock
from workflows.records import Account, Provisioning, Role
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class BatchChanges:
    """Leave one message with the lines of one file, the oldest changes first, at most ``most``. For the system itself.

    Gives how many changes are in it.
    """

    system_code: str
    most: int = 5000

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        waiting = (
            select(*Provisioning.__table__.c, Role.name, Account.first_name, Account.last_name, Account.email)
            .outerjoin(Role, Role.code == Provisioning.role_code)
            .outerjoin(Account, Account.username == Provisioning.username)
            .where(Provisioning.system_code == self.system_code, Provisioning.key.is_(None))
            .order_by(Provisioning.id)
            .limit(self.most)
        )
        if work.db.dialect.name == "postgresql":
            waiting = waiting.with_for_update(of=Provisioning)
        rows = work.db.execute(waiting).all()
        if not rows:
            return 0
        if not work.locked:
            raise NeedsWriteLock
        key = f"provision.file/{self.system_code}/{rows[0].id}-{rows[-1].id}"
        mine = update(Provisioning).where(Provisioning.id.in_([row.id for row in rows]), Provisioning.key.is_(None))
        work.write(mine.values(key=key), expect=len(rows))
        lines = [
            {
                "change": str(row.id),
                "at": row.at.isoformat(),
                "action": row.action,
                "username": row.username,
                "role": row.role_code or "",
                "role_name": row.name or "",
                "first_name": row.first_name or "",
                "last_name": row.last_name or "",
                "email": row.email or "",
            }
            for row in rows
        ]
        payload = {"system": self.system_code, "batch": f"{rows[0].id}-{rows[-1].id}", "lines": lines}
        write_messages(work, [Message("provision.file", payload, key=key)], None)
        return len(rows)
