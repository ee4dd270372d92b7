"""Patterns of a form: JavaScript regular expressions, run safely.

form-js searches (no implicit anchors). Taken is the part that means the same in both languages: no look-behind, no
back-references, no inline flags. Every search has a time limit, so a careless pattern cannot stop the server.
"""

from __future__ import annotations

from functools import lru_cache

import regex

LONGEST = 500
_SECONDS = 0.1
_FOREIGN = regex.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\\k<|\\[zZAGKXRLmM]|\(\?(?!:|=|!|<[A-Za-z]))")


class PatternRefused(ValueError):
    """The pattern is no regular expression of the part that is understood."""


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> regex.Pattern[str]:
    """The compiled pattern; :class:`PatternRefused` if it cannot be taken."""
    if len(source) > LONGEST or _FOREIGN.search(source):
        raise PatternRefused(source[:80])
    try:
        return regex.compile(_only_real_ends(source), regex.ASCII)
    except regex.error as error:
        raise PatternRefused(str(error)) from error


def matches(source: str, text: str) -> bool:
    """Whether the pattern is found in the text. A refused pattern and one that takes too long match nothing."""
    try:
        return compile_pattern(source).search(text, timeout=_SECONDS) is not None
    except (PatternRefused, TimeoutError):
        return False


def _only_real_ends(source: str) -> str:
    """``$`` is the very end in JavaScript; here it would also stand before a last line break."""
    out, in_class, at = [], False, 0
    while at < len(source):
        char = source[at]
        if char == "\\":
            out.append(source[at : at + 2])
            at += 2
            continue
        if char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        out.append(r"\Z" if char == "$" and not in_class else char)
        at += 1
    return "".join(out)
