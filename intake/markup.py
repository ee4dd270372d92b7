"""XML from strangers, read event by event. A document type, and with it every entity, is refused."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from intake.refusal import Refused

_DEEPEST = 64

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Words = Callable[[str], None]


def scan(data: bytes, start: Start | None = None, end: End | None = None, text: Words | None = None) -> None:
    """Read a part of a workbook; names come without their namespaces. Raises Refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def refuse_doctype(*_: object) -> None:
        raise Refused(
            "ไฟล์ Excel มีคำสั่ง DOCTYPE ซึ่งไม่อนุญาต กรุณาบันทึกใหม่จาก Excel",
            "The Excel file carries a DOCTYPE, which is not allowed",
        )

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Refused("ไฟล์ Excel ซ้อนกันลึกผิดปกติ", "The Excel file is nested too deeply")
        if start is not None:
            start(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name.rpartition(" ")[2])

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.EntityDeclHandler = refuse_doctype
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as broken:
        raise Refused(
            "ไฟล์ Excel เสียหาย กรุณาเปิดใน Excel แล้วบันทึกใหม่",
            "The Excel file is damaged; open it in Excel and save it again",
        ) from broken
