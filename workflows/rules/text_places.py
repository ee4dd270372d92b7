"""The ``{name}`` places of an editable text, checked against those that the product fills."""

from __future__ import annotations

import re
from typing import NamedTuple

from workflows.errors import Text

_PLACE = re.compile(r"\{([^{}\n]*)\}")
_ESSENTIAL = {"code", "link"}
"""Without these a message is of no use."""

EMPTY = Text("กรุณากรอกข้อความ", "Please write the text")
LONGEST = 10_000
_UNKNOWN = Text(
    "ไม่รู้จักช่อง {names} ผู้รับจะเห็นตามตัวอักษร ช่องที่ใช้ได้คือ {known}",
    "Nothing fills {names}; people would see it as written. Known places: {known}",
)
_NO_PLACES = Text("ข้อความนี้ไม่มีช่องให้เติม แต่พบ {names}", "Nothing is filled into this text, but it has {names}")
_MISSING = Text("ต้องมีช่อง {names} มิฉะนั้นข้อความใช้ไม่ได้", "The text needs {names}; without it the message is of no use")
_LEFT_OUT = Text("ข้อความตั้งต้นมีช่อง {names} แต่ข้อความนี้ไม่มี", "The shipped text has {names}, this one does not")
_NO_BODY = Text("บรรทัดแรกเป็นหัวเรื่อง เนื้อความเริ่มหลังจากนั้น", "The first line is the subject; the text follows below it")
_TOO_LONG = Text("ข้อความยาวเกิน 10,000 ตัวอักษร", "The text is longer than 10,000 characters")


class Checked(NamedTuple):
    """``wrong`` must be mended; ``notes`` may be meant so."""

    wrong: list[Text]
    notes: list[Text]


def places(text: str) -> list[str]:
    """The names between braces, each once, in order."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def check(text: str, shipped: str, *, has_subject: bool) -> Checked:
    """What an edited text would do, compared with the one that was shipped: only its places are filled."""
    known, used = places(shipped), places(text)
    wrong, notes = [], []
    if not text.strip():
        return Checked([EMPTY], [])
    if len(text) > LONGEST:
        wrong.append(_TOO_LONG)
    if unknown := [name for name in used if name not in known]:
        template = _UNKNOWN if known else _NO_PLACES
        wrong.append(template.format(names=_named(unknown), known=_named(known)))
    left_out = [name for name in known if name not in used]
    if needed := [name for name in left_out if name in _ESSENTIAL]:
        wrong.append(_MISSING.format(names=_named(needed)))
    if others := [name for name in left_out if name not in _ESSENTIAL]:
        notes.append(_LEFT_OUT.format(names=_named(others)))
    if has_subject and not text.strip().partition("\n")[2].strip():
        wrong.append(_NO_BODY)
    return Checked(wrong, notes)


def _named(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
