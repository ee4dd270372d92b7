"""Card readings as proof: whose they may be, how old, and that each serves one case only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import Text
from workflows.ports import Change, Context
from workflows.rules.ladder import FRESH

_NO_READING = Text("ยังไม่ได้อ่านบัตร เสียบบัตรแล้วกดอ่านบัตร", "No card was read yet; insert the card and read it")
_NOT_YOURS = Text(
    "ผลการอ่านบัตรนี้เป็นของหน่วยหรือผู้อื่น ให้อ่านบัตรใหม่", "This reading belongs to another unit or person; read the card again"
)
_OLD = Text("ผลการอ่านบัตรนี้เก่าเกิน 15 นาที ให้อ่านบัตรใหม่", "This reading is older than 15 minutes; read the card again")
_USED = Text("ผลการอ่านบัตรนี้ใช้กับรายการอื่นแล้ว ให้อ่านบัตรใหม่", "This reading was used for another case; read the card again")


class Unusable(Exception):
    """A reading that proves nothing here, with the words for the desk and a code for the evidence."""

    def __init__(self, text: Text, why: str) -> None:
        super().__init__(text.en)
        self.text, self.why = text, why


def fresh_reading(reading_id: Any, unit_code: str, context: Context) -> tuple[Mapping[str, Any], tuple[Change, ...]]:
    """A reading that the actor made at this unit just now, and the change that ties it to this case.

    Raises Unusable."""
    reading = context.lookups.reading(str(reading_id)) if reading_id else None
    if reading is None:
        raise Unusable(_NO_READING, "no_reading")
    if reading["unit_code"] != unit_code or reading["actor"] != context.actor.id:
        raise Unusable(_NOT_YOURS, "not_yours")
    if reading["case_id"] == context.case_id:
        return reading, ()
    if reading["case_id"] is not None:
        raise Unusable(_USED, "used")
    if context.now - reading["at"] > FRESH:
        raise Unusable(_OLD, "old")
    return reading, (Change("reading.bind", {"id": int(reading["id"])}),)
