"""Where a line of Thai may break: between words, never inside a name, a code or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex
import thaibreak

from app.adapters.pdf.fonts import BOLD, ITALIC, REGULAR, width

_ATOM = re.compile(r"\n|[^\S\xa0\n]+|[\u0e01-\u0e3a\u0e40-\u0e4f]+|[^\s\u0e01-\u0e3a\u0e40-\u0e4f]+|\xa0+")
_GRAPHEME = regex.compile(r"\X")
_NOT_FIRST = set("ๆฯ.,:;!?)]}%”’»\xa0")
_NOT_LAST = set("([{“‘«.\xa0")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text of one kind. ``whole`` text (a name, a code) is not broken while it fits into a line."""

    text: str
    bold: bool = False
    italic: bool = False
    whole: bool = False

    @property
    def font(self) -> str:
        return BOLD if self.bold else ITALIC if self.italic else REGULAR


Content = str | Span | Sequence["str | Span"]


def bold(text: str) -> Span:
    """Text that stands out."""
    return Span(text, bold=True)


def whole(text: str) -> Span:
    """A name or code that stays in one line."""
    return Span(text, whole=True)


@dataclass(slots=True)
class Word:
    """What is not broken: pieces of (text, font). A word may also be one space or one forced end of line."""

    pieces: list[tuple[str, str]]

    @property
    def is_space(self) -> bool:
        return self.pieces[0][0] == " "

    @property
    def is_end(self) -> bool:
        return self.pieces[0][0] == "\n"

    def width(self, size: float) -> float:
        return sum(width(text, font, size) for text, font in self.pieces)


def segment(text: str) -> list[str]:
    """The words of Thai text without spaces. The one place that knows the word breaker."""
    return [word for word in thaibreak.words(text) if word]


def words(content: Content) -> list[Word]:
    """The words of a paragraph, with punctuation and what surrounds a no-break space glued to its neighbour."""
    found: list[Word] = []
    for text, font in _atoms(content):
        last = found[-1] if found else None
        if last and not last.is_space and not last.is_end and text not in (" ", "\n") and _glued(last, text):
            last.pieces.append((text, font))
        else:
            found.append(Word([(text, font)]))
    return found


def fitting(word: Word, size: float, room: float) -> list[Word]:
    """A word cut so that each part fits into a line: a whole name between its words, anything else between letters."""
    if word.width(size) <= room:
        return [word]
    parts: list[Word] = []
    for text, font in word.pieces:
        for atom in _split(text.replace("\xa0", " ")):
            fits = width(atom, font, size) <= room
            parts += [Word([(part, font)]) for part in ([atom] if fits else _GRAPHEME.findall(atom))]
    return parts


def _atoms(content: Content) -> Iterable[tuple[str, str]]:
    for part in [content] if isinstance(content, str | Span) else content:
        span = Span(part) if isinstance(part, str) else part
        atoms = [span.text.replace(" ", "\xa0")] if span.whole else _split(span.text)
        yield from ((atom, span.font) for atom in atoms if atom)


def _split(text: str) -> list[str]:
    found: list[str] = []
    for atom in _ATOM.findall(text.replace(" ๆ", "\xa0ๆ")):
        if "\u0e01" <= atom[0] <= "\u0e4f":
            found += segment(atom)
        else:
            found.append(" " if atom.isspace() and atom not in ("\n", "\xa0") else atom)
    return found


def _glued(last: Word, text: str) -> bool:
    """Also after a full stop: in Thai it ends an abbreviation (จ.ขอนแก่น), not a sentence."""
    return text[0] in _NOT_FIRST or last.pieces[-1][0][-1] in _NOT_LAST
