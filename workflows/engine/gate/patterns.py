"""Whether a regular expression typed by a process owner is safe to run on what anyone may enter."""

from __future__ import annotations

import re
from typing import Final

import regex

from workflows.errors import Text

MAX_PATTERN: Final = 500  # characters

_PART = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|P?<\w+>)?|[(|)]|[*+]\??|\?|\{\d+(,?\d*)\}\??|.", re.S
)


def pattern_fault(pattern: str) -> Text | None:
    """Why a pattern is refused, or None. Refused: too long, wrong, back references, look-behind, and an unlimited
    repetition of a group that itself repeats or branches, which can take exponential time."""
    if len(pattern) > MAX_PATTERN:
        return Text(f"ยาวเกิน {MAX_PATTERN} ตัวอักษร", f"it is over {MAX_PATTERN} characters long")
    try:
        regex.compile(pattern)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        return Text(f"เขียนไม่ถูกต้อง ({error})", f"it is malformed ({error})")
    return _danger(pattern)


def _danger(pattern: str) -> Text | None:
    varies = [False]  # for each open group: does it repeat or branch inside?
    closed_varies = False  # the group that ended just before this part
    for match in _PART.finditer(pattern):
        part = match[0]
        unlimited = part[0] in "*+" or (part[0] == "{" and (match[1] or "") == ",")
        if part.startswith(("(?<=", "(?<!")) or re.match(r"\\[1-9]|\\k", part) or part == "(?":
            return Text(
                "มีการอ้างย้อนกลับหรือมองย้อนหลัง ซึ่งไม่อนุญาต",
                "back references, look-behind and inline flags are not allowed",
            )
        if unlimited and closed_varies:
            return Text(
                "มีการซ้ำซ้อนกัน เช่น (a+)+ ซึ่งอาจทำงานไม่รู้จบ ให้เขียนใหม่โดยไม่ซ้ำสองชั้น",
                "it repeats a group that repeats or branches, such as (a+)+, which may never end; write it flat",
            )
        closed_varies = False
        if part.startswith("("):
            varies.append(False)
        elif part == ")":
            closed_varies = varies.pop() if len(varies) > 1 else False
            varies[-1] |= closed_varies
        elif unlimited or match[1] or part in {"|", "?"}:
            varies[-1] = True
    return None
