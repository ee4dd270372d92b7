"""Random expressions for as long as one likes: ``python -m tests.feel.fuzzer 100000 7``, the second being the seed.

A third is made by a grammar, a third are lines of the corpus with parts exchanged, a third is a heap of tokens. Each is
compiled and evaluated, as an expression and as a table cell; only a value or a FeelError may come of it, within a
quarter of a second of working time, and nothing outside the process may be touched.
"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from tests.feel.corpus import cases
from tests.feel.hostile import HARMLESS, STOPPED
from tests.feel.support import ENVIRONMENT
from tests.support.working_time import working_seconds
from workflows.feel import (
    BUILTINS,
    Expression,
    FeelError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    to_feel_string,
    to_json,
)
from workflows.feel.lexer import KEYWORDS, tokens

SECONDS = 0.25
HARMLESS_EVENTS = ("object.", "sys._getframe", "sys.settrace", "sys.setprofile", "gc.", "cpython.")
"""Audit events of Python's own housekeeping; everything else (open, import, exec, socket …) is an escape."""

SCOPES: list[dict[str, Any]] = [
    {},
    {"x": 1, "y": -2.5, "?": 3, "item": {"a": 1}, "partial": []},
    {"x": "ก" * 50, "y": None, "?": "a", "a": {"a": {"a": [1, 2, None]}}, "date": "2026-11-22"},
    {"x": [[1], {"a": 2}, "b", None, True] * 20, "y": {"x": 1, "a b": 2}, "?": [1, 2], "sum": 5},
    {"x": float("nan"), "y": 10**5000, "?": object(), "a": (1, 2), "count": b"bytes"},
    {"x": list(range(3_000)), "y": {f"k{n}": n for n in range(300)}, "?": None, "a": "b" * 5_000},
]
ATOMS = [
    *("1", "0", "-2.5", "1e6000", ".5", '"a"', '"x(y"', '""', "null", "true", "false", "x", "y", "?", "a", "item"),
    *("[]", "[1, null]", "[[1]]", "{a: 1}", '{"a b": x}', '@"2026-02-28"', '@"10:00:00"', '@"P1D"', '@"-P1Y"'),
    *('@"2026-02-28T10:00:00@Asia/Bangkok"', '@"999999999-12-31"', "[1..3]", "(< 5)", "]x..y[", "function(a, b) a < b"),
    *("1..9", "1..300", "[1..2000]", '"(a|b)*"', '"[a-z"', "partial", "abs", "`a b`", '"2026-11-22"'),
]
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "between 1 and")
MEMBERS = ("a", "x", "year", "start", "time offset", "days", "timezone", "end included", "weekday")
TYPES = (
    "number",
    "string",
    "list<number>",
    "context<a: Any>",
    "range<date>",
    "function<Any>->number",
    "days and time duration",
)
NAMES = sorted(BUILTINS)
SOUP = [
    *ATOMS,
    *OPERATORS,
    *KEYWORDS,
    *NAMES,
    *"()[]{},:.@?#$%&|!'\\;~",
    "..",
    "==",
    "&&",
    "${",
    "//",
    "/*",
    "\n",
    "\ud800",
    "😀",
]


def grammar(chance: random.Random, depth: int = 0) -> str:
    """An expression that is mostly well formed."""

    def part() -> str:
        return grammar(chance, depth + 1)

    if depth > 3 or chance.random() < 0.25:
        return chance.choice(ATOMS)
    shapes: list[Callable[[], str]] = [
        lambda: f"({part()}) {chance.choice(OPERATORS)} ({part()})",
        lambda: f"{part()} {chance.choice(OPERATORS)} {part()}",
        lambda: f"{chance.choice(NAMES)}({', '.join(part() for _ in range(chance.randrange(4)))})",
        lambda: f"{chance.choice(NAMES)}({', '.join(part() for _ in range(chance.randrange(1, 3)))})",
        lambda: f"({part()})[{part()}]",
        lambda: f"({part()}).{chance.choice(MEMBERS)}",
        lambda: f"for x in {part()} return {part()}",
        lambda: f"for x in {part()}, y in {part()} return {part()}",
        lambda: f"{chance.choice(('some', 'every'))} x in {part()} satisfies {part()}",
        lambda: f"if {part()} then {part()} else {part()}",
        lambda: f"{chance.choice('[](')}{part()}..{part()}{chance.choice('[])')}",
        lambda: f"[{', '.join(part() for _ in range(chance.randrange(4)))}]",
        lambda: "{" + ", ".join(f"{name}: {part()}" for name in chance.sample(["a", "b", "x", "c d"], 2)) + "}",
        lambda: f"(function(x, y) {part()})({part()}, {part()})",
        lambda: f"{{f: function(x) {part()}, r: f({part()})}}.r",
        lambda: f"{part()} instance of {chance.choice(TYPES)}",
        lambda: f"-{part()}",
        lambda: f"not({part()})",
    ]
    return chance.choice(shapes)()


def mutated(chance: random.Random, sources: list[str]) -> str:
    """A known expression with some of its tokens left out, doubled or exchanged with those of another."""
    try:
        parts = [
            source[token.start : token.end] for source in [chance.choice(sources)] for token in tokens(source)[:-1]
        ]
        others = [
            source[token.start : token.end] for source in [chance.choice(sources)] for token in tokens(source)[:-1]
        ]
    except FeelSyntaxError:
        return chance.choice(sources)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(parts) + 1)
        kept = parts[at + 1 :] if chance.random() < 0.5 else parts[at:]
        parts = [*parts[:at], *chance.sample(others, min(len(others), chance.randrange(3))), *kept]
    return " ".join(parts)


def soup(chance: random.Random) -> str:
    """Tokens, and sometimes any characters at all."""
    if chance.random() < 0.2:
        return "".join(
            chr(chance.choice((chance.randrange(128), chance.randrange(0x3000)))) for _ in range(chance.randrange(40))
        )
    return " ".join(chance.choice(SOUP) for _ in range(chance.randrange(14)))


def expressions(count: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """So many expressions and the variables they see; the same for the same seed."""
    chance = random.Random(seed)
    sources = [case.source for case in cases()] + [source for source in (*STOPPED, *HARMLESS) if len(source) < 300]
    makers = (lambda: grammar(chance), lambda: mutated(chance, sources), lambda: soup(chance))
    for at in range(count):
        yield makers[at % 3](), chance.choice(SCOPES)


_watched: list[tuple[int, list[str]]] = []
_hooked = False


def _hook(event: str, _arguments: Any) -> None:
    if _watched and _watched[-1][0] == threading.get_ident() and not event.startswith(HARMLESS_EVENTS):
        _watched[-1][1].append(event)


@contextmanager
def watching() -> Iterator[list[str]]:
    """What this thread does outside of the interpreter meanwhile: the names of audit events."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_hook)  # for ever: Python has no way to take a hook back
        _hooked = True
    events: list[str] = []
    _watched.append((threading.get_ident(), events))
    try:
        yield events
    finally:
        _watched.pop()


def problem(source: str, scope: dict[str, Any]) -> str | None:
    """What is wrong with how the language takes this expression; None if nothing is."""
    for compiler in (compile_expression, compile_unary_tests):
        outcomes: list[str | None] = []
        with watching() as events:
            evaluate = partial(_outcome, compiler, source, scope)
            seconds = working_seconds(lambda once=evaluate, kept=outcomes: kept.append(once()), enough=SECONDS)
        wrong = next(filter(None, outcomes), None)
        if wrong or events or seconds > SECONDS:
            return f"{compiler.__name__}({source!r}): {wrong or events or f'{seconds:.2f} s'}"
    return None


def _outcome(compiler: Callable[[str], Expression], source: str, scope: dict[str, Any]) -> str | None:
    try:
        value = compiler(source).evaluate(scope, ENVIRONMENT)
        to_feel_string(value)
        to_json(value)
    except FeelError as error:
        if error.reason == "internal" or not error.text.th or not error.text.en:
            return f"{error.reason}: {error.__cause__!r}"
        if isinstance(error, FeelSyntaxError) and not 0 <= error.position <= len(source):
            return f"position {error.position}"
        return None
    except BaseException as error:
        return repr(error)
    return None


def main(count: int, seed: int) -> None:
    found = [wrong for source, scope in expressions(count, seed) if (wrong := problem(source, scope))]
    print("\n".join(found) or f"{count} expressions, nothing wrong")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32))
