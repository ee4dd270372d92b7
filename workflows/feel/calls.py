"""Code for calls: built-ins by name, functions in variables, functions that the environment adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflows.errors import SitthiError, Text
from workflows.feel import nodes
from workflows.feel.builtins import REGISTRY
from workflows.feel.compiler import Code, Compiler, Frame, compiles
from workflows.feel.errors import FeelError
from workflows.feel.limits import Run
from workflows.feel.values import Function, read


@compiles(nodes.Call)
def _call(compiler: Compiler, node: nodes.Call) -> Code:
    names = tuple(name for name, _ in node.named)
    arguments = tuple(compiler.compile(value) for _, value in node.named) or tuple(
        compiler.compile(value) for value in node.positional
    )
    if isinstance(node.function, nodes.Name):
        name = node.function.name
        if name in REGISTRY:
            builtin = _builtin(name, names, arguments)
            if name not in compiler.variables and not compiler.is_local(name):
                return builtin
            return _or_builtin(compiler.compile(node.function), builtin, arguments, names)
        function = _or_added(name, compiler.compile(node.function))
    else:
        function = compiler.compile(node.function)

    def call(frame: Frame) -> Any:
        found = function(frame)
        if not isinstance(found, Function):
            return None
        values = [argument(frame) for argument in arguments]
        return invoke(found, frame[1], values, names)

    return call


def invoke(function: Function, run: Run, values: Sequence[Any], names: Sequence[str] = ()) -> Any:
    """Call a function value with positional arguments, or with the named ones; null if they do not fit."""
    if names:
        if sorted(names) != sorted(function.parameters):
            return None
        values = [values[names.index(name)] for name in function.parameters]
    elif not function.fits(len(values)):
        return None
    return function.call(run, values)


def _builtin(name: str, names: tuple[str, ...], arguments: tuple[Code, ...]) -> Code:
    function = REGISTRY[name]
    if names:
        orders = (overload.order(names) for overload in function.overloads)
        order = next((found for found in orders if found is not None), None)
        if order is None:
            return lambda _frame: None
        arguments = tuple(_left_out if index is None else arguments[index] for index in order)
    call = function.call
    if len(arguments) == 1:
        only = arguments[0]
        return lambda frame: call(frame[1], (only(frame),))
    return lambda frame: call(frame[1], [argument(frame) for argument in arguments])


def _left_out(_frame: Frame) -> None:
    """An optional argument that a call by name leaves out."""


def _or_builtin(variable: Code, builtin: Code, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    """A variable may have the name of a built-in, such as ``date``: unless it is a function, the built-in is meant."""

    def call(frame: Frame) -> Any:
        found = variable(frame)
        if not isinstance(found, Function):
            return builtin(frame)
        return invoke(found, frame[1], [argument(frame) for argument in arguments], names)

    return call


def _or_added(name: str, variable: Code) -> Code:
    """The function in the variable, else the one that the environment adds under this name."""

    def find(frame: Frame) -> Any:
        found = variable(frame)
        if found is None and name in frame[1].env.functions:
            return Function((), _added(name), accepts=lambda _count: True)
        return found

    return find


def _added(name: str) -> Any:
    def call(run: Run, arguments: Sequence[Any]) -> Any:
        run.charge(1)
        try:
            return run.sized(read(run.env.functions[name](*arguments)))
        except SitthiError:
            raise
        except Exception as error:
            raise FeelError(
                Text(f"เรียกฟังก์ชัน {name} ไม่สำเร็จ: {error}", f"The function {name} failed: {error}"), reason="function"
            ) from error

    return call
