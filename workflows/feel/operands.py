"""Operands of FEEL: literals, names, brackets of all kinds, and what follows them: paths, filters and calls."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Final

from workflows.errors import Text
from workflows.feel import nodes
from workflows.feel.builtins import MEMBER_NAMES, REGISTRY
from workflows.feel.cursor import Cursor, Names
from workflows.feel.errors import Mismatch
from workflows.feel.feel_types import Type
from workflows.feel.hints import foreign_call, foreign_date, foreign_word
from workflows.feel.lexer import END, KEYWORDS, NUMBER, QUOTED, STRING, SYMBOL, WORD
from workflows.feel.nodes import Node
from workflows.feel.temporal_text import read_temporal
from workflows.feel.values import CONTEXT

COMPARISONS: Final = frozenset(("=", "!=", "<", "<=", ">", ">="))
_NOT_OPERANDS: Final = frozenset(
    ["and", "or", "then", "else", "return", "satisfies", "in", "between", "instance", "of"]
)
_CLOSING: Final = frozenset(")],}")
_LITERALS: Final = {"true": True, "false": False, "null": None}
_BUILTIN_NAMES: Final = Names((*REGISTRY, *MEMBER_NAMES))


class OperandParser(Cursor):
    """``names`` are the variables in scope and ``members`` the keys of their contexts, needed where a name has several
    words; ``types`` are the named types."""

    def __init__(
        self,
        source: str,
        names: Iterable[str] = (),
        types: Mapping[str, Type] | None = None,
        members: Iterable[str] = (),
    ) -> None:
        self.variables = frozenset(names)
        self.known = self.variables.union(members)
        super().__init__(source, Names(self.known, _BUILTIN_NAMES), types)
        self.uses_input = False

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression, one level of nesting deeper."""

    @abstractmethod
    def one_sided(self) -> Node:
        """``< 5`` and its like."""

    def item(self) -> Node:
        if self.token.kind == SYMBOL and self.token.text in COMPARISONS:
            return self.one_sided()
        return self.expression()

    def unary(self) -> Node:
        signs = 0
        while self.take_symbol("-"):
            signs += 1
        node = self.postfix(self.primary())
        # An even number of signs still makes text null: it is not the same as none.
        for _ in range(2 - signs % 2 if signs else 0):
            node = nodes.Minus(node)
        return node

    def postfix(self, node: Node) -> Node:
        """``.member``, ``[filter]`` and ``(arguments)``; each counts as a level of nesting."""
        before = self.nesting
        while self.token.kind == SYMBOL:
            symbol = self.token.text
            if symbol == ".":
                self.deeper()
                self.at += 1
                node = nodes.Path(node, self.member_name())
            elif symbol == "[" and self.opens_filter():
                self.deeper()
                self.at += 1
                node = nodes.Filter(node, self.expression())
                self.need_symbol("]")
            elif symbol == "(":
                self.deeper()
                self.refuse_foreign(node)
                node = self.call(node)
            else:
                break
        self.nesting = before
        return node

    def refuse_foreign(self, function: Node) -> None:
        """FeelSyntaxError for a call of what other languages have, unless there is something of that name here."""
        is_method = isinstance(function, nodes.Path)
        name = function.member if isinstance(function, nodes.Path) else getattr(function, "name", "")
        if (name in REGISTRY and not is_method) or name in self.known or name in self.declared:
            return
        found = foreign_call(name, is_method=is_method)
        if found is not None:
            self.at -= 1
            self.fail(found)

    def opens_filter(self) -> bool:
        """Whether ``[`` begins a filter; in ``[1..5[`` it ends a range: then no operand follows."""
        token = self.ahead()
        if token.kind == WORD:
            return token.text not in _NOT_OPERANDS
        return token.kind in (NUMBER, STRING, QUOTED) or (token.kind == SYMBOL and token.text in "([{-@?")

    def call(self, function: Node) -> Node:
        self.need_symbol("(")
        if self.take_symbol(")"):
            return nodes.Call(function, ())
        if self.names_argument():
            named = []
            while True:
                name = self.new_name(":")
                self.need_symbol(":")
                named.append((name, self.expression()))
                if not self.take_symbol(","):
                    break
            self.need_symbol(")")
            return nodes.Call(function, (), tuple(named))
        positional = [self.expression()]
        while self.take_symbol(","):
            positional.append(self.expression())
        self.need_symbol(")")
        return nodes.Call(function, tuple(positional))

    def names_argument(self) -> bool:
        """Whether ``name:`` comes next."""
        if self.token.kind == QUOTED:
            return self.ahead().text == ":"
        steps = 0
        while steps < 12 and (self.ahead(steps).kind in (WORD, NUMBER) or self.ahead(steps).text in ("-", "'")):
            steps += 1
        return steps > 0 and self.token.kind == WORD and self.ahead(steps).text == ":"

    def primary(self) -> Node:
        token = self.token
        if token.kind == NUMBER:
            date = foreign_date(self.source, token.start)
            if date is not None:
                self.fail(date)
            self.at += 1
            return nodes.Literal(self.number(token.text))
        if token.kind == STRING:
            self.at += 1
            return nodes.Literal(token.text)
        if token.kind == QUOTED:
            self.at += 1
            return nodes.Name(token.text, True)
        if token.kind == WORD:
            return self.word()
        if token.kind == SYMBOL:
            return self.bracketed(token.text)
        return self.fail()

    def number(self, text: str) -> object:
        try:
            return CONTEXT.create_decimal(text)
        except ArithmeticError:
            return self.fail(Text("ตัวเลขใหญ่เกินไป", "The number is too large"))

    def word(self) -> Node:
        known = self.known_name()
        if known is not None:
            name, length = known
            is_function = name in REGISTRY and name not in self.variables
            if not is_function or self.ahead(length).text == "(" or KEYWORDS.isdisjoint(name.split()):
                self.at += length
                return nodes.Name(name)
        text = self.token.text
        if text in _LITERALS:
            self.at += 1
            return nodes.Literal(_LITERALS[text])
        if text in KEYWORDS:
            self.fail()
        foreign = foreign_word(text)
        if foreign is not None and text not in self.known and text not in self.declared:
            self.fail(foreign)
        self.at += 1
        return nodes.Name(text)

    def bracketed(self, symbol: str) -> Node:
        if symbol == "(":
            return self.parenthesis()
        if symbol == "[":
            return self.list_or_range()
        if symbol == "]":
            self.at += 1
            low = self.expression()
            self.need_symbol("..")
            return self.range_end(low, False)
        if symbol == "{":
            return self.context()
        if symbol == "?":
            self.at += 1
            self.uses_input = True
            return nodes.Input()
        if symbol == "@":
            return self.at_literal()
        return self.fail()

    def parenthesis(self) -> Node:
        self.at += 1
        if self.token.kind == SYMBOL and self.token.text in COMPARISONS:
            node = self.one_sided()
            self.need_symbol(")")
            return node
        node = self.expression()
        if self.take_symbol(".."):
            return self.range_end(node, False)
        self.need_symbol(")")
        return node

    def list_or_range(self) -> Node:
        self.at += 1
        if self.take_symbol("]"):
            return nodes.ListOf(())
        items = [self.item()]
        if self.take_symbol(".."):
            return self.range_end(items[0], True)
        while self.take_symbol(","):
            if self.is_symbol("]") and (self.ahead().kind == END or self.ahead().text in _CLOSING):
                self.fail()
            items.append(self.item())
        self.need_symbol("]")
        return nodes.ListOf(tuple(items))

    def range_end(self, low: Node, low_included: bool) -> Node:
        high = self.expression()
        if self.take_symbol("]"):
            return nodes.RangeOf(low, high, low_included, True)
        if self.take_symbol(")") or self.take_symbol("["):
            return nodes.RangeOf(low, high, low_included, False)
        return self.fail()

    def context(self) -> Node:
        """``{key: value}``: a key is in scope for the entries after it, and known as a member name from then on."""
        self.at += 1
        entries = []
        while not self.take_symbol("}"):
            if self.token.kind == STRING:
                key = self.token.text
                self.at += 1
            else:
                key = self.new_name(":")
            self.need_symbol(":")
            entries.append((key, self.expression()))
            self.names.add(key)
            if not self.take_symbol(",") and not self.is_symbol("}"):
                self.fail()
        return nodes.ContextOf(tuple(entries))

    def at_literal(self) -> Node:
        self.at += 1
        token = self.token
        if token.kind != STRING:
            self.fail(Text('หลัง @ ต้องเป็นข้อความ เช่น @"2026-11-22"', 'A text must follow @, as in @"2026-11-22"'))
        self.at += 1
        try:
            return nodes.Literal(read_temporal(token.text))
        except Mismatch:
            return nodes.Literal(None)
