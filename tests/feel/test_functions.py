"""Built-in functions, one or two sharp cases each; the conformance kit covers the rest."""

from __future__ import annotations

import pytest

from tests.feel.support import evaluate, shown
from workflows.feel import FeelError

CALLS = {
    # conversion
    'number("1.500,25", ".", ",")': "1500.25",
    'number("x")': "null",
    "string(1.0)": '"1"',
    'string({a: [1, "x", null]})': '"{a: [1, "x", null]}"',
    "string(null)": "null",
    'from json("{\\"a\\": [1.0, true, null]}")': "{a: [1, true, null]}",
    'from json("{")': "null",
    'to json({a: 1.50, d: @"2026-11-22"})': '"{"a":1.5,"d":"2026-11-22"}"',
    "is defined(x)": "false",
    "is defined(0)": "true",
    "get or else(x, 1)": "1",
    'assert(5, true, "no")': "5",
    "string length(uuid())": "36",
    'to base64("ก")': '"4LiB"',
    'is(@"10:00:00Z", @"10:00:00+00:00")': "true",
    'is(@"10:00:00@Asia/Bangkok", @"10:00:00+07:00")': "false",
    # texts
    'substring("foobar", 3, 2)': '"ob"',
    'substring("foobar", -2)': '"ar"',
    'string length("ผู้ใช้")': "6",
    'upper case("aBc4")': '"ABC4"',
    'substring before("foobar", "bar")': '"foo"',
    'substring after("foobar", "xyz")': '""',
    'contains("foobar", "ob")': "true",
    'ends with("foobar", "r")': "true",
    'trim("  a b ")': '"a b"',
    'is blank(" ")': "true",
    'split("a;b;;c", ";")': '["a", "b", "", "c"]',
    'string join(["a", null, "b"], "-")': '"a-b"',
    'string join(["a", "b"], "-", "<", ">")': '"<a-b>"',
    'string join(["a", 1])': "null",
    'upper case(["a"])': '"A"',
    # patterns are XPath's
    'matches("099123456789", "^0[0-9]{11}$")': "true",
    'matches("a\\nb", "^b$")': "false",
    'matches("a\\nb", "^b$", "m")': "true",
    'matches("xyz", "[a-z-[aeiou]]+")': "true",
    'matches("e", "[a-z-[aeiou]]")': "false",
    'matches("a", "(?=a)")': "null",
    'matches("ไทย", "\\\\p{L}+")': "true",
    'matches("abc", "A B C", "xi")': "true",
    'matches("a", "a", "z")': "null",
    'replace("2026-11-22", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3/$2/$1")': '"22/11/2026"',
    'replace("a.b", ".", "-", "q")': '"a-b"',
    'replace("abc", "b*", "x")': "null",
    'extract("unit 99001 and 99002", "[0-9]{5}")': '["99001", "99002"]',
    # lists
    "list contains([1, null], null)": "true",
    "min(3, 1, 2)": "1",
    'max(["a", "c", "b"])': '"c"',
    "min([])": "null",
    "sum([1, 2.5])": "3.5",
    'sum([1, "a"])': "null",
    "mean(1, 2, 3)": "2",
    "median([8, 2, 5, 3])": "4",
    "mode([6, 1, 9, 6, 1])": "[1, 6]",
    "stddev(2, 4, 7, 5)": "2.081665999466132735282297706979931",
    "product([2, 3])": "6",
    "all([true, null])": "null",
    "any([false, null, true])": "true",
    "sublist([4, 5, 6], -2, 1)": "[5]",
    "append([1], 2, [3])": "[1, 2, [3]]",
    "concatenate([1], [2], 3)": "[1, 2, 3]",
    "insert before([1, 3], 2, 2)": "[1, 2, 3]",
    "remove([1, 2, 3], -1)": "[1, 2]",
    "reverse([1, 2])": "[2, 1]",
    "index of([1, 2, 1], 1)": "[1, 3]",
    "union([1, 2], [2, 3])": "[1, 2, 3]",
    "distinct values([1, 1.0, \"a\", null, null, [1], [1]])": '[1, "a", null, [1]]',
    "duplicate values([1, 2, 1, [3], [3]])": "[1, [3]]",
    "flatten([1, [2, [3]]])": "[1, 2, 3]",
    "partition([1, 2, 3], 2)": "[[1, 2], [3]]",
    "is empty([])": "true",
    "sort([3, 1, 2])": "[1, 2, 3]",
    "sort([{n: 2}, {n: 1}], function(a, b) a.n < b.n).n": "[1, 2]",
    "list replace([1, 2, 3], 2, 9)": "[1, 9, 3]",
    "list replace([1, 5], function(item, newItem) item > newItem, 3)": "[1, 3]",
    # numbers
    "decimal(2.5, 0)": "2",
    "round half up(-1.5, 0)": "-2",
    "round half down(5.5, 0)": "5",
    "round up(5.01, 1)": "5.1",
    "round down(-5.59, 1)": "-5.5",
    "floor(-1.5)": "-2",
    "ceiling(1.21, 1)": "1.3",
    "modulo(-12, 5)": "3",
    "modulo(1, 0)": "null",
    "sqrt(16)": "4",
    "sqrt(-1)": "null",
    "log(exp(1)) > 0.999": "true",
    "odd(5) and even(4)": "true",
    "abs(-1)": "1",
    'abs(@"-PT5H")': "PT5H",
    "random number() < 1": "true",
    # contexts
    'get value({a: {b: 1}}, ["a", "b"])': "1",
    "get entries({a: 1})": '[{key: "a", value: 1}]',
    'context([{key: "a", value: 1}])': "{a: 1}",
    'context put({a: 1}, "b", 2)': "{a: 1, b: 2}",
    'context put({a: {b: 1}}, ["a", "b"], 2)': "{a: {b: 2}}",
    "context merge([{a: 1}, {a: 2, b: 3}])": "{a: 2, b: 3}",
    # ranges
    "before(1, [2..3])": "true",
    "after([5..6], 5)": "false",
    "meets([1..3], [3..5])": "true",
    "overlaps([1..3], (3..5])": "false",
    "overlaps before([1..3], [2..5])": "true",
    "finishes(5, [1..5])": "true",
    "includes([1..5], [2..3])": "true",
    "during(5, [1..5))": "false",
    "starts([1..2], [1..3])": "true",
    "coincides([1..2], [1..2])": "true",
    'range("[1..3)") = [1..3)': "true",
    'range("[now()..2]")': "null",
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CALLS.items())
def test_call(source: str, expected: str) -> None:
    assert shown(evaluate(source)) == expected


def test_assert_stops_the_evaluation_with_its_cause() -> None:
    with pytest.raises(FeelError, match="เงินไม่พอ") as caught:
        evaluate('assert(balance, balance > 10, "เงินไม่พอ")', {"balance": 5})
    assert caught.value.reason == "assertion"
