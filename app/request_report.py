"""The report of requests in words: its filters as people type them, its columns as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from app import day_range
from app.access import product
from app.demo.places import REGIONS
from app.exports import Cell
from app.i18n import language
from app.pages_support import OUTCOMES
from workflows import master_data
from workflows.actor import Actor
from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.queries import report
from workflows.queries.master_data import every
from workflows.queries.report import RUNNING, Filters
from workflows.rules.thai_dates import numeric
from workflows.rules.thai_text import arabic_digits, normalise

HEAD = (
    "เลขเรื่อง", "กระบวนงาน", "เรื่อง", "เลขประจำตัวประชาชน (ปกปิด)", "รหัสหน่วยงาน", "หน่วยงาน", "จังหวัด", "สปสช. เขต",
    "ระบบที่ขอ", "การออกสิทธิ", "วันที่ส่ง", "วันที่ส่ง (ISO)", "สถานะ", "ขั้นตอน", "กำหนดเวลา", "วันครบกำหนด", "วันครบกำหนด (ISO)",
    "วันที่สิ้นสุด", "วันที่สิ้นสุด (ISO)",
)  # fmt: skip
"""The heads of an exported file: always Thai, so that files of different people can be laid together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody filters by: as typed, as understood, and what is wrong with it by field."""

    typed: Mapping[str, str]
    filters: Filters
    errors: Mapping[str, Text] = field(default_factory=dict)


def asked(given: Mapping[str, str]) -> Asked:
    """Read the filters of an address. Without dates the last thirty days are meant."""
    typed = {name: given.get(name, "").strip()[:100] for name in _NAMES}
    today = bangkok_date(product().runtime.clock.now())
    if "from" not in given and "to" not in given:
        typed |= day_range.usual(today)
    first, last, errors = day_range.understood(typed)
    exact = {name: typed[name] for name in _NAMES if name not in ("from", "to", "unit")}
    filters = Filters(first, last, unit=arabic_digits(normalise(typed["unit"])).upper(), **exact)
    return Asked(typed, filters, errors)


_NAMES = ("from", "to", "process", "region", "unit", "state", "sla", "system", "channel")


def options(db: Connection) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, by filter."""
    definitions = product().runtime.services.definitions
    known = (definitions.latest_process(id_) for id_ in definitions.latest_ids("process"))
    processes = [process for process in known if not (process.only_called or process.only_by_system)]
    return {
        "process": [(process.id, process.title(language())) for process in processes],
        "region": [
            (str(number), _("เขต %(n)s %(office)s", n=number, office=region.office))
            for number, region in REGIONS.items()
        ],
        "state": [(word, state_words(word)) for word in (RUNNING, *OUTCOMES) if word not in _NEVER_SENT],
        "sla": list(sla_options().items()),
        "system": [(row["code"], row["name"]) for row in every(db, master_data.SYSTEMS)],
        "channel": list(channel_options().items()),
    }


_NEVER_SENT = {"declined", "expired"}


def sla_options() -> dict[str, str]:
    """The states of the service clock in words."""
    return {
        "not_started": _("ยังไม่เริ่มนับ"),
        "running": _("กำลังนับ"),
        "paused": _("หยุดนับเวลา"),
        "met": _("ทันกำหนด"),
        "breached": _("เกินกำหนด"),
    }


def channel_options() -> dict[str, str]:
    """The ways of issuing in words."""
    return {"regular": _("ปกติ"), "smartcard": _("รอบสิทธิ Smart Card")}


def state_words(word: str) -> str:
    """A state of the report in words."""
    return _("กำลังดำเนินการ") if word == RUNNING else str(OUTCOMES.get(word, word))


def shaper(db: Connection) -> Callable[[Any], list[Cell]]:
    """What makes a case into the cells of a line, in the order of HEAD and in the language of this moment."""
    chosen = {name: dict(pairs) for name, pairs in options(db).items()}
    clocks, definitions = chosen["sla"], product().runtime.services.definitions

    def cells(row: Any) -> list[Cell]:
        sent, ended = bangkok_date(row.sent_at), row.ended_at and bangkok_date(row.ended_at)
        return [
            row.number,
            chosen["process"].get(row.process_id, row.process_id),
            row.subject,
            row.pid_masked,
            row.unit_code,
            row.unit_name,
            row.province,
            row.region,
            ", ".join(chosen["system"].get(code, code) for code in row.systems.split()),
            chosen["channel"].get(row.channel, row.channel),
            numeric(sent),
            sent.isoformat(),
            chosen["state"].get(state_of(row), state_of(row)),
            definitions.latest_process(row.process_id).said(row.stage, language()),
            clocks.get(row.sla_state, ""),
            numeric(row.sla_due) if row.sla_due else "",
            row.sla_due.isoformat() if row.sla_due else "",
            numeric(ended) if ended else "",
            ended.isoformat() if ended else "",
        ]

    return cells


def state_of(row: Any) -> str:
    """``running`` or the outcome."""
    return RUNNING if row.state == "ACTIVE" else str(row.outcome or row.state)


def lines(actor: Actor, filters: Filters) -> Iterator[list[Cell]]:
    """Every line of the report in Thai, read while it is written out."""
    runtime = product().runtime
    with force_locale("th"), runtime.reading() as db:
        cells = shaper(db)
    return (cells(row) for batch in report.batches(runtime.reading, actor, filters) for row in batch)
