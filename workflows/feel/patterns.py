"""Regular expressions as XPath and XQuery define them (F&O 3.1 section 5.6), run with a time limit.

XPath's syntax differs from Python's: ``$`` and ``^`` without the ``m`` flag mean the whole text, classes subtract with
``[a-z-[aeiou]]``, ``\\i`` and ``\\c`` are XML names, back-references never run into following digits, and Python's own
extensions such as ``(?=…)`` do not exist. A pattern that XPath does not know is null.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final

import regex

from workflows.errors import Text
from workflows.feel.errors import FeelError, Mismatch
from workflows.feel.limits import HARD, MAX_TEXT, Run, too_large
from workflows.feel.xpath_syntax import translated

_FLAGS: Final = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE | regex.FULLCASE, "x": 0, "q": 0}
MAX_PATTERN: Final = 1_000
CHARACTER: Final = 80
"""Steps of compiling one character of a pattern: a class with its Unicode sets is dear."""
MATCH: Final = 8
"""Steps of one match."""
_TOO_LONG: Final = Text(
    f"รูปแบบ (regular expression) ยาวเกิน {MAX_PATTERN} ตัวอักษร",
    f"The regular expression is longer than {MAX_PATTERN} characters",
)
_TOO_SLOW: Final = Text(
    "รูปแบบ (regular expression) นี้ใช้เวลานานเกินไป กรุณาเขียนให้ง่ายขึ้น",
    "This regular expression takes too long; write a simpler one",
)


class Pattern:
    """A compiled pattern whose searches stop when the run has no time left for patterns."""

    def __init__(self, run: Run, compiled: Any) -> None:
        self._run = run
        self._compiled = compiled

    def search(self, text: str) -> Any:
        with _Watch(self._run) as seconds:
            return self._compiled.search(text, timeout=seconds)

    def finditer(self, text: str) -> list[Any]:
        """Every match, charged as it is found."""
        found = []
        with _Watch(self._run) as seconds:
            for match in self._compiled.finditer(text, timeout=seconds):
                self._run.charge(MATCH)
                found.append(match)
        return found

    def split(self, text: str) -> list[str]:
        """The texts between matches; groups of the pattern are not part of the result."""
        pieces = []
        at = 0
        for match in self.finditer(text):
            pieces.append(text[at : match.start()])
            at = match.end()
        return [*pieces, text[at:]]


class _Watch:
    """Takes the working time of one search from the run's allowance."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._started = 0.0

    def __enter__(self) -> float:
        if self._run.pattern_seconds <= 0:
            raise FeelError(_TOO_SLOW, reason="pattern")
        self._started = time.thread_time()
        return self._run.pattern_seconds

    def __exit__(self, kind: Any, _error: Any, _trace: Any) -> None:
        self._run.pattern_seconds -= time.thread_time() - self._started
        if kind is TimeoutError:
            raise FeelError(_TOO_SLOW, reason="pattern") from None


def pattern(run: Run, source: str, flags: str | None) -> Pattern:
    """The pattern, ready to search; Mismatch if XPath does not know it. Compiling is charged once in a run."""
    if len(source) > MAX_PATTERN:
        raise FeelError(_TOO_LONG, reason="pattern")
    key = source, flags or ""
    if key not in run.patterns:
        run.charge(HARD + len(source) * CHARACTER)
        run.patterns.add(key)
    return Pattern(run, _compiled(*key))


@lru_cache(512)
def _compiled(source: str, flags: str) -> Any:
    options = regex.VERSION1
    for flag in flags:
        if flag not in _FLAGS:
            raise Mismatch
        options |= _FLAGS[flag]
    try:
        return regex.compile(regex.escape(source) if "q" in flags else translated(source, flags), options)
    except (regex.error, ValueError, OverflowError):
        raise Mismatch from None


def substituted(run: Run, text: str, source: str, replacement: str, flags: str | None) -> str:
    """``replace()``: ``$1`` is the first group, ``$0`` the match, ``\\$`` a dollar sign; with flag ``q`` literally.

    Mismatch if the pattern matches the empty text or the replacement has a stray ``$`` or ``\\`` (F&O 3.1).
    """
    compiled = pattern(run, source, flags)
    literal = flags is not None and "q" in flags
    if compiled.search("") is not None or not (literal or _REPLACEMENT.fullmatch(replacement)):
        raise Mismatch
    pieces: list[str] = []
    at = size = 0
    for match in compiled.finditer(text):
        piece = replacement if literal else _filled(replacement, match)
        pieces += (text[at : match.start()], piece)
        size += len(piece)
        if size > MAX_TEXT:
            raise too_large(size, MAX_TEXT)
        at = match.end()
    return "".join((*pieces, text[at:]))


def _filled(replacement: str, match: Any) -> str:
    groups = len(match.groups())

    def fill(found: Any) -> Any:
        if found[2] is None:
            return found[1][1]
        digits = found[2]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        return ((match.group(int(digits)) or "") if int(digits) <= groups else "") + found[2][len(digits) :]

    return str(_PLACE.sub(fill, replacement))


_REPLACEMENT: Final = regex.compile(r"(?:[^\\$]|\\[\\$]|\$[0-9])*+", regex.DOTALL)
_PLACE: Final = regex.compile(r"(\\[\\$])|\$(\d{1,3})")
