"""Text to tokens. Names of several words are put together by the parser, which knows the names in scope."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple

import regex

from workflows.errors import Text
from workflows.feel.errors import FeelSyntaxError
from workflows.feel.limits import MAX_SOURCE, MAX_TOKENS

WORD, NUMBER, STRING, QUOTED, SYMBOL, END = "word", "number", "string", "quoted", "symbol", "end"

KEYWORDS: Final = frozenset(
    [
        "for",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "return",
        "in",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_TOO_MANY: Final = Text(
    f"นิพจน์มีคำและเครื่องหมายเกิน {MAX_TOKENS} ตัว ให้แบ่งเป็นหลายนิพจน์",
    f"The expression has more than {MAX_TOKENS} words and signs; divide it",
)


class Token(NamedTuple):
    """``text`` is the source text, for STRING the unescaped value, for QUOTED the name between the backticks."""

    kind: str
    text: str
    start: int
    end: int


# Letters of a name: DMN 1.5 grammar rules 27 and 28. Thai vowels and tone marks lie in U+037F..U+1FFF.
_START: Final = (
    r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u180D\u180F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_SPACE: Final = regex.compile(
    r"(?:[\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]++|//[^\n]*+|/\*(?s:.*?)\*/)*+"
)
_TOKEN: Final = regex.compile(
    rf"""(?P<word>[{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F\u2040]*+)
    | (?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    | "(?P<string>(?:[^"\\]|\\(?s:.))*+)"
    | `(?P<quoted>[^`\n]++)`
    | (?P<symbol>\*\*|\.\.|===|!==|<=|>=|!=|==|->|&&|\|\||[$#]\{{|[^\w\s"`])""",
    regex.VERBOSE,
)
_ESCAPE: Final = regex.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(?s:(.)))")
_SINGLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\", "/": "/"}


def tokens(source: str) -> list[Token]:
    """All tokens, an END token last. FeelSyntaxError for too much text, and for a string without its end."""
    if len(source) > MAX_SOURCE:
        raise FeelSyntaxError(
            Text(f"นิพจน์ยาวเกิน {MAX_SOURCE} ตัวอักษร", f"The expression is longer than {MAX_SOURCE} characters"),
            source=source,
            position=MAX_SOURCE,
        )
    found: list[Token] = []
    at = _SPACE.match(source, 0).end()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise FeelSyntaxError(_broken(source[at]), source=source, position=at)
        kind = match.lastgroup
        text = match[kind]
        found.append(Token(kind, _unescaped(text) if kind == STRING else text, at, match.end()))
        if len(found) > MAX_TOKENS:
            raise FeelSyntaxError(_TOO_MANY, source=source, position=at)
        at = _SPACE.match(source, match.end()).end()
    found.append(Token(END, "", len(source), len(source)))
    return found


@lru_cache(4096)
def name_parts(name: str) -> tuple[str, ...]:
    """The token texts of a name as it may stand in an expression; empty if only backticks can write it."""
    try:
        parts = tokens(name)[:-1]
    except FeelSyntaxError:
        return ()
    if not parts or parts[0].kind != WORD or any(part.kind in (STRING, QUOTED) for part in parts):
        return ()
    return tuple(part.text for part in parts)


def _broken(character: str) -> Text:
    if character == '"':
        return Text('ข้อความไม่มีเครื่องหมายปิด "', 'A text has no closing "')
    if character == "`":
        return Text("ชื่อไม่มีเครื่องหมายปิด `", "A name has no closing `")
    return Text(f"ใช้อักขระ {character!r} ที่นี่ไม่ได้", f"The character {character!r} cannot stand here")


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    result: str = _ESCAPE.sub(_character, text)
    if any("\ud800" <= character <= "\udfff" for character in result):
        # Two \u escapes may write one character outside the basic plane; a half alone becomes U+FFFD.
        return result.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return result


def _character(match: Any) -> str:
    code: str | None = match[1] or match[2]
    if code:
        point = int(code, 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    return _SINGLE.get(match[3], f"\\{match[3]}")
