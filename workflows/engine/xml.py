"""The only way an uploaded diagram becomes a tree: hardened, bounded, and without a document type.

Libxml2 today refuses the known attacks by default, but internal entities would still be expanded and can hide text from
a reviewer, so every document type is refused, in whatever encoding it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from workflows.errors import DiagramRejected, Text

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 20_000
MAX_DEPTH: Final = 100  # the deepest diagram of the public Camunda collections nests 14 levels

TEXTS: Final[Mapping[str, Text]] = {
    "too-large": Text(
        "ไฟล์ใหญ่เกิน 2 MiB ให้แบ่งเป็นหลายแผนผัง",
        "The file is over 2 MiB; split the diagram",
    ),
    "doctype": Text(
        "ไฟล์มีคำสั่ง DOCTYPE ซึ่งไม่อนุญาตเพื่อความปลอดภัย ให้ลบบรรทัดนั้นออก",
        "The file has a DOCTYPE, which is refused for safety; delete that line",
    ),
    "not-well-formed": Text(
        "ไฟล์ไม่ใช่ XML ที่ถูกต้อง ({reason}) ให้เปิดและบันทึกใหม่ด้วยโปรแกรมวาดแผนผัง",
        "The file is not well-formed XML ({reason}); open it in a diagram editor and save it again",
    ),
    "encoding": Text(
        "ไฟล์ใช้รหัสอักขระ {encoding} ให้บันทึกใหม่เป็น UTF-8",
        "The file is encoded in {encoding}; save it as UTF-8",
    ),
    "too-many-elements": Text(
        "ไฟล์มีองค์ประกอบเกิน 20,000 รายการ ให้แบ่งเป็นหลายแผนผัง",
        "The file has over 20,000 elements; split the diagram",
    ),
    "too-deep": Text(
        "ไฟล์ซ้อนกันลึกเกิน 100 ชั้น ให้แยกกระบวนงานย่อยเป็นอีกแผนผัง",
        "The file is nested over 100 levels deep; move inner processes to diagrams of their own",
    ),
}
"""Why a file is refused before it is looked at, by rule id."""

_ENCODINGS = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII"}
_MESSAGE_TAIL = re.compile(r",? line \d+, column \d+.*$|\s*\(<string>.*$", re.DOTALL)

Element = etree._Element


def parse(data: bytes) -> Element:
    """The root element of a diagram. No entity is expanded and no file or network address is read.

    Raises ``DiagramRejected``; its details hold ``rule`` (a key of ``TEXTS``) and ``line``.
    """
    if len(data) > MAX_BYTES:
        raise _rejected("too-large")
    plain = data.replace(b"\0", b"")  # the same bytes for UTF-8 and both kinds of UTF-16
    position = plain.find(b"<!DOCTYPE")
    if position >= 0:
        raise _rejected("doctype", plain.count(b"\n", 0, position) + 1)
    if plain.count(b"<") > 3 * MAX_ELEMENTS:  # two tags an element: bounds the memory before the tree is built
        raise _rejected("too-many-elements")
    root = _parsed(data)
    info: Any = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise _rejected("doctype")
    if (info.encoding or "UTF-8").upper() not in _ENCODINGS:
        raise _rejected("encoding", encoding=info.encoding)
    _measure(root)
    return root


def _parsed(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = _MESSAGE_TAIL.sub("", str(error)) or "empty file"
        raise _rejected("not-well-formed", getattr(error, "lineno", None) or 1, reason=reason) from None


def _measure(root: Element) -> None:
    elements, depth = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if elements > MAX_ELEMENTS:
            raise _rejected("too-many-elements")
        if depth > MAX_DEPTH:
            raise _rejected("too-deep")


def _rejected(rule: str, line: int = 1, **values: object) -> DiagramRejected:
    return DiagramRejected(TEXTS[rule].format(**values), rule=rule, line=line)
