"""What a paper is made of: paragraphs, tables with repeated heads, QR codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from reportlab.lib import colors
from reportlab.platypus import LongTable, TableStyle
from reportlab.platypus.flowables import Flowable

from app.adapters.pdf.fonts import REGULAR, shaped, show
from app.adapters.pdf.page import TEXT_WIDTH
from app.adapters.pdf.words import Content, Word, bold, fitting, words

LEFT, CENTRE, RIGHT, JUSTIFY = "left", "centre", "right", "justify"
LEADING = 1.47
"""Line height as a multiple of the size. Below 1.45 tone marks touch the vowels of the line above."""

_MOST_STRETCH = 1.2  # a space of a justified line grows by at most this much of the size; else the line stays ragged


_TALLEST_ROW = 440  # points: what a landscape page holds below the head of a table


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph looks; lengths in points."""

    size: float = 14
    align: str = LEFT
    first: float = 0
    left: float = 0
    before: float = 0
    after: float = 0
    grey: float = 0
    with_next: bool = False

    @property
    def leading(self) -> float:
        return self.size * LEADING


@dataclass(slots=True)
class _Line:
    words: list[Word]
    indent: float
    last: bool


class Paragraph(Flowable):
    """Text that breaks between Thai words, shaped, over as many pages as it needs."""

    def __init__(self, content: Content, style: Style = Style(), lines: list[_Line] | None = None) -> None:
        super().__init__()
        self.style = style
        self.keepWithNext = style.with_next
        self._words = words(content) if lines is None else []
        self._lines = lines
        self._broken_for: float | None = None

    def getSpaceBefore(self) -> float:  # noqa: N802
        return self.style.before

    def getSpaceAfter(self) -> float:  # noqa: N802
        return self.style.after

    def minWidth(self) -> float:  # noqa: N802
        return max((word.width(self.style.size) for word in self._words), default=0) + self.style.left

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        if self._lines is None or (self._words and self._broken_for != room):
            self._lines, self._broken_for = self._break(room), room
        self.width, self.height = room, len(self._lines) * self.style.leading
        return self.width, self.height

    def split(self, room: float, height: float) -> list[Paragraph]:
        if self._lines is None:  # a table asks with the width of the cell although it wrapped without its padding
            self.wrap(room, height)
        assert self._lines is not None
        fit = int((height + 1e-6) // self.style.leading)
        if fit <= 0:
            return []
        if fit >= len(self._lines):
            return [self]
        return [Paragraph("", self.style, self._lines[:fit]), Paragraph("", self.style, self._lines[fit:])]

    def draw(self) -> None:
        style = self.style
        y = self.height - style.size * 1.1  # the baseline of the first line
        for line in self._lines or ():
            runs = _runs(line.words)
            natural = sum(run.width for run in runs) * style.size / 1000
            slack = self.width - line.indent - natural
            x, stretch = line.indent, 0.0
            if style.align == RIGHT:
                x += slack
            elif style.align == CENTRE:
                x += slack / 2
            elif style.align == JUSTIFY and not line.last:
                spaces = sum(run.text.count(" ") for run in runs)
                if spaces and slack / spaces < style.size * _MOST_STRETCH:
                    stretch = slack / spaces
            target = self.canv.beginText(x, y)
            target.setFillGray(style.grey)
            if stretch:
                target.setWordSpace(stretch)
            for run in runs:
                target.setFont(run.font, style.size)
                show(target, run)
            if stretch:
                target.setWordSpace(0)
            self.canv.drawText(target)
            y -= style.leading

    def _break(self, room: float) -> list[_Line]:
        style, lines = self.style, list[_Line]()
        current: list[Word] = []
        x, indent = 0.0, style.left + style.first

        def end(last: bool) -> None:
            nonlocal current, x, indent
            while current and current[-1].is_space:
                current.pop()
            lines.append(_Line(current, indent, last))
            current, x, indent = [], 0.0, style.left

        for word in self._words:
            if word.is_end:
                end(last=True)
                continue
            for part in fitting(word, style.size, room - style.left):
                wide = part.width(style.size)
                if part.is_space and not current:
                    continue
                if current and not part.is_space and x + wide > room - indent + 1e-6:
                    end(last=False)
                current.append(part)
                x += wide
        if current or not lines:
            end(last=True)
        return lines


def _runs(line: Sequence[Word]) -> list[Any]:
    """The runs of a line: neighbours of one font are shaped together, so that they are one stretch of text."""
    merged: list[list[str]] = []
    for word in line:
        for text, font in word.pieces:
            if merged and merged[-1][1] == font:
                merged[-1][0] += text
            else:
                merged.append([text, font])
    return [shaped(text, font) for text, font in merged]


class _Rows(LongTable):
    """A table whose rows stay whole, but for those that no page could hold."""

    def split(self, room: float, height: float) -> list[Any]:
        self.splitInRow = 0
        found: list[Any] = super().split(room, height)
        if not found and self._rowHeights[self.repeatRows] > _TALLEST_ROW:
            self.splitInRow = 1
            found = super().split(room, height)
        return found


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Content]],
    widths: Sequence[float],
    *,
    size: float = 12,
    aligns: Sequence[str] = (),
) -> LongTable:
    """A ruled table whose head comes again on every page; ``aligns`` per column, left unless said."""
    heads = [Paragraph(bold(text), Style(size, CENTRE)) for text in head]
    styles = [Style(size, align) for align in (*aligns, *[LEFT] * (len(head) - len(aligns)))]
    cells = [[Paragraph(cell, style) for cell, style in zip(row, styles, strict=True)] for row in rows]
    found = _Rows([heads, *cells], colWidths=list(widths), repeatRows=1)
    found.setStyle(_ruled())
    return found


def columns(cells: Sequence[Any], widths: Sequence[float], *, valign: str = "TOP") -> LongTable:
    """Flowables side by side, without rules."""
    found = LongTable([list(cells)], colWidths=list(widths))
    found.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), valign),
                *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
            ]
        )
    )
    return found


def facts(
    pairs: Sequence[tuple[str, Content]], *, size: float = 12.5, label: float = 125, width: float = TEXT_WIDTH
) -> LongTable:
    """Labels and values under each other; a pair without a value is left out. ``label`` is the width of the labels."""
    grey, plain = Style(size, grey=0.35), Style(size)
    rows = [[Paragraph(name, grey), Paragraph(value, plain)] for name, value in pairs if value]
    found = LongTable(rows, colWidths=[label, width - label])
    found.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.Color(0.8, 0.8, 0.8)),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return found


class QrCode(Flowable):
    """A QR code as one vector path, with its quiet zone."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self.width = self.height = size
        self._text = text

    def draw(self) -> None:
        matrix = [bytes(row) for row in segno.make(self._text, error="m", micro=False).matrix_iter(border=4)]
        unit = self.width / len(matrix)
        path = self.canv.beginPath()
        for down, row in enumerate(matrix):
            for start, end in _dark(row):
                path.rect(start * unit, self.height - (down + 1) * unit, (end - start) * unit, unit)
        self.canv.setFillGray(0)
        self.canv.drawPath(path, stroke=0, fill=1)


def _dark(row: bytes) -> list[tuple[int, int]]:
    """The stretches of dark modules of a row."""
    found, start = list[tuple[int, int]](), None
    for at, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            found.append((start, at))
            start = None
    return found


def _ruled() -> TableStyle:
    return TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.94, 0.94, 0.94)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
