"""Remember that somebody took data out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.master_data import EXPORTS
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class RecordExport:
    """Tell the audit chain of exports: which report, as what, filtered how, how many rows. Before the first byte."""

    report: str
    format: str
    filters: Mapping[str, str]
    rows: int

    def run(self, work: Work) -> None:
        if work.actor.account_id is None:
            raise NotAllowed()
        data = {"format": self.format, "filters": dict(self.filters), "rows": self.rows}
        work.record(EXPORTS.chain, Event("report.exported", name=self.report, data=data))
