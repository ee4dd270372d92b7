"""XPath regular expressions rewritten for the ``regex`` package (its version 1 syntax); anything else is a Mismatch."""

from __future__ import annotations

from typing import Final

from workflows.errors import Text
from workflows.feel.errors import FeelError, Mismatch

_NAME_START: Final = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME: Final = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F\u2040"
_CLASSES: Final = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"[\x20\t\n\r]",
    "S": r"[^\x20\t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME}]",
    "C": f"[^{_NAME}]",
}
MAX_REPEATS: Final = 10_000
"""How often a part of a pattern may be repeated by counts that stand inside each other."""
_TOO_OFTEN: Final = Text(
    f"รูปแบบ (regular expression) นี้ทำซ้ำซ้อนกันเกิน {MAX_REPEATS} ครั้ง",
    f"This regular expression repeats a part more than {MAX_REPEATS} times by counts inside each other",
)
_LITERAL_ESCAPES: Final = frozenset("nrt\\|.?*+(){}-[]^$")
_SPACE: Final = frozenset(" \t\n\r")


def translated(source: str, flags: str) -> str:
    """The same pattern in the syntax of ``regex``."""
    return _Translation(source, flags).run()


class _Translation:
    def __init__(self, source: str, flags: str) -> None:
        self.source = _without_space(source) if "x" in flags else source
        self.flags = flags
        self.at = 0
        self.out: list[str] = []
        self.groups = 0
        self.open: list[int] = []
        self.closed: set[int] = set()
        self.sizes = [0]
        """Of each open group, how many pieces it has when every count is written out."""
        self.last = 0

    def run(self) -> str:
        repeatable = False
        while self.at < len(self.source):
            character = self.source[self.at]
            if character in "?*+{":
                if not repeatable:
                    raise Mismatch
                self.quantifier()
                repeatable = False
            else:
                self.last = 1
                repeatable = self.atom(character)
                self.grow(self.last)
        if self.open:
            raise Mismatch
        return "".join(self.out)

    def grow(self, pieces: int) -> None:
        """So many pieces more. Counts inside each other multiply: beyond a limit they only cost memory."""
        self.sizes[-1] += pieces
        if self.sizes[-1] > MAX_REPEATS:
            raise FeelError(_TOO_OFTEN, reason="pattern")

    def atom(self, character: str) -> bool:
        """One piece of the pattern; whether a quantifier may follow."""
        if character == "\\":
            self.out.append(self.escape(in_class=False))
            return True
        if character == "[":
            self.out.append(self.character_class())
            return True
        self.at += 1
        if character == "(":
            self.group()
            self.sizes.append(0)
            self.last = 0
            return False
        if character == ")":
            if not self.open:
                raise Mismatch
            self.closed.add(self.open.pop())
            self.last = max(self.sizes.pop(), 1)
        elif character in "]}":
            raise Mismatch
        elif character == "^" or character == "$":
            multiline = "m" in self.flags
            self.out.append(character if multiline else r"\A" if character == "^" else r"\Z")
            return False
        elif character == ".":
            self.out.append("." if "s" in self.flags else r"[^\n\r]")
            return True
        elif character == "|":
            self.out.append("|")
            return False
        else:
            self.out.append(_quoted(character))
            return True
        self.out.append(")")
        return True

    def group(self) -> None:
        if self.source.startswith("?", self.at):
            if not self.source.startswith("?:", self.at):
                raise Mismatch
            self.at += 2
            self.open.append(0)
            self.out.append("(?:")
            return
        self.groups += 1
        self.open.append(self.groups)
        self.out.append("(")

    def quantifier(self) -> None:
        if self.source[self.at] == "{":
            end = self.source.find("}", self.at)
            low, comma, high = self.source[self.at + 1 : max(end, 0)].partition(",")
            if end < 0 or not low.isdecimal() or (high and not high.isdecimal()) or max(len(low), len(high)) > 3:
                raise Mismatch
            if high and int(high) < int(low):
                raise Mismatch
            self.grow(self.last * max(int(high or low) - 1, 0))
            self.out.append(f"{{{low}{comma}{high}}}")
            self.at = end + 1
        else:
            self.out.append(self.source[self.at])
            self.at += 1
        if self.source.startswith("?", self.at):
            self.out.append("?")
            self.at += 1

    def escape(self, *, in_class: bool) -> str:
        character = self.source[self.at + 1 : self.at + 2]
        self.at += 2
        if character in _CLASSES:
            return _CLASSES[character]
        if character in ("p", "P"):
            return self.category(character)
        if character and character in "123456789" and not in_class:
            return self.back_reference(character)
        if character in ("n", "r", "t"):
            return "\\" + character
        if character not in _LITERAL_ESCAPES or not character:
            raise Mismatch
        return "\\" + character

    def category(self, sign: str) -> str:
        end = self.source.find("}", self.at)
        if not self.source.startswith("{", self.at) or end < 0:
            raise Mismatch
        name = self.source[self.at + 1 : end]
        self.at = end + 1
        if not name.replace("-", "").isalnum() or not name.isascii():
            raise Mismatch
        return f"\\{sign}{{{'In' + name[2:] if name.startswith('Is') else name}}}"

    def back_reference(self, digits: str) -> str:
        while self.source[self.at : self.at + 1].isdecimal() and int(digits + self.source[self.at]) <= self.groups:
            digits += self.source[self.at]
            self.at += 1
        if int(digits) not in self.closed:
            raise Mismatch
        return f"\\g<{digits}>"

    def character_class(self) -> str:
        """``[^a-z-[aeiou]]``; only ``-[`` may open another class inside."""
        self.at += 1
        out = ["["]
        if self.source.startswith("^", self.at):
            out.append("^")
            self.at += 1
        empty = True
        while True:
            character = self.source[self.at : self.at + 1]
            if not character or character == "[":
                raise Mismatch
            if character == "]":
                if empty:
                    raise Mismatch
                self.at += 1
                out.append("]")
                return "".join(out)
            if character == "-" and self.source.startswith("-[", self.at) and not empty:
                self.at += 1
                out.append("--" + self.character_class())
                if not self.source.startswith("]", self.at):
                    raise Mismatch
                continue
            empty = False
            out.append(self.member())

    def member(self) -> str:
        """One character, escape or range of a class."""
        first = self.class_character()
        if (
            self.source.startswith("-", self.at)
            and self.source[self.at + 1 : self.at + 2] not in ("]", "[", "")
            and len(first) <= 2
        ):
            self.at += 1
            last = self.class_character()
            if len(last) > 2:
                raise Mismatch
            return f"{first}-{last}"
        return first

    def class_character(self) -> str:
        character = self.source[self.at]
        if character == "\\":
            return self.escape(in_class=True)
        if character == "[":
            raise Mismatch
        self.at += 1
        return _quoted(character)


def _without_space(source: str) -> str:
    """What flag ``x`` does: blanks outside classes mean nothing, even inside an escape."""
    kept = []
    depth = 0
    for at, character in enumerate(source):
        if source[at - 1 : at] != "\\":
            depth += (character == "[") - (character == "]")
        if depth > 0 or character not in _SPACE:
            kept.append(character)
    return "".join(kept)


def _quoted(character: str) -> str:
    return character if character.isalnum() or ord(character) > 127 else "\\" + character
