"""Say that a worker process is alive."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from workflows.clock import real_now
from workflows.records import Heartbeat
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class BeatHeart:
    """Note the real time under the worker's name."""

    name: str

    def run(self, work: Work) -> None:
        known = work.db.execute(select(Heartbeat.name).where(Heartbeat.name == self.name)).first()
        if known:
            work.write(update(Heartbeat).where(Heartbeat.name == self.name).values(at=real_now()))
        else:
            work.write(insert(Heartbeat), {"name": self.name, "at": real_now()})
