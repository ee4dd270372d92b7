"""Text functions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workflows.feel.builtins.registry import builtin
from workflows.feel.errors import Mismatch
from workflows.feel.limits import MAX_TEXT, Run, too_large
from workflows.feel.patterns import pattern, substituted
from workflows.feel.values import read


@builtin("substring", "string: text, start position: truncated, length: truncated?")
def substring(_run: Run, text: str, start: int, length: int | None = None) -> str:
    """Characters from a position on: 1 is the first, -1 the last.
    / ส่วนของข้อความตั้งแต่ตำแหน่งที่กำหนด 1 คือตัวแรก -1 คือตัวสุดท้าย

    substring("foobar", 3, 2) → "ob"
    substring("foobar", -2) → "ar"
    """
    if start == 0:
        raise Mismatch
    if abs(start) > len(text):
        return ""
    begin = start - 1 if start > 0 else len(text) + start
    if length is None:
        return text[begin:]
    return text[begin : begin + length] if length >= 1 else ""


@builtin("string length", "string: text")
def string_length(_run: Run, text: str) -> Decimal:
    """How many characters the text has. / จำนวนตัวอักษร

    string length("ไทย") → 3
    """
    return Decimal(len(text))


@builtin("upper case", "string: text")
def upper_case(_run: Run, text: str) -> str:
    """The text in capital letters. / เปลี่ยนเป็นตัวพิมพ์ใหญ่

    upper case("aBc") → "ABC"
    """
    return text.upper()


@builtin("lower case", "string: text")
def lower_case(_run: Run, text: str) -> str:
    """The text in small letters. / เปลี่ยนเป็นตัวพิมพ์เล็ก

    lower case("aBc") → "abc"
    """
    return text.lower()


@builtin("substring before", "string: text, match: text")
def substring_before(_run: Run, text: str, match: str) -> str:
    """What stands before the match; empty if it is not there. / ข้อความก่อนหน้าคำที่ค้น

    substring before("foobar", "bar") → "foo"
    """
    at = text.find(match)
    return text[:at] if at >= 0 else ""


@builtin("substring after", "string: text, match: text")
def substring_after(_run: Run, text: str, match: str) -> str:
    """What stands after the match; empty if it is not there. / ข้อความหลังคำที่ค้น

    substring after("foobar", "ob") → "ar"
    """
    at = text.find(match)
    return text[at + len(match) :] if at >= 0 else ""


@builtin("contains", "string: text, match: text")
def contains(_run: Run, text: str, match: str) -> bool:
    """Whether the match is in the text. / มีคำนี้ในข้อความหรือไม่

    contains("foobar", "ob") → true
    """
    return match in text


@builtin("starts with", "string: text, match: text")
def starts_with(_run: Run, text: str, match: str) -> bool:
    """Whether the text begins with the match. / ขึ้นต้นด้วยคำนี้หรือไม่

    starts with("foobar", "foo") → true
    """
    return text.startswith(match)


@builtin("ends with", "string: text, match: text")
def ends_with(_run: Run, text: str, match: str) -> bool:
    """Whether the text ends with the match. / ลงท้ายด้วยคำนี้หรือไม่

    ends with("foobar", "bar") → true
    """
    return text.endswith(match)


@builtin("trim", "string: text")
def trim(_run: Run, text: str) -> str:
    """The text without blanks at both ends. / ตัดช่องว่างหัวท้าย

    trim("  a b ") → "a b"
    """
    return text.strip()


@builtin("is blank", "string: text")
def is_blank(_run: Run, text: str) -> bool:
    """Whether the text is empty or only blanks. / ว่างหรือมีแต่ช่องว่างหรือไม่

    is blank(" ") → true
    """
    return not text.strip()


@builtin("matches", "input: text, pattern: text, flags: text or null?")
def matches(run: Run, text: str, expression: str, flags: str | None = None) -> bool:
    """Whether the pattern is found in the text; flags s, m, i, x, q. / ข้อความตรงกับรูปแบบหรือไม่

    matches("99001", "^[0-9]{5}$") → true
    """
    return pattern(run, expression, flags).search(text) is not None


@builtin("replace", "input: text, pattern: text, replacement: text, flags: text or null?")
def replace(run: Run, text: str, expression: str, replacement: str, flags: str | None = None) -> str:
    """The text with every match of the pattern replaced; ``$1`` is the first group. / แทนทุกส่วนที่ตรงกับรูปแบบ

    replace("22-11", "([0-9]+)-([0-9]+)", "$2/$1") → "11/22"
    """
    return substituted(run, text, expression, replacement, flags)


@builtin("extract", "string: text, pattern: text")
def extract(run: Run, text: str, expression: str) -> list[str]:
    """All matches of the pattern. / ดึงทุกส่วนที่ตรงกับรูปแบบ

    extract("unit 99001 and 99002", "[0-9]{5}") → ["99001", "99002"]
    """
    return [match.group(0) for match in pattern(run, expression, None).finditer(text)]


@builtin("split", "string: text, delimiter: text")
def split(run: Run, text: str, delimiter: str) -> list[str]:
    """The parts between the matches of a pattern. / ตัดข้อความเป็นส่วนตามตัวคั่น

    split("a;b;;c", ";") → ["a", "b", "", "c"]
    """
    if not delimiter:
        return list(text)
    return pattern(run, delimiter, None).split(text)


@builtin(
    "string join",
    "list: list, delimiter: text or null?",
    "list: list, delimiter: text or null, prefix: text or null, suffix: text or null",
)
def string_join(
    run: Run, items: list[Any], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> str:
    """The texts of the list as one, nulls left out; null if anything else is in it. / ต่อข้อความในรายการ ข้าม null

    string join(["a", null, "b"], "-") → "a-b"
    string join(["a", "b"], "-", "<", ">") → "<a-b>"
    """
    run.charge(len(items) << 1)
    texts = [item for item in map(read, items) if item is not None]
    if not all(isinstance(text, str) for text in texts):
        raise Mismatch
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    if size > MAX_TEXT:
        raise too_large(size, MAX_TEXT)
    return (prefix or "") + (delimiter or "").join(texts) + (suffix or "")
