"""The front door: compile a text once, evaluate it often, from any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from workflows.errors import SitthiError, Text
from workflows.feel import calls, conditions, loops, nodes
from workflows.feel.compiler import FIRST_SLOT, Code, Compiler
from workflows.feel.errors import FeelError
from workflows.feel.feel_types import Type
from workflows.feel.limits import Environment, Run, too_deep
from workflows.feel.parser import Parser
from workflows.feel.values import read

_REGISTERED = (calls, conditions, loops)


class Expression:
    """A compiled expression: immutable, shared by threads. ``names_used`` are the names it reads from the scope,
    ``names_needed`` those of them that cannot be members of the elements it filters; ``tree`` is what it was compiled
    from."""

    __slots__ = ("_code", "_slots", "names_needed", "names_used", "source", "tree")

    def __init__(self, source: str, tree: nodes.Node, code: Code, compiler: Compiler | None = None) -> None:
        self.source = source
        self.tree = tree
        self.names_used = frozenset(compiler.free if compiler else ()) - {"?"}
        self.names_needed = frozenset(compiler.needed if compiler else ()) - {"?"}
        self._code = code
        self._slots = [None] * (compiler.slots - FIRST_SLOT if compiler else 0)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def evaluate(self, scope: Mapping[str, Any], env: Environment) -> Any:
        """The FEEL value over JSON (or FEEL) variables; an unknown name is null. FeelError, never another exception."""
        return self.evaluate_in(scope, Run(env))

    def evaluate_in(self, scope: Mapping[str, Any], run: Run) -> Any:
        """As ``evaluate``, as part of a run that is already counting: the cells of one decision share a budget."""
        try:
            return self._code([scope, run, *self._slots])
        except SitthiError:
            raise
        except RecursionError:
            raise too_deep() from None
        except Exception as error:
            raise FeelError(
                Text(
                    f"คำนวณนิพจน์ไม่ได้ ({type(error).__name__}): {self.source[:200]}",
                    f"The expression could not be evaluated ({type(error).__name__}): {self.source[:200]}",
                ),
                reason="internal",
            ) from error


def compile_expression(source: str, names: Iterable[str] = ()) -> Expression:
    """Compile an expression. ``names`` are variables whose names have spaces or signs; backticks need no such help.

    Cached. FeelSyntaxError, with position and the FEEL way, for anything that is not FEEL.
    """
    return _expression(source, frozenset(names))


def compile_unary_tests(source: str, names: Iterable[str] = ()) -> Expression:
    """Compile the tests of a decision table cell; evaluate with the input value as ``?`` in the scope. Cached."""
    return _unary_tests(source, frozenset(names))


@lru_cache(4096)
def _expression(source: str, names: frozenset[str]) -> Expression:
    return compile_with(source, names, Parser.whole_expression)


@lru_cache(4096)
def _unary_tests(source: str, names: frozenset[str]) -> Expression:
    return compile_with(source, names, Parser.whole_tests)


def compile_with(
    source: str,
    names: Iterable[str],
    read_source: Callable[[Parser], nodes.Node],
    types: Mapping[str, Type] | None = None,
    members: Iterable[str] = (),
) -> Expression:
    """Compile with the named types and member names of a decision model; not cached, the model keeps the result."""
    try:
        parser = Parser(source, names, types, members)
        tree = read_source(parser)
        compiler = Compiler(parser.variables)
        code = compiler.compile(tree)
    except RecursionError:
        raise too_deep() from None
    return Expression(source, tree, code, compiler)


def parse_value(text: str) -> Expression:
    """A field of a diagram: FEEL after ``=``, else the text itself as a constant (Camunda's convention)."""
    if text.startswith("="):
        return compile_expression(text[1:].strip())
    return _constant(text)


@lru_cache(4096)
def _constant(text: str) -> Expression:
    value = read(text)
    return Expression(text, nodes.Literal(value), lambda _frame: value)
