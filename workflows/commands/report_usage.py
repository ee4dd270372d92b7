"""Take over from target systems when accounts were last used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, Text
from workflows.records import Account, TargetSystem, table
from workflows.rules.usage_report import Use, parse
from workflows.work import Work

SERVICE = 0
"""The audit chain of the service itself."""

_ACCOUNTS = table(Account)
_LATER = (
    update(_ACCOUNTS)
    .where(
        _ACCOUNTS.c.id == bindparam("of_account"),
        or_(_ACCOUNTS.c.last_used_at.is_(None), _ACCOUNTS.c.last_used_at < bindparam("used_at")),
    )
    .values(last_used_at=bindparam("used_at"))
)


@dataclass(frozen=True, slots=True)
class ReportUsage:
    """Take over a list of uses: {username, at, system?}. Wrong entries are left out and named; the others count.

    A last use only ever moves forward, so a report may come twice or late. A use never wakes a suspended account. For
    owners of systems (their own only) and administrators. Gives what is wrong, by the number of the entry.
    """

    entries: Sequence[Any]

    def run(self, work: Work) -> dict[int, Text]:
        actor = work.actor
        if not actor.is_system and not actor.roles & {"system_owner", "admin"}:
            raise NotAllowed()
        wrong: dict[int, Text] = {}
        uses: dict[int, Use] = {}
        for number, entry in enumerate(self.entries):
            found = parse(entry, work.now)
            if isinstance(found, Text):
                wrong[number] = found
            else:
                uses[number] = found
        wrong |= dict(self._refused(work, uses))
        ids = self._accounts(work, {use.username for number, use in uses.items() if number not in wrong})
        rows: dict[int, datetime] = {}
        for number, use in uses.items():
            if number not in wrong and use.username not in ids:
                wrong[number] = Text(f"ไม่พบบัญชี {use.username}", f"There is no account {use.username}")
            elif number not in wrong:
                account = ids[use.username]
                rows[account] = max(use.at, rows.get(account, use.at))
        if rows:
            work.write(_LATER, [{"of_account": account, "used_at": at} for account, at in sorted(rows.items())])
        systems = sorted({use.system for number, use in uses.items() if number not in wrong and use.system})
        data = {"taken": len(self.entries) - len(wrong), "refused": len(wrong), "systems": systems[:20]}
        work.record(SERVICE, Event("usage.reported", data=data))
        return dict(sorted(wrong.items()))

    def _refused(self, work: Work, uses: dict[int, Use]) -> Iterator[tuple[int, Text]]:
        known = set(work.db.execute(select(TargetSystem.code)).scalars())
        everywhere = work.actor.is_system or "admin" in work.actor.roles
        for number, use in uses.items():
            if use.system and use.system not in known:
                yield number, Text(f"ไม่มีระบบงาน {use.system}", f"There is no target system {use.system}")
            elif not everywhere and f"system_owner:{use.system}" not in work.actor.groups:
                yield (
                    number,
                    Text("ระบุ system ที่ท่านเป็นเจ้าของ", "Name a system that you own in the member system"),
                )

    def _accounts(self, work: Work, usernames: set[str]) -> dict[str, int]:
        names = sorted(usernames)
        found: dict[str, int] = {}
        for start in range(0, len(names), 500):
            part = Account.username.in_(names[start : start + 500])
            found |= {row.username: row.id for row in work.db.execute(select(Account.username, Account.id).where(part))}
        return found
