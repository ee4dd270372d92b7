"""The syntax tree: what the parser builds and the compiler reads. Positions count characters of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, boolean, null or ``@"…"`` value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a built-in function by name."""

    name: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """``?``: the value that a unary test tests."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one precedence, left to right: ``first op operand op operand``."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` or ``or`` of two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Minus:
    operand: Node


@dataclass(frozen=True, slots=True)
class Compare:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """``value in (test, test)``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    value: Node
    type: Any


@dataclass(frozen=True, slots=True)
class If:
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Loop:
    """``name in domain``; ``last`` if the domain is written ``first..last``."""

    name: str
    domain: Node
    last: Node | None


@dataclass(frozen=True, slots=True)
class For:
    loops: tuple[Loop, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    every: bool
    loops: tuple[Loop, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Lambda:
    """``function(a: number, b) body``; a parameter is its name and its type or None."""

    parameters: tuple[tuple[str, Any], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class OneSided:
    """``(< 10)`` as a value, ``< 10`` as a test."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Path:
    value: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter:
    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    function: Node
    positional: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Tested:
    """A unary test that is an expression: it either speaks of ``?`` itself or is compared with it."""

    test: Node
    speaks_of_input: bool


@dataclass(frozen=True, slots=True)
class AnyTest:
    """``test, test``: satisfied when one is; ``negated`` for ``not(test, test)``; ``-`` has no tests."""

    tests: tuple[Node, ...]
    negated: bool


Node = (
    Literal
    | Name
    | Input
    | Chain
    | Logic
    | Minus
    | Compare
    | Between
    | In
    | InstanceOf
    | If
    | For
    | Quantified
    | Lambda
    | ListOf
    | ContextOf
    | RangeOf
    | OneSided
    | Path
    | Filter
    | Call
    | Tested
    | AnyTest
)
