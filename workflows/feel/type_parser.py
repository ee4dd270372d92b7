"""Types as they are written after ``instance of`` and in function parameters."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from workflows.errors import Text
from workflows.feel.cursor import Cursor, Names
from workflows.feel.feel_types import SIMPLE, ContextType, FunctionType, ListType, RangeType, Type
from workflows.feel.lexer import QUOTED, WORD

_SIMPLE_NAMES: Final = tuple(SIMPLE)


def parse_type(parser: Cursor) -> Type:
    """The type that starts at the parser's position; FeelSyntaxError for a name that is no type."""
    parser.deeper()
    try:
        if parser.token.kind == WORD and parser.ahead().text == "<":
            if parser.take_word("list"):
                return ListType(_bracketed(parser))
            if parser.take_word("range"):
                return RangeType(_bracketed(parser))
            if parser.take_word("context"):
                return _context(parser)
            if parser.take_word("function"):
                return _function(parser)
        return _named(parser)
    finally:
        parser.nesting -= 1


def _bracketed(parser: Cursor) -> Type:
    parser.need_symbol("<")
    found = parse_type(parser)
    parser.need_symbol(">")
    return found


def _context(parser: Cursor) -> Type:
    parser.need_symbol("<")
    fields = []
    while not parser.take_symbol(">"):
        name = parser.new_name(":")
        parser.need_symbol(":")
        fields.append((name, parse_type(parser)))
        if not parser.take_symbol(",") and not parser.is_symbol(">"):
            parser.fail()
    return ContextType(tuple(fields))


def _function(parser: Cursor) -> Type:
    parser.need_symbol("<")
    parameters = []
    while not parser.take_symbol(">"):
        parameters.append(parse_type(parser))
        if not parser.take_symbol(",") and not parser.is_symbol(">"):
            parser.fail()
    parser.need_symbol("->")
    return FunctionType(tuple(parameters), parse_type(parser))


def _no_type(name: str, known: tuple[str, ...]) -> Text:
    if not name:
        return Text("ขาดชนิดข้อมูล เช่น number", "Expected a type, such as number")
    near = get_close_matches(name, known, 1)
    return Text(
        f"ไม่รู้จักชนิดข้อมูล {name!r}" + (f" หมายถึง {near[0]!r} หรือไม่" if near else ""),
        f"There is no type {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
    )


def _named(parser: Cursor) -> Type:
    known, parser.names = parser.names, Names((*_SIMPLE_NAMES, *parser.types))
    try:
        several = parser.known_name()
    finally:
        parser.names = known
    if several is not None:
        name, length = several
    elif parser.token.kind in (WORD, QUOTED):
        name, length = parser.token.text, 1
    else:
        name, length = "", 0
    found = parser.types.get(name) or SIMPLE.get(name)
    if found is None:
        parser.fail(_no_type(name, (*_SIMPLE_NAMES, *parser.types)))
    parser.at += length
    return found
