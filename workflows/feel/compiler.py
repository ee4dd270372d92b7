"""Syntax tree to closures.

A closure takes a frame, a list: ``frame[0]`` is the scope (any mapping), ``frame[1]`` the run, the rest are slots for
the names that the expression itself introduces. Where a name lives is decided here, once; only the members of a
filtered context are looked up by name at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from workflows.feel import nodes
from workflows.feel.arithmetic import add, divide, minus, multiply, power, subtract
from workflows.feel.builtins import REGISTRY
from workflows.feel.compare import at_least, at_most, both, equal, greater, less, unequal
from workflows.feel.feel_types import instance_of
from workflows.feel.limits import ROUND
from workflows.feel.members import member
from workflows.feel.nodes import Node
from workflows.feel.values import PLAIN, read

Frame = list[Any]
Code = Callable[[Frame], Any]
FIRST_SLOT: Final = 2
_ARITHMETIC: Final = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}
ORDER: Final = {"<": less, "<=": at_most, ">": greater, ">=": at_least}


class Compiler:
    """Compiles one expression; afterwards ``free`` holds the names it reads from the scope."""

    def __init__(self, variables: frozenset[str]) -> None:
        self.variables = variables
        self.free: set[str] = set()
        self.needed: set[str] = set()
        """Those of ``free`` that are no members of a filtered item, whatever it is."""
        self.locals: list[tuple[str | None, int]] = []
        """Innermost last: a name and its slot, or None and the slot of an item whose members are in scope."""
        self.places: dict[str | None, list[int]] = {}
        """Where each name stands in ``locals``: long expressions must not be searched for every name."""
        self.slots = FIRST_SLOT
        self.slots_read: set[int] = set()
        self.nodes = 0
        self.lambdas = 0

    def compile(self, node: Node) -> Code:
        self.nodes += 1
        return _COMPILERS[node.__class__](self, node)

    def measured(self, node: Node) -> tuple[Code, int, bool]:
        """The code of a part that runs many times, its cost per round in steps, and whether it makes functions."""
        nodes_before, lambdas_before = self.nodes, self.lambdas
        code = self.compile(node)
        makes_functions = self.lambdas > lambdas_before
        cost = ROUND + self.nodes - nodes_before + (self.slots >> 6 if makes_functions else 0)
        return code, cost, makes_functions

    def new_slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def bind(self, name: str | None) -> int:
        """Bring a name into scope until ``unbind``; its slot."""
        slot = self.new_slot()
        self.places.setdefault(name, []).append(len(self.locals))
        self.locals.append((name, slot))
        return slot

    def unbind(self, count: int = 1) -> None:
        for _ in range(count):
            name, _slot = self.locals.pop()
            self.places[name].pop()

    def is_local(self, name: str) -> bool:
        return bool(self.places.get(name))

    def variable(self, name: str) -> Code:
        """The code that reads a name: members of filtered items first, then the slot or the scope."""
        places = self.places.get(name)
        place = places[-1] if places else -1
        members = [self.locals[at][1] for at in reversed(self.places.get(None, ())) if at > place]
        self.nodes += len(members)
        if place < 0:
            self.free.add(name)
            if not members:
                self.needed.add(name)
            return _through_members(name, members, self.from_scope(name))
        slot = self.locals[place][1]
        self.slots_read.add(slot)
        return _through_members(name, members, _slot(slot))

    def from_scope(self, name: str) -> Code:
        if name in REGISTRY and name not in self.variables:
            function = REGISTRY[name].function()
            return lambda frame: read(frame[0][name]) if name in frame[0] else function
        return _from_scope(name)


def _slot(slot: int) -> Code:
    return lambda frame: frame[slot]


def _from_scope(name: str) -> Code:
    def read_variable(frame: Frame) -> Any:
        value = frame[0].get(name)
        return value if value.__class__ in PLAIN else read(value)

    return read_variable


def _through_members(name: str, slots: list[int], otherwise: Code) -> Code:
    if not slots:
        return otherwise

    def read_member(frame: Frame) -> Any:
        for slot in slots:
            item = frame[slot]
            if item.__class__ is dict and name in item:
                return read(item[name])
        return otherwise(frame)

    return read_member


def _literal(_compiler: Compiler, node: nodes.Literal) -> Code:
    value = node.value
    return lambda _frame: value


def _name(compiler: Compiler, node: nodes.Name) -> Code:
    return compiler.variable(node.name)


def _input(compiler: Compiler, _node: nodes.Input) -> Code:
    return compiler.variable("?")


def _chain(compiler: Compiler, node: nodes.Chain) -> Code:
    first = compiler.compile(node.first)
    steps = tuple((_ARITHMETIC[operator], compiler.compile(operand)) for operator, operand in node.rest)
    if len(steps) == 1 and steps[0][0] is not power:
        operation, second = steps[0]

        def calculate_one(frame: Frame) -> Any:
            result = operation(first(frame), second(frame))
            return result if result.__class__ is Decimal else frame[1].worked(result)

        return calculate_one

    def calculate(frame: Frame) -> Any:
        result = first(frame)
        for operation, operand in steps:
            result = operation(result, operand(frame))
            if result.__class__ is not Decimal or operation is power:
                frame[1].worked(result)
        return result

    return calculate


def _logic(compiler: Compiler, node: nodes.Logic) -> Code:
    operands = tuple(compiler.compile(operand) for operand in node.operands)
    decisive = node.operator == "or"
    neutral = not decisive
    if len(operands) == 2:
        left, right = operands

        def decide_two(frame: Frame) -> Any:
            one = left(frame)
            if one is decisive:
                return decisive
            other = right(frame)
            if other is decisive:
                return decisive
            return neutral if one is neutral and other is neutral else None

        return decide_two

    def decide(frame: Frame) -> Any:
        result: bool | None = neutral
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not neutral:
                result = None
        return result

    return decide


def _minus(compiler: Compiler, node: nodes.Minus) -> Code:
    operand = compiler.compile(node.operand)
    if isinstance(node.operand, nodes.Literal):
        value = minus(node.operand.value)
        return lambda _frame: value
    return lambda frame: minus(operand(frame))


def _compare(compiler: Compiler, node: nodes.Compare) -> Code:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    if node.operator == "=":
        return lambda frame: equal(left(frame), right(frame), frame[1])
    if node.operator == "!=":
        return lambda frame: unequal(left(frame), right(frame), frame[1])
    order = ORDER[node.operator]
    return lambda frame: order(left(frame), right(frame))


def _between(compiler: Compiler, node: nodes.Between) -> Code:
    value, low, high = (compiler.compile(part) for part in (node.value, node.low, node.high))

    def between(frame: Frame) -> bool | None:
        found = value(frame)
        return both(at_most(low(frame), found), at_most(found, high(frame)))

    return between


def _instance_of(compiler: Compiler, node: nodes.InstanceOf) -> Code:
    value, expected = compiler.compile(node.value), node.type
    return lambda frame: instance_of(value(frame), expected, frame[1])


def _if(compiler: Compiler, node: nodes.If) -> Code:
    condition, then, otherwise = (compiler.compile(part) for part in (node.condition, node.then, node.otherwise))
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


def _list(compiler: Compiler, node: nodes.ListOf) -> Code:
    items = tuple(compiler.compile(item) for item in node.items)
    return lambda frame: [item(frame) for item in items]


def _context(compiler: Compiler, node: nodes.ContextOf) -> Code:
    """Entries see the entries before them, a function also itself; a key written twice makes the context null."""
    entries: list[tuple[str, int, Code]] = []
    for key, value in node.entries:
        if isinstance(value, nodes.Lambda):
            slot = compiler.bind(key)
            entries.append((key, slot, compiler.compile(value)))
        else:
            code = compiler.compile(value)
            entries.append((key, compiler.bind(key), code))
    compiler.unbind(len(entries))
    if len({key for key, _, _ in entries}) < len(entries):
        return lambda _frame: None

    def build(frame: Frame) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, slot, code in entries:
            result[key] = frame[slot] = code(frame)
        return result

    return build


def _path(compiler: Compiler, node: nodes.Path) -> Code:
    value, name = compiler.compile(node.value), node.member

    def follow(frame: Frame) -> Any:
        found = value(frame)
        if found.__class__ is dict:
            found = found.get(name)
            return found if found.__class__ in PLAIN else read(found)
        return member(found, name, frame[1])

    return follow


_COMPILERS: Final[dict[type, Callable[[Compiler, Any], Code]]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Input: _input,
    nodes.Chain: _chain,
    nodes.Logic: _logic,
    nodes.Minus: _minus,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.InstanceOf: _instance_of,
    nodes.If: _if,
    nodes.ListOf: _list,
    nodes.ContextOf: _context,
    nodes.Path: _path,
}


def compiles(node_class: type) -> Callable[[Callable[[Compiler, Any], Code]], Callable[[Compiler, Any], Code]]:
    """Register the decorated function for a node class: how ``conditions``, ``loops`` and ``calls`` add theirs."""

    def register(function: Callable[[Compiler, Any], Code]) -> Callable[[Compiler, Any], Code]:
        _COMPILERS[node_class] = function
        return function

    return register
