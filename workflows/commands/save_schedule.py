"""Keep a schedule of rounds: a new one, or what an administrator or process owner changed of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from workflows.actor import PROCESS_OWNERS
from workflows.chain import Event
from workflows.clock import bangkok_date
from workflows.errors import InvalidAnswers, NotAllowed
from workflows.records import RoundSchedule
from workflows.rules.round_schedules import problems
from workflows.work import Work

SCHEDULES = 3
"""The audit chain of the schedules of rounds."""


@dataclass(frozen=True, slots=True)
class SaveSchedule:
    """Store all values of one schedule (the columns of ``RoundSchedule`` without its stamps).

    Open rounds whose days it moves are moved by the worker, and their people told. Raises NotAllowed, InvalidAnswers
    for what the coming year could not keep. Gives whether anything changed.
    """

    values: Mapping[str, Any]

    def run(self, work: Work) -> bool:
        if not work.actor.roles.intersection(PROCESS_OWNERS):
            raise NotAllowed()
        wrong = problems(self.values, bangkok_date(work.now), work.services.holidays.calendar())
        if wrong:
            raise InvalidAnswers(wrong)
        code = self.values["code"]
        statement = select(*RoundSchedule.__table__.c).where(RoundSchedule.code == code)
        before = work.db.execute(work.lock(statement)).mappings().first()
        stamp = {"updated_at": work.now, "updated_by": work.actor.id}
        if before is None:
            work.write(insert(RoundSchedule), {**self.values, **stamp})
            changed = dict(self.values)
        else:
            changed = {name: value for name, value in self.values.items() if before[name] != value}
            if not changed:
                return False
            same = RoundSchedule.code == code, RoundSchedule.updated_at == before["updated_at"]
            work.write(update(RoundSchedule).where(*same).values(**changed, **stamp), expect=1)
        old = {name: before[name] for name in changed} if before is not None else {}
        work.record(SCHEDULES, Event("schedule.saved", name=code, data={"before": old, "after": changed}))
        return True
