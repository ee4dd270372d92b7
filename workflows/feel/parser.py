"""FEEL grammar (DMN 1.5 chapter 10.3.1) as recursive descent, one pass, no backtracking over nested parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workflows.errors import Text
from workflows.feel import nodes
from workflows.feel.feel_types import Type
from workflows.feel.lexer import END, QUOTED, SYMBOL, WORD
from workflows.feel.nodes import Node
from workflows.feel.operands import COMPARISONS, OperandParser
from workflows.feel.type_parser import parse_type

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER = range(1, 7)
_LEVELS: Final = {
    (WORD, "or"): _OR, (WORD, "and"): _AND,
    (SYMBOL, "="): _COMPARE, (SYMBOL, "!="): _COMPARE, (SYMBOL, "<"): _COMPARE, (SYMBOL, "<="): _COMPARE,
    (SYMBOL, ">"): _COMPARE, (SYMBOL, ">="): _COMPARE,
    (WORD, "between"): _COMPARE, (WORD, "in"): _COMPARE, (WORD, "instance"): _COMPARE,
    (SYMBOL, "+"): _ADD, (SYMBOL, "-"): _ADD, (SYMBOL, "*"): _MULTIPLY, (SYMBOL, "/"): _MULTIPLY,
    (SYMBOL, "**"): _POWER,
}  # fmt: skip
_EXTERNAL: Final = Text(
    "ไม่รองรับฟังก์ชันภายนอก (Java หรือ PMML) ให้เขียนฟังก์ชันเป็น FEEL",
    "External functions (Java or PMML) are not supported; write the function in FEEL",
)


class Parser(OperandParser):
    """Parses one source text: operators, control expressions and unary tests."""

    def whole_expression(self) -> Node:
        """The source as one expression."""
        node = self.expression()
        if self.token.kind != END:
            self.fail()
        return node

    def whole_tests(self) -> Node:
        """The source as the unary tests of a decision table cell."""
        if self.is_symbol("-") and self.ahead().kind == END:
            return nodes.AnyTest((), False)
        if self.is_word("not") and self.ahead().text == "(":
            start = self.at
            self.at += 2
            tests = self.tests()
            if self.take_symbol(")") and self.token.kind == END:
                return nodes.AnyTest(tests, True)
            self.at = start
        tests = self.tests()
        if self.token.kind != END:
            self.fail()
        return nodes.AnyTest(tests, False)

    def tests(self) -> tuple[Node, ...]:
        found = [self.test(_OR)]
        while self.take_symbol(","):
            found.append(self.test(_OR))
        return tuple(found)

    def test(self, level: int) -> Node:
        """One positive unary test: ``< 5``, or an expression that speaks of ``?`` or is compared with it."""
        if self.token.kind == SYMBOL and self.token.text in COMPARISONS:
            return self.one_sided()
        outer, self.uses_input = self.uses_input, False
        node = self.expression() if level == _OR else self.binary(level)
        return self._tested(node, outer)

    def _tested(self, node: Node, outer: bool) -> Node:
        speaks_of_input, self.uses_input = self.uses_input, outer
        return nodes.Tested(node, speaks_of_input)

    def one_sided(self) -> Node:
        operator = self.token.text
        self.at += 1
        return nodes.OneSided(operator, self.binary(_ADD))

    def expression(self) -> Node:
        self.deeper()
        word = self.token
        following = self.ahead()
        node: Node
        if word.kind == WORD and self.known_name() is None:
            if word.text == "for":
                node = self.for_loop()
            elif word.text == "if" and following.text != "=":
                node = self.conditional()
            elif word.text in ("some", "every") and following.kind in (WORD, QUOTED):
                node = self.quantified(word.text == "every")
            elif word.text == "function" and following.text == "(":
                node = self.function()
            else:
                node = self.binary(_OR)
        else:
            node = self.binary(_OR)
        self.nesting -= 1
        return node

    def conditional(self) -> Node:
        self.need_word("if")
        condition = self.expression()
        self.need_word("then")
        then = self.expression()
        self.need_word("else")
        return nodes.If(condition, then, self.expression())

    def loops(self) -> tuple[nodes.Loop, ...]:
        """``x in domain, y in domain``: each name is in scope from its comma on; the caller takes them out again."""
        found = []
        while True:
            name = self.new_name("in")
            self.need_word("in")
            domain = self.expression()
            last = self.expression() if self.take_symbol("..") else None
            found.append(nodes.Loop(name, domain, last))
            self.names.add(name)
            if not self.take_symbol(","):
                return tuple(found)

    def for_loop(self) -> Node:
        self.need_word("for")
        loops = self.loops()
        self.need_word("return")
        result = self.expression()
        self.forget(loop.name for loop in loops)
        return nodes.For(loops, result)

    def quantified(self, every: bool) -> Node:
        self.at += 1
        loops = self.loops()
        self.need_word("satisfies")
        condition = self.expression()
        self.forget(loop.name for loop in loops)
        return nodes.Quantified(every, loops, condition)

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self.names.discard(name)

    def function(self) -> Node:
        self.at += 2
        parameters: list[tuple[str, Type | None]] = []
        while not self.take_symbol(")"):
            name = self.new_name(":", ",", ")")
            parameters.append((name, parse_type(self) if self.take_symbol(":") else None))
            if not self.take_symbol(",") and not self.is_symbol(")"):
                self.fail()
        if self.is_word("external"):
            self.fail(_EXTERNAL)
        for name, _ in parameters:
            self.names.add(name)
        body = self.expression()
        self.forget(name for name, _ in parameters)
        return nodes.Lambda(tuple(parameters), body)

    def binary(self, minimum: int, left: Node | None = None) -> Node:
        """Operators that bind at least as tightly as ``minimum``; ``left`` is an operand already read."""
        node = self.unary() if left is None else left
        while True:
            token = self.token
            level = _LEVELS.get((token.kind, token.text), 0)
            if level < minimum or not level:
                return node
            if level == _COMPARE:
                node = self.comparison(node)
                continue
            rest = []
            while _LEVELS.get((self.token.kind, self.token.text)) == level:
                operator = self.token.text
                self.at += 1
                rest.append((operator, self.binary(level + 1)))
            if level <= _AND:
                node = nodes.Logic(rest[0][0], (node, *(operand for _, operand in rest)))
            else:
                node = nodes.Chain(node, tuple(rest))

    def comparison(self, left: Node) -> Node:
        operator = self.token.text
        self.at += 1
        if operator == "between":
            low = self.binary(_ADD)
            self.need_word("and")
            return nodes.Between(left, low, self.binary(_ADD))
        if operator == "in":
            return nodes.In(left, self.in_tests())
        if operator == "instance":
            self.need_word("of")
            return nodes.InstanceOf(left, parse_type(self))
        return nodes.Compare(operator, left, self.binary(_ADD))

    def in_tests(self) -> tuple[Node, ...]:
        """What follows ``in``: ``(test, test)``, or one test, which may itself begin with a parenthesis."""
        if not self.is_symbol("("):
            return (self.test(_ADD),)
        outer, self.uses_input = self.uses_input, False
        self.deeper()
        self.at += 1
        first = self.item()
        self.nesting -= 1
        if self.take_symbol(".."):
            first = self.range_end(first, False)
        elif self.is_symbol(","):
            tests = [first if isinstance(first, nodes.OneSided) else self._tested(first, outer)]
            while self.take_symbol(","):
                tests.append(self.test(_OR))
            self.need_symbol(")")
            self.uses_input = outer
            return tuple(tests)
        else:
            self.need_symbol(")")
        if isinstance(first, nodes.OneSided):
            self.uses_input = outer
            return (first,)
        return (self._tested(self.binary(_ADD, self.postfix(first)), outer),)
