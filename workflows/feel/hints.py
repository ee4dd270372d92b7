"""Messages for text that looks like Python, JavaScript, Java or JUEL: they show the FEEL way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from workflows.errors import Text
from workflows.feel.foreign import AFTER_VALUE, BEFORE_NAME, FUNCTIONS, METHODS, SYMBOLS, WORDS
from workflows.feel.lexer import END, KEYWORDS, NUMBER, QUOTED, STRING, SYMBOL, WORD, Token

_DATE: Final = re.compile(r"\d{4}-(?=0\d|\d\d-0)(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)", re.ASCII)
_THAI_DIGITS: Final = re.compile(r"[๐-๙]+")


def foreign_word(word: str) -> Text | None:
    """The message for a word that is a value or keyword in another language."""
    if _THAI_DIGITS.fullmatch(word):
        digits = "".join(str(int(digit)) for digit in word)
        return Text(f"ตัวเลขใน FEEL ใช้เลขอารบิก: {digits}", f"A number in FEEL is written in Arabic digits: {digits}")
    return WORDS.get(word)


def foreign_call(name: str, *, is_method: bool) -> Text | None:
    """The message for a call of a function of another language, or of a method: values in FEEL have none."""
    found = (METHODS if is_method else FUNCTIONS).get(name)
    if found is None:
        return None
    written = f".{name}(…)" if is_method else f"{name}(…)"
    return Text(f"FEEL ไม่มี {written} ให้ใช้ {found}", f"FEEL has no {written}; write {found}")


def foreign_date(source: str, at: int) -> Text | None:
    """The message for a date without quotes, which would be a subtraction; months and days below ten give it away."""
    found = _DATE.match(source, at)
    if found is None:
        return None
    return Text(f'วันที่ใน FEEL เขียนว่า @"{found[0]}"', f'A date in FEEL is written @"{found[0]}"')


def hint(tokens: Sequence[Token], at: int) -> Text | None:
    """The message for a token that another language would have here, else None."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    if token.kind == SYMBOL:
        for sign in (*_signs(before, token), *_signs(token, tokens[at + 1]), token.text):
            if sign in SYMBOLS:
                return SYMBOLS[sign]
    if before is None:
        return None
    if token.kind == STRING and before.kind == WORD and before.end == token.start:
        return Text(
            'FEEL ไม่มีข้อความแบบ f"…" ให้ต่อด้วย + เช่น "เลขที่ " + string(number)',
            'FEEL has no f"…"; join texts with +, as in "Number " + string(number)',
        )
    if token.text == "," and before.kind == NUMBER and len(tokens[at + 1].text) == 3 and tokens[at + 1].kind == NUMBER:
        number = before.text + tokens[at + 1].text
        return Text(f"ตัวเลขใน FEEL ไม่มีตัวคั่นหลัก: {number}", f"A number in FEEL has no commas in it: {number}")
    if token.text == "]" and before.text == ",":
        return Text("มีเครื่องหมาย , เกินก่อน ]", "There is a comma too many before ]")
    if before.text in BEFORE_NAME and before.kind == WORD and token.kind != END:
        return BEFORE_NAME[before.text]
    return _after_value(token, before) if _ends_value(before) else None


def _signs(one: Token | None, two: Token) -> tuple[str, ...]:
    """Two symbols that stand side by side, as one sign of another language."""
    together = one is not None and one.kind == two.kind == SYMBOL and one.end == two.start
    return (one.text + two.text,) if one is not None and together else ()


def _after_value(token: Token, before: Token) -> Text | None:
    if token.text in AFTER_VALUE and token.kind in (WORD, SYMBOL):
        return AFTER_VALUE[token.text]
    if token.kind == WORD and before.kind == WORD and before.text not in KEYWORDS and token.text not in KEYWORDS:
        name = f"{before.text} {token.text}"
        return Text(
            f"ไม่รู้จักชื่อ {name!r} ชื่อที่มีช่องว่างให้เขียนในเครื่องหมาย ` เช่น `{name}`",
            f"Unknown name {name!r}; a name with a space is written between backticks, as in `{name}`",
        )
    return None


def _ends_value(token: Token) -> bool:
    if token.kind == WORD:
        return token.text not in KEYWORDS or token.text in ("true", "false", "null")
    return token.kind in (NUMBER, STRING, QUOTED) or (token.kind == SYMBOL and token.text in ")]}")
