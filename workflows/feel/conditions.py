"""Code for ranges and for tests of a value: ``in`` and the cells of decision tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflows.feel import nodes
from workflows.feel.compare import equal, negate, unequal
from workflows.feel.compiler import ORDER, Code, Compiler, Frame, compiles
from workflows.feel.nodes import Node
from workflows.feel.ranges import in_range, make_range, matches
from workflows.feel.values import Range, Unequal


@compiles(nodes.In)
def _in(compiler: Compiler, node: nodes.In) -> Code:
    value = compiler.compile(node.value)
    slot = compiler.bind("?")
    tests = _any_of(compiler, node.tests, slot)
    compiler.unbind()

    def test_value(frame: Frame) -> Any:
        frame[slot] = value(frame)
        return tests(frame)

    return test_value


@compiles(nodes.AnyTest)
def _any_test(compiler: Compiler, node: nodes.AnyTest) -> Code:
    """The unary tests of a cell: the input value is ``?`` in the scope."""
    if not node.tests:
        return lambda _frame: True
    read_input = compiler.variable("?")
    slot = compiler.bind("?")
    tests = _any_of(compiler, node.tests, slot)
    compiler.unbind()
    negated = node.negated

    def test_input(frame: Frame) -> bool | None:
        frame[slot] = read_input(frame)
        result = tests(frame)
        return negate(result) if negated else result

    return test_input


def _any_of(compiler: Compiler, tests: tuple[Node, ...], slot: int) -> Code:
    codes = tuple(_test(compiler, test, slot) for test in tests)
    if len(codes) == 1:
        return codes[0]

    def test_each(frame: Frame) -> bool | None:
        result: bool | None = False
        for code in codes:
            found = code(frame)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return test_each


def _test(compiler: Compiler, node: Node, slot: int) -> Code:
    if isinstance(node, nodes.OneSided):
        operand = compiler.compile(node.operand)
        if node.operator == "=":
            return lambda frame: equal(frame[slot], operand(frame), frame[1])
        if node.operator == "!=":
            return lambda frame: unequal(frame[slot], operand(frame), frame[1])
        order = ORDER[node.operator]
        return lambda frame: order(frame[slot], operand(frame))
    assert isinstance(node, nodes.Tested)
    code = compiler.compile(node.test)
    if node.speaks_of_input:
        return lambda frame: code(frame) is True
    if isinstance(node.test, nodes.RangeOf):
        return lambda frame: in_range(frame[slot], found, frame[1]) if (found := code(frame)) is not None else None

    def test_against(frame: Frame) -> Any:
        value, found = frame[slot], code(frame)
        if found.__class__ is bool and value is not None and value.__class__ is not bool:
            return found
        return matches(value, found, frame[1])

    return test_against


@compiles(nodes.RangeOf)
def _range(compiler: Compiler, node: nodes.RangeOf) -> Code:
    low, high = compiler.compile(node.low), compiler.compile(node.high)
    low_included, high_included = node.low_included, node.high_included
    if isinstance(node.low, nodes.Literal) and isinstance(node.high, nodes.Literal):
        constant = make_range(node.low.value, node.high.value, low_included, high_included)
        return lambda _frame: constant
    return lambda frame: make_range(low(frame), high(frame), low_included, high_included)


@compiles(nodes.OneSided)
def _one_sided(compiler: Compiler, node: nodes.OneSided) -> Code:
    operand = compiler.compile(node.operand)
    build: Callable[[Any], Any] = {
        "<": lambda bound: Range(None, bound, False, False, True),
        "<=": lambda bound: Range(None, bound, False, True, True),
        ">": lambda bound: Range(bound, None, False, False, True),
        ">=": lambda bound: Range(bound, None, True, False, True),
        "=": lambda bound: Range(bound, bound, True, True, True),
        "!=": Unequal,
    }[node.operator]
    return lambda frame: build(operand(frame))
