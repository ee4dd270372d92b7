"""Titles before Thai names: splitting "นางสาวมานี" into title and first name, for lists typed by other offices."""

from __future__ import annotations

from workflows.rules.thai_text import normalise

# Every way of writing it -> the title in full. Longest first when matching.
_TITLES = {
    "นาย": "นาย", "นาง": "นาง", "นางสาว": "นางสาว", "น.ส.": "นางสาว", "เด็กชาย": "เด็กชาย", "ด.ช.": "เด็กชาย",
    "เด็กหญิง": "เด็กหญิง", "ด.ญ.": "เด็กหญิง", "ว่าที่ร้อยตรี": "ว่าที่ร้อยตรี", "ว่าที่ ร.ต.": "ว่าที่ร้อยตรี", "ว่าที่ร.ต.": "ว่าที่ร้อยตรี",
    "ร้อยตรี": "ร้อยตรี", "ร.ต.": "ร้อยตรี", "ร้อยโท": "ร้อยโท", "ร.ท.": "ร้อยโท", "ร้อยเอก": "ร้อยเอก", "ร.อ.": "ร้อยเอก",
    "พ.ต.": "พันตรี", "พ.ท.": "พันโท", "พ.อ.": "พันเอก", "ร.ต.ต.": "ร้อยตำรวจตรี", "ร.ต.ท.": "ร้อยตำรวจโท",
    "ร.ต.อ.": "ร้อยตำรวจเอก", "พ.ต.ต.": "พันตำรวจตรี", "พ.ต.ท.": "พันตำรวจโท", "พ.ต.อ.": "พันตำรวจเอก",
    "ดร.": "ดร.", "ผศ.": "ผศ.", "รศ.": "รศ.", "ศ.": "ศ.", "นพ.": "นายแพทย์", "นายแพทย์": "นายแพทย์", "พญ.": "แพทย์หญิง",
    "แพทย์หญิง": "แพทย์หญิง", "ทพ.": "ทันตแพทย์", "ทพญ.": "ทันตแพทย์หญิง", "ภก.": "เภสัชกร", "ภญ.": "เภสัชกรหญิง",
    "พว.": "พยาบาลวิชาชีพ", "ม.ร.ว.": "หม่อมราชวงศ์", "ม.ล.": "หม่อมหลวง",
}  # fmt: skip
_LONGEST_FIRST = sorted(_TITLES, key=len, reverse=True)


def split(text: str) -> tuple[str, str]:
    """("นางสาว", "มานี") for "น.ส.มานี"; an empty title if the text begins with none, or would leave no name."""
    name = normalise(text)
    for written in _LONGEST_FIRST:
        if name.startswith(written) and len(name) > len(written):
            return _TITLES[written], name[len(written) :].strip()
    return "", name


def full(text: str) -> str | None:
    """A title in full, however it is written; None for what is no title."""
    return _TITLES.get(text) or (text if text in _TITLES.values() else None)
