"""What a person reads when a text is not FEEL: where, what, and how FEEL says it, in Thai and English."""

from __future__ import annotations

import pytest

from workflows.feel import FeelSyntaxError, compile_expression, compile_unary_tests

MISTAKES = [
    ('status == "approve"', 7, "one ="),
    ("a && b", 2, "and instead"),
    ("a || b", 2, "or instead"),
    ("!a", 0, "not(...)"),
    ("${amount > 1}", 0, "without|itself after ="),
    ("status = 'approve'", 9, "double quotes"),
    ("a % 2", 2, "modulo"),
    ("a is None", 2, "x = null"),
    ("a = None", 4, "null instead"),
    ("a = True", 4, "true in small"),
    ("a not in [1]", 2, "not(x in"),
    ("1 if a else 2", 2, "if condition then"),
    ("a ? 1 : 2", 2, "if a then b else c"),
    ("lambda x: x", 0, "function(x)"),
    ("first name = 1", 6, "`first name`"),
    ("=a = 1", 0, "one = in front"),
    ("a;", 1, "without ;"),
    # JUEL, JavaScript and Java
    ("#{amount > 1}", 0, "itself after ="),
    ("${a} == ${b}", 0, "itself after ="),
    ("a === b", 2, "one ="),
    ("a !== b", 2, "!= for unequal"),
    ("a <> b", 3, "!= for unequal"),
    ("a =< b", 3, "<="),
    ("a => b", 3, ">= for at least"),
    ("a ne null", 2, "!= for unequal"),
    ("a gt 5", 2, "compares with >"),
    ("not a", 4, "parentheses"),
    ("empty a", 6, 'x = null, x = ""'),
    ("a.equals(b)", 2, "a = b"),
    ('name.startsWith("x") and b', 5, "starts with(text, part)"),
    ("list.size() > 0", 5, "count(list)"),
    ("text.length()", 5, "string length(text)"),
    ("a ?? b", 2, "get or else(a, b)"),
    ("a?.b", 1, "plain dot"),
    ("a += 1", 3, "sets no variables"),
    ("var a = 1", 4, "sets no variables"),
    ("new Date()", 4, "has no new"),
    ("x -> x + 1", 2, "function(x)"),
    ("a & b", 2, "and instead of &"),
    ("a ^ 2", 2, "a ** b"),
    ("a > 1 AND b", 6, "writes and"),
    ("TRUE", 0, "true in small"),
    ("a = NULL", 4, "writes null"),
    ("IF a THEN b", 3, "if condition then"),
    # Python
    ("len(x)", 0, "count(list)"),
    ("str(x)", 0, "string(x)"),
    ('f"{a}"', 1, "string(number)"),
    ("[x.a for x in y]", 5, "for x in list return"),
    ("def f(x)", 4, "function(x)"),
    # habits of the office
    ("a = “x”", 4, "double quotes"),
    ("amount > ๑๐๐๐", 9, "Arabic digits: 1000"),
    ("amount > 1,000", 10, "no commas in it: 1000"),
    ("date(2026-01-05)", 5, '@"2026-01-05"'),
    ("[1, 2,]", 6, "comma too many"),
    ("{a 1}", 3, "Expected ':'"),
    ("/* never closed", 0, "no closing */"),
    ("1 instance of", 13, "Expected a type"),
    ("", 0, "too early"),
    ("1 +", 3, "too early"),
    ("(1", 2, "Expected"),
    ('"abc', 0, "no closing"),
    ("`abc", 0, "no closing"),
    ("1 instance of numbr", 14, "did you mean 'number'"),
    ("function(x) external {java: {}}", 12, "not supported"),
    ("for x in [1]", 12, "return"),
    ("if a then b", 11, "else"),
    ("{a: 1", 5, "too early"),
    ("@2026", 1, "must follow @"),
    ("1 § 2", 2, "Unexpected"),
]


@pytest.mark.parametrize(("source", "position", "words"), MISTAKES)
def test_mistake(source: str, position: int, words: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(source)
    assert caught.value.position == position
    assert any(word in caught.value.text.en for word in words.split("|"))
    assert caught.value.text.th != caught.value.text.en


def test_the_place_is_named_by_line_and_character() -> None:
    with pytest.raises(FeelSyntaxError, match="line 2, character 4"):
        compile_expression("a and\n b == 1")


def test_a_cell_is_checked_as_a_cell() -> None:
    assert compile_unary_tests("< 5, [10..20]")
    with pytest.raises(FeelSyntaxError):
        compile_expression("< 5, [10..20]")
    with pytest.raises(FeelSyntaxError, match="double quotes"):
        compile_unary_tests("'a'")


NO_MISTAKES = [
    ("{len: function(x) count(x), r: len([1, 2])}.r", ()),
    ("for None in [1] return None", ()),
    ("size(2)", ("size",)),
    ("lib.contains(1)", ("contains",)),
    ("10-10-10", ()),
    ("2026-11-22", ()),
    ("[1, ]2..3[]", ()),
    ("a.length", ()),
]


@pytest.mark.parametrize(("source", "names"), NO_MISTAKES)
def test_what_is_declared_or_is_feel_is_no_mistake(source: str, names: tuple[str, ...]) -> None:
    assert compile_expression(source, names).source == source
