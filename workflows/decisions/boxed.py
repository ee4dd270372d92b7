"""Boxed expressions to closures: literals, contexts, lists, relations, functions, calls, loops and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.decisions.elements import Element, child, children, expression_of, expressions, local, name_of, text_of
from workflows.decisions.graph import Evaluation, Logic, Scope
from workflows.decisions.workshop import Names, Workshop, boxed, feel_logic, nothing
from workflows.errors import Text
from workflows.feel.calls import invoke
from workflows.feel.feel_types import Type, coerce
from workflows.feel.limits import Run
from workflows.feel.loops import domain_of, item_at
from workflows.feel.values import Function, number, read


@boxed("literalExpression")
def _literal(workshop: Workshop, element: Element, names: Names) -> Logic:
    text = text_of(element)
    return feel_logic(workshop.expression(element, text, names)) if text else nothing


@boxed("context")
def _context(workshop: Workshop, element: Element, names: Names) -> Logic:
    """Entries see the entries before them; an entry without a name is the result."""
    entries: list[tuple[str, Type | None, Logic]] = []
    final: Logic | None = None
    for entry in children(element, "contextEntry"):
        logic = workshop.logic(expression_of(entry), names)
        variable = child(entry, "variable")
        if variable is None:
            final = logic
            break
        entries.append((name_of(variable), workshop.type_of(variable), logic))
        names |= {name_of(variable)}
    repeated = len({name for name, _, _ in entries}) < len(entries)

    def build(scope: Scope, evaluation: Evaluation) -> Any:
        inner = dict(scope)
        result: dict[str, Any] = {}
        for name, expected, logic in entries:
            result[name] = inner[name] = coerce(logic(inner, evaluation), expected, evaluation.run)
        if repeated:
            return None
        return result if final is None else final(inner, evaluation)

    return build


@boxed("list")
def _list(workshop: Workshop, element: Element, names: Names) -> Logic:
    items = [workshop.logic(item, names) for item in expressions(element)]
    return lambda scope, evaluation: [item(scope, evaluation) for item in items]


@boxed("relation")
def _relation(workshop: Workshop, element: Element, names: Names) -> Logic:
    columns = [name_of(column) for column in children(element, "column")]
    rows = [[workshop.logic(cell, names) for cell in expressions(row)] for row in children(element, "row")]
    return lambda scope, evaluation: [
        {column: cell(scope, evaluation) for column, cell in zip(columns, row, strict=False)} for row in rows
    ]


@boxed("functionDefinition")
def _function(workshop: Workshop, element: Element, names: Names) -> Logic:
    return function_logic(workshop, element, names)


def function_logic(
    workshop: Workshop, element: Element, names: Names, *, name: str = "", declared: Type | None = None
) -> Logic:
    """A function definition; with ``name`` it can call itself. ``declared`` is the type of its result where the
    definition gives none. Java and PMML are refused."""
    if element.get("kind", "FEEL") != "FEEL":
        workshop.problem(
            element,
            Text(
                f"ไม่รองรับฟังก์ชันภายนอกชนิด {element.get('kind')} ให้เขียนฟังก์ชันเป็น FEEL",
                f"External functions of kind {element.get('kind')} are not supported; write the function in FEEL",
            ),
        )
        return nothing
    parameters = [
        (name_of(parameter), workshop.type_of(parameter)) for parameter in children(element, "formalParameter")
    ]
    labels = tuple(label for label, _ in parameters)
    types = tuple(expected for _, expected in parameters)
    body = workshop.logic(expression_of(element), names.union(labels, {name} if name else ()))
    result_type = workshop.type_of(element) or declared

    def build(scope: Scope, evaluation: Evaluation) -> Function:
        def call(run: Run, arguments: Any) -> Any:
            inner = dict(scope)
            if name:
                inner[name] = function
            for (label, expected), argument in zip(parameters, arguments, strict=True):
                value = coerce(argument, expected, run)
                if value is None and argument is not None:
                    return None
                inner[label] = value
            run.enter()
            result = body(inner, evaluation)
            run.leave()
            return coerce(result, result_type, run)

        function = Function(labels, call, types, result_type)
        return function

    return build


@boxed("invocation")
def _invocation(workshop: Workshop, element: Element, names: Names) -> Logic:
    function = workshop.logic(expression_of(element), names)
    bindings = [
        (name_of(child(binding, "parameter")), workshop.logic(expression_of(binding), names))
        for binding in children(element, "binding")
    ]

    def call(scope: Scope, evaluation: Evaluation) -> Any:
        found = function(scope, evaluation)
        if not isinstance(found, Function):
            return None
        given = {name: logic(scope, evaluation) for name, logic in bindings}
        if not given.keys() <= set(found.parameters):
            return None
        return invoke(found, evaluation.run, [given.get(name) for name in found.parameters])

    return call


@boxed("conditional")
def _conditional(workshop: Workshop, element: Element, names: Names) -> Logic:
    condition, then, otherwise = (workshop.part(element, name, names) for name in ("if", "then", "else"))

    def choose(scope: Scope, evaluation: Evaluation) -> Any:
        return (then if condition(scope, evaluation) is True else otherwise)(scope, evaluation)

    return choose


@boxed("for")
def _for(workshop: Workshop, element: Element, names: Names) -> Logic:
    domain = workshop.part(element, "in", names)
    variable = _iterator(element)
    body = workshop.part(element, "return", names | {variable, "partial"})

    def collect(scope: Scope, evaluation: Evaluation) -> Any:
        items = domain_of(domain(scope, evaluation))
        if items is None:
            return None
        results: list[Any] = []
        inner = dict(scope)
        for item in items:
            evaluation.run.charge(2 + (len(results) >> 6))
            inner[variable], inner["partial"] = read(item), results[:]
            results.append(body(inner, evaluation))
        return results

    return collect


@boxed("some")
@boxed("every")
def _quantified(workshop: Workshop, element: Element, names: Names) -> Logic:
    domain = workshop.part(element, "in", names)
    variable = _iterator(element)
    condition = workshop.part(element, "satisfies", names | {variable})
    decisive = local(element) == "some"

    def test(scope: Scope, evaluation: Evaluation) -> Any:
        items = domain_of(domain(scope, evaluation))
        if items is None:
            return None
        verdict: bool | None = not decisive
        inner = dict(scope)
        for item in items:
            evaluation.run.charge(2)
            inner[variable] = read(item)
            found = condition(inner, evaluation)
            if found is decisive:
                return decisive
            if found.__class__ is not bool:
                if found is not None:
                    return None
                verdict = None
        return verdict

    return test


@boxed("filter")
def _filter(workshop: Workshop, element: Element, names: Names) -> Logic:
    domain = workshop.part(element, "in", names)
    condition = workshop.part(element, "match", names | {"item"})

    def keep(scope: Scope, evaluation: Evaluation) -> Any:
        found = domain(scope, evaluation)
        items = found if isinstance(found, list) else [] if found is None else [found]
        kept = []
        for raw in items:
            evaluation.run.charge(2)
            item = read(raw)
            members: Mapping[str, Any] = item if isinstance(item, dict) else {}
            verdict = condition({**scope, "item": item, **members}, evaluation)
            position = number(verdict)
            if position is not None:
                return item_at(items, position)
            if verdict is True:
                kept.append(item)
            elif verdict is not False and verdict is not None:
                return None
        return kept

    return keep


def _iterator(element: Element) -> str:
    return " ".join((element.get("iteratorVariable") or "").split())
