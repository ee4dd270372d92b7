"""What the docstrings of the built-ins say, for the reference and the test that runs the examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import cleandoc
from typing import Any, NamedTuple

from workflows.errors import Text
from workflows.feel.builtins.registry import REGISTRY


class Described(NamedTuple):
    """One way to call a built-in. ``signatures`` name its parameters; ``examples`` are pairs of FEEL expressions that
    have the same value; ``area`` is the module that declares it."""

    name: str
    signatures: tuple[str, ...]
    text: Text
    examples: tuple[tuple[str, str], ...]
    area: str


def described() -> Iterator[Described]:
    """All built-ins by area and name, one for each function that stands behind the name."""
    found = []
    for name, entry in REGISTRY.items():
        ways: dict[Callable[..., Any], list[str]] = {}
        for overload in entry.overloads:
            ways.setdefault(overload.function, []).append(overload.signature)
        for function, signatures in ways.items():
            text, examples = _read(function.__doc__ or "")
            own = tuple(
                example for example in examples if any(f"{called}(" in example[0] for called in (name, f"`{name}`"))
            )
            area = function.__module__.rpartition(".")[2]
            found.append(Described(name, tuple(signatures), text, own, area))
    return iter(sorted(found, key=lambda one: (one.area, one.name)))


def _read(doc: str) -> tuple[Text, list[tuple[str, str]]]:
    words, _, examples = cleandoc(doc).partition("\n\n")
    english, _, thai = words.partition(" / " if " / " in words else "\n/ ")
    pairs = [line.partition(" → ") for line in examples.splitlines() if " → " in line]
    return Text(thai.strip(), " ".join(english.split())), [(left.strip(), right.strip()) for left, _, right in pairs]
