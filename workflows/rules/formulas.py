"""Cells that a spreadsheet would take for formulas."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """The text as a cell of a CSV file or a workbook that no spreadsheet calculates: a quote in front where needed."""
    return f"'{text}" if text.startswith(_STARTS) else text
