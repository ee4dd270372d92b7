"""Code for ``for``, ``some``, ``every``, filters and functions of the author: everything that may run many times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workflows.feel import nodes
from workflows.feel.compare import less
from workflows.feel.compiler import Code, Compiler, Frame, compiles
from workflows.feel.feel_types import coerce
from workflows.feel.limits import CALL, MAX_LIST, ROUND, Run, too_large
from workflows.feel.ranges import count_through
from workflows.feel.static_types import static_type
from workflows.feel.temporal import Date
from workflows.feel.values import Function, Range, number, read

Domain = Callable[[Frame], Iterable[Any] | None]


def domain_of(value: Any) -> Iterable[Any] | None:
    """What a loop over the value goes through: a list, a countable range that is not empty, or the single value.

    None for null and for ranges that cannot be counted.
    """
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        if less(value.high, value.low):
            return None
        return count_through(value.low, value.high, value.low_included, value.high_included)
    return None if value is None else (value,)


def _loops(compiler: Compiler, loops: tuple[nodes.Loop, ...]) -> list[tuple[int, Domain]]:
    """Slots and domains; the names stay bound for the body."""
    found: list[tuple[int, Domain]] = []
    for loop in loops:
        first = compiler.compile(loop.domain)
        last = None if loop.last is None else compiler.compile(loop.last)
        found.append((compiler.bind(loop.name), _domain(first, last)))
    return found


def _domain(first: Code, last: Code | None) -> Domain:
    if last is None:
        return lambda frame: domain_of(first(frame))
    return lambda frame: count_through(first(frame), last(frame))


@compiles(nodes.For)
def _for(compiler: Compiler, node: nodes.For) -> Code:
    loops = _loops(compiler, node.loops)
    partial = compiler.bind("partial")
    body, cost, makes_functions = compiler.measured(node.result)
    compiler.unbind(len(loops) + 1)
    reads_partial = partial in compiler.slots_read
    innermost = len(loops) - 1

    def go_through(frame: Frame, depth: int, results: list[Any]) -> bool:
        slot, domain = loops[depth]
        items = domain(frame)
        if items is None:
            return False
        charge = frame[1].charge
        for item in items:
            if makes_functions:
                frame = list(frame)
            frame[slot] = read(item)
            if item.__class__ is Date:
                charge(CALL)
            if depth < innermost:
                charge(ROUND)
                if not go_through(frame, depth + 1, results):
                    return False
                continue
            charge(cost)
            if reads_partial:
                # A copy: a round may return it, and must not see later results.
                charge(len(results) >> 4)
                frame[partial] = results[:]
            results.append(body(frame))
            if len(results) > MAX_LIST:
                raise too_large(len(results), MAX_LIST)
        return True

    def collect(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        return results if go_through(frame, 0, results) else None

    return collect


@compiles(nodes.Quantified)
def _quantified(compiler: Compiler, node: nodes.Quantified) -> Code:
    loops = _loops(compiler, node.loops)
    condition, cost, makes_functions = compiler.measured(node.condition)
    compiler.unbind(len(loops))
    innermost = len(loops) - 1
    decisive = not node.every

    def go_through(frame: Frame, depth: int) -> bool | None:
        slot, domain = loops[depth]
        items = domain(frame)
        if items is None:
            return None
        result: bool | None = not decisive
        charge = frame[1].charge
        for item in items:
            if makes_functions:
                frame = list(frame)
            frame[slot] = read(item)
            charge(cost if item.__class__ is not Date else cost + CALL)
            found = condition(frame) if depth == innermost else go_through(frame, depth + 1)
            if found is decisive:
                return decisive
            if found.__class__ is not bool:
                if found is not None:
                    return None
                result = None
        return result

    return lambda frame: go_through(frame, 0)


@compiles(nodes.Filter)
def _filter(compiler: Compiler, node: nodes.Filter) -> Code:
    value = compiler.compile(node.value)
    members = compiler.bind(None)
    item_slot = compiler.bind("item")
    condition, cost, makes_functions = compiler.measured(node.condition)
    compiler.unbind(2)
    constant = number(node.condition.value) if isinstance(node.condition, nodes.Literal) else None

    def keep(frame: Frame) -> Any:
        found = value(frame)
        items = found if isinstance(found, list) else [] if found is None else [found]
        if constant is not None:
            return item_at(items, constant)
        if not items:
            frame[members] = frame[item_slot] = None
            position = number(condition(frame))
            return [] if position is None else None
        kept = []
        charge = frame[1].charge
        for raw in items:
            charge(cost)
            if makes_functions:
                frame = list(frame)
            item = read(raw)
            frame[members] = item
            frame[item_slot] = item["item"] if item.__class__ is dict and "item" in item else item
            verdict = condition(frame)
            if verdict is True:
                kept.append(item)
            elif verdict is not False and verdict is not None:
                position = number(verdict)
                return None if position is None else item_at(items, position)
        return kept

    return keep


def item_at(items: Sequence[Any], position: Any) -> Any:
    """``items[position]``: 1 is the first, -1 the last; null beyond the ends and for a position with a fraction."""
    if position != position.to_integral_value() or not position or abs(position) > len(items):
        return None
    index = int(position)
    return read(items[index - 1 if index > 0 else index])


@compiles(nodes.Lambda)
def _lambda(compiler: Compiler, node: nodes.Lambda) -> Code:
    compiler.lambdas += 1
    names = tuple(name for name, _ in node.parameters)
    types = tuple(expected for _, expected in node.parameters)
    slots = [compiler.bind(name) for name in names]
    body, cost, _ = compiler.measured(node.body)
    compiler.unbind(len(slots))
    result_type = static_type(node.body, dict(node.parameters))

    def build(frame: Frame) -> Function:
        def call(run: Run, arguments: Sequence[Any]) -> Any:
            inner = list(frame)
            inner[1] = run
            for slot, expected, argument in zip(slots, types, arguments, strict=True):
                inner[slot] = argument if expected is None else coerce(argument, expected, run)
            run.enter()
            run.charge(cost)
            result = body(inner)
            run.leave()
            return result

        return Function(names, call, types, result_type)

    return build
