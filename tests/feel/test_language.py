"""The language itself: operators, names, control, lists, contexts, filters, functions, ranges and tests."""

from __future__ import annotations

import pytest

from tests.feel.support import accepts, evaluate, shown

SCOPE = {
    "amount": 150_000,
    "rate": 0.1,
    "dept": "IT",
    "จังหวัด": "ตาก",
    "items": [{"name": "a", "q": 1, "p": 2.5}, {"name": "b", "q": 3, "p": 4}],
    "unit": {"code": "99001", "head": None, "first name": "สมชาย"},
    "count": 7,
    "nothing": None,
}

EXPRESSIONS = {
    # numbers: exact decimals of 34 digits, half even
    "1 + 2 * 3 - 4 / 2": "5",
    "0.1 + 0.2 = 0.3": "true",
    "rate + 0.2": "0.3",
    "2 ** 3 ** 2": "64",
    "-2 ** 2": "4",
    "2 * -3": "-6",
    "1 / 3": "0.3333333333333333333333333333333333",
    "1 / 0": "null",
    "1e3 + .5": "1000.5",
    "1.50": "1.5",
    # texts
    '"a" + "b"': '"ab"',
    '"a" + 1': "null",
    '"\\u0e01\\n\\"x\\""': '"ก\n"x""',
    '"\\uD83D\\uDE00" = "\\U01F600"': "true",
    # comparison is null across kinds, and three-valued from there on
    "1 = null": "false",
    "null = null": "true",
    '1 = "1"': "null",
    '1 < "2"': "null",
    '"ก" < "ข"': "true",
    "[1, {a: 2}] = [1, {a: 2}]": "true",
    "{a: 1, b: 2} = {b: 2, a: 1}": "true",
    "true and null": "null",
    "false and null": "false",
    "true or null": "true",
    "null or false": "null",
    '1 and "x"': "null",
    "not(null)": "null",
    "1 between 0 and 1": "true",
    "amount > 100000 and dept = \"IT\"": "true",
    "amount > 100000 and dept = \"HR\" or true": "true",
    # names
    'จังหวัด = "ตาก"': "true",
    "unit.`first name`": '"สมชาย"',
    "missing": "null",
    "missing.member.of.nothing": "null",
    "count": "7",
    "count(items)": "2",
    "count + count([1, 2])": "9",
    # control
    'if amount > 1 then "a" else "b"': '"a"',
    'if null then "a" else "b"': '"b"',
    "for i in 1..3 return i * i": "[1, 4, 9]",
    "for i in 3..1 return i": "[3, 2, 1]",
    "for i in [1..3) return i": "[1, 2]",
    "for i in [2..1] return i": "null",
    "for i in 1..2, j in i..2 return [i, j]": "[[1, 1], [1, 2], [2, 2]]",
    "for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]": "[1, 1, 2, 3, 5]",
    "for i in 1..3 return partial": "[[], [[]], [[], [[]]]]",
    'for d in @"2026-02-27"..@"2026-03-01" return d.day': "[27, 28, 1]",
    "some i in items satisfies i.q > 2": "true",
    "every i in items satisfies i.q > 2": "false",
    "every i in [] satisfies false": "true",
    "some i in [null, 1] satisfies i > 1": "null",
    # lists and filters
    "[1, 2, 3][2]": "2",
    "[1, 2, 3][-1]": "3",
    "[1, 2, 3][4]": "null",
    "[1, 2, 3][1.5]": "null",
    "[1, 2, 3][item >= 2]": "[2, 3]",
    "items[q > 1].name": '["b"]',
    "items[name = dept]": "[]",
    "items.p": "[2.5, 4]",
    "[{item: 1}, {item: 2}][item = 2]": "[{item: 2}]",
    "5[1]": "5",
    "null[item > 1]": "[]",
    # contexts
    "{a: 1, b: a + 1}.b": "2",
    '{"a b": 1}': "{a b: 1}",
    "{a b: 1, c: a b + 1}.c": "2",
    "{a: 1, a: 2}": "null",
    "unit.code": '"99001"',
    "{a: {b: [1, 2]}}.a.b[2]": "2",
    # functions
    "(function(a, b) a - b)(b: 1, a: 3)": "2",
    "{f: function(n) if n < 2 then 1 else n * f(n - 1)}.f(5)": "120",
    "{f: function(x: number) x}.f(\"a\")": "null",
    "{f: function(x: string) x}.f([\"a\"])": '"a"',
    "(for i in 1..2 return function() i)[1]()": "1",
    "{date: 5, d: date(\"2026-11-22\")}.d": "2026-11-22",
    "substring(string: \"abc\", start position: 2)": '"bc"',
    "substring(\"abc\")": "null",
    "(function(a) a)(1, 2)": "null",
    "nothing(1)": "null",
    # ranges
    "5 in [1..5]": "true",
    "5 in [1..5)": "false",
    "5 in ]5..9]": "false",
    "[2..3] in [1..5]": "true",
    "5 in (< 6)": "true",
    "5 in > 6": "false",
    "5 in (1, [4..6])": "true",
    "5 in ([1, 5])": "true",
    "5 in (> 1, < 0) and true": "true",
    "[1..3].start": "1",
    "(1..3].start included": "false",
    "[1..\"a\"]": "null",
    # types
    "[1, 2] instance of list<number>": "true",
    "{a: 1} instance of context<a: string>": "false",
    "[1..2] instance of range<number>": "true",
    "(function(x: number) x) instance of function<number> -> Any": "true",
    "null instance of Null": "true",
    "null instance of number": "false",
    "@\"PT1H\" instance of days and time duration": "true",
    # comments
    "1 /* one */ + 2 // two": "3",
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS.items())
def test_expression(source: str, expected: str) -> None:
    assert shown(evaluate(source, SCOPE)) == expected


CELLS = [
    ("-", 5, True),
    ("5", 5, True),
    ("5, 6", 6, True),
    ("not(5, 6)", 6, False),
    ("< 5", 4, True),
    ("> 1, < 0", 1, False),
    ("[1..5)", 5, False),
    ("not([1..5])", 6, True),
    ('"a", "b"', "b", True),
    ("null", None, True),
    ("? > 1 and ? < 3", 2, True),
    ("list contains(?, 2)", [1, 2], True),
    ("[1, 2]", 2, True),
    ("5", "5", None),
    ("true", True, True),
    ("not(true)", False, True),
    ('starts with(?, "99")', "99001", True),
]


@pytest.mark.parametrize(("tests", "value", "expected"), CELLS)
def test_cell(tests: str, value: object, expected: object) -> None:
    assert accepts(tests, value) is expected
