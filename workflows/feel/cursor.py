"""Reading tokens one after the other, and knowing the names that are in scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NoReturn

from workflows.errors import Text
from workflows.feel.errors import FeelSyntaxError
from workflows.feel.feel_types import Type
from workflows.feel.hints import hint
from workflows.feel.lexer import END, QUOTED, STRING, SYMBOL, WORD, Token, name_parts, tokens
from workflows.feel.limits import MAX_NESTING

_TOO_DEEP: Final = Text(
    f"นิพจน์ซ้อนกันเกิน {MAX_NESTING} ชั้น", f"The expression is nested more than {MAX_NESTING} levels deep"
)


class _Branch:
    """One step of the tree of names: what may follow, and the name that ends here, if any."""

    __slots__ = ("following", "name", "times")

    def __init__(self) -> None:
        self.following: dict[str, _Branch] = {}
        self.name = ""
        self.times = 0


class Names:
    """Names of several words or with signs, as a tree of their parts; single words need no table.

    The names of ``base`` are known too, after one's own.
    """

    def __init__(self, names: Iterable[str] = (), base: Names | None = None) -> None:
        self._root = _Branch()
        self._base = base
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        parts = name_parts(name)
        if len(parts) > 1:
            branch = self._root
            for part in parts:
                branch = branch.following.setdefault(part, _Branch())
            branch.name = name
            branch.times += 1

    def discard(self, name: str) -> None:
        """Take back one ``add``."""
        parts = name_parts(name)
        if len(parts) > 1:
            branch = self._root
            for part in parts:
                branch = branch.following[part]
            branch.times -= 1

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """The longest known name that begins with this token, and its number of tokens."""
        found = None
        branch = self._root.following.get(tokens[at].text)
        length = 1
        while branch is not None:
            if branch.times:
                found = branch.name, length
            token = tokens[at + length]
            branch = None if token.kind in (STRING, END) else branch.following.get(token.text)
            length += 1
        return found or (None if self._base is None else self._base.longest(tokens, at))


class Cursor:
    """A position in the tokens of one source text."""

    def __init__(self, source: str, names: Names, types: Mapping[str, Type] | None = None) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.at = 0
        self.nesting = 0
        self.names = names
        self.types = types or {}
        self.declared: set[str] = set()
        """The first words of the names that the text itself has declared so far."""

    def deeper(self) -> None:
        """One level of nesting more; FeelSyntaxError beyond the limit."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self.fail(_TOO_DEEP)

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, steps: int = 1) -> Token:
        """The token so many steps ahead; END beyond the end."""
        return self.tokens[min(self.at + steps, len(self.tokens) - 1)]

    def fail(self, text: Text | None = None) -> NoReturn:
        """Raise FeelSyntaxError here, with the FEEL way if the text looks like another language."""
        token = self.token
        found = hint(self.tokens, self.at)
        if found is None:
            found = text or (
                Text("นิพจน์จบก่อนเวลา", "The expression ends too early")
                if token.kind == END
                else Text(f"ไม่คาดว่าจะพบ {token.text!r}", f"Unexpected {token.text!r}")
            )
        raise FeelSyntaxError(found, source=self.source, position=token.start)

    def is_symbol(self, text: str) -> bool:
        token = self.token
        return token.kind == SYMBOL and token.text == text

    def take_symbol(self, text: str) -> bool:
        """Step over the symbol if it is here."""
        token = self.token
        if token.kind == SYMBOL and token.text == text:
            self.at += 1
            return True
        return False

    def need_symbol(self, text: str) -> None:
        if not self.take_symbol(text):
            self.fail(Text(f"ขาด {text!r}", f"Expected {text!r}"))

    def is_word(self, text: str) -> bool:
        token = self.token
        return token.kind == WORD and token.text == text

    def take_word(self, text: str) -> bool:
        """Step over the keyword if it is here."""
        token = self.token
        if token.kind == WORD and token.text == text:
            self.at += 1
            return True
        return False

    def need_word(self, text: str) -> None:
        if not self.take_word(text):
            self.fail(Text(f"ขาดคำว่า {text!r}", f"Expected the word {text!r}"))

    def known_name(self) -> tuple[str, int] | None:
        """The longest known name of several parts that starts here, and its number of tokens."""
        return self.names.longest(self.tokens, self.at) if self.token.kind == WORD else None

    def member_name(self) -> str:
        """The name after a dot: a known one of several words, else one word (a keyword too) or one in backticks."""
        known = self.known_name()
        if known is not None:
            self.at += known[1]
            return known[0]
        token = self.token
        if token.kind not in (WORD, QUOTED):
            self.fail(Text("ขาดชื่อหลังจุด", "Expected a name after the dot"))
        self.at += 1
        return token.text

    def new_name(self, *stops: str) -> str:
        """A name that is being declared: every token up to one of the stop texts."""
        first = self.token
        if first.kind == QUOTED:
            self.at += 1
            return first.text
        if first.kind != WORD:
            self.fail(Text("ขาดชื่อ", "Expected a name"))
        start = self.at
        while self.token.kind != END and (self.at == start or self.token.text not in stops):
            self.at += 1
        if self.token.kind == END:
            self.at = min(start + 1, self.at)
            self.fail(Text(f"ขาด {stops[0]!r}", f"Expected {stops[0]!r}"))
        self.declared.add(first.text)
        text = self.source[first.start : self.tokens[self.at - 1].end]
        return " ".join(text.split())
