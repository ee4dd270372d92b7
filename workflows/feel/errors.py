"""What the expression language reports: one family, every message in Thai and English."""

from __future__ import annotations

from typing import Any

from workflows.errors import SitthiError, Text


class FeelError(SitthiError):
    """The expression could not be evaluated / คำนวณนิพจน์นี้ไม่ได้

    ``reason`` is a short stable word for tests and log lines: ``budget``, ``size``, ``depth``, ``pattern``,
    ``assertion``, ``type``, ``function``, ``internal`` or ``syntax``.
    """

    def __init__(self, text: Text | None = None, *, reason: str = "type", **details: Any) -> None:
        super().__init__(text, **details)
        self.reason = reason


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression / ข้อความนี้ไม่ใช่นิพจน์ FEEL

    ``position`` counts characters from 0; ``source`` is the whole text.
    """

    def __init__(self, text: Text, *, source: str, position: int) -> None:
        line = source.count("\n", 0, position) + 1
        column = position - source.rfind("\n", 0, position)
        near = source[max(0, position - 20) : position] + "⟨?⟩" + source[position : position + 20]
        super().__init__(
            Text(
                f"{text.th} (บรรทัด {line} ตัวอักษรที่ {column}: {near})",
                f"{text.en} (line {line}, character {column}: {near})",
            ),
            reason="syntax",
        )
        self.position = position
        self.source = source


class Mismatch(Exception):
    """Internal signal: an argument has the wrong type or range, so the FEEL result is null."""
