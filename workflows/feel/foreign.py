"""What people write who know other languages, and how FEEL says it."""

from __future__ import annotations

from typing import Final

from workflows.errors import Text

_EQUAL: Final = Text(
    'FEEL เปรียบเทียบด้วย = ตัวเดียว เช่น status = "approve"', 'FEEL compares with one =, as in status = "approve"'
)
_UNEQUAL: Final = Text("FEEL ใช้ != สำหรับไม่เท่ากับ", "FEEL writes != for unequal")
_BRACES: Final = Text(
    "FEEL ไม่ใช้ ${...} หรือ #{...} ให้เขียนนิพจน์ตรง ๆ โดยขึ้นต้นด้วย = เช่น =amount > 100",
    "FEEL does not use ${...} or #{...}; write the expression itself after =, as in =amount > 100",
)
_QUOTES: Final = Text(
    'ข้อความใน FEEL ใช้เครื่องหมาย " เช่น "approve"', 'A text in FEEL stands in double quotes, as in "approve"'
)
_NO_ASSIGNMENT: Final = Text(
    "FEEL ไม่มีการกำหนดค่าตัวแปร นิพจน์ให้ค่าเดียวเท่านั้น", "FEEL sets no variables; an expression gives one value"
)
_AND: Final = Text("FEEL ใช้คำว่า and", "FEEL writes and")
_OR: Final = Text("FEEL ใช้คำว่า or", "FEEL writes or")
_NOT: Final = Text("FEEL ใช้ not(...) มีวงเล็บ", "FEEL writes not(...) with parentheses")
_IF: Final = Text("FEEL ใช้ if เงื่อนไข then a else b", "FEEL writes if condition then a else b")
_FOR: Final = Text(
    "FEEL ใช้ for x in list return x.a หรือกรองด้วย list[x > 1]",
    "FEEL writes for x in list return x.a, and list[x > 1] to filter",
)
_FUNCTION: Final = Text("FEEL ใช้ function(x) ... เป็นฟังก์ชัน", "FEEL writes function(x) ... for a function")
_EMPTY: Final = Text(
    'FEEL ใช้ x = null หรือ x = "" หรือ is empty(list) แทน empty', 'FEEL writes x = null, x = "" or is empty(list)'
)
_NULL: Final = Text("FEEL ใช้ null", "FEEL writes null")
_TRUE: Final = Text("FEEL ใช้ true ตัวเล็ก", "FEEL writes true in small letters")
_FALSE: Final = Text("FEEL ใช้ false ตัวเล็ก", "FEEL writes false in small letters")


def _order(sign: str) -> Text:
    return Text(f"FEEL เปรียบเทียบด้วย {sign}", f"FEEL compares with {sign}")


SYMBOLS: Final = {
    "==": _EQUAL,
    "===": _EQUAL,
    "!==": _UNEQUAL,
    "<>": _UNEQUAL,
    "=>": Text(
        "FEEL ใช้ >= สำหรับมากกว่าหรือเท่ากับ และ function(x) ... สำหรับฟังก์ชัน",
        "FEEL writes >= for at least, and function(x) ... for a function",
    ),
    "=<": _order("<="),
    "&&": Text("FEEL ใช้คำว่า and แทน &&", "FEEL writes and instead of &&"),
    "||": Text("FEEL ใช้คำว่า or แทน ||", "FEEL writes or instead of ||"),
    "&": Text("FEEL ใช้คำว่า and แทน & และต่อข้อความด้วย +", "FEEL writes and instead of &, and joins texts with +"),
    "|": Text("FEEL ใช้คำว่า or แทน |", "FEEL writes or instead of |"),
    "!": Text("FEEL ใช้ not(...) แทน ! และ != สำหรับไม่เท่ากับ", "FEEL writes not(...) instead of !; unequal is !="),
    "~": _NOT,
    "^": Text("FEEL ใช้ a ** b สำหรับยกกำลัง", "FEEL writes a ** b for a power"),
    "${": _BRACES,
    "#{": _BRACES,
    "$": Text("FEEL ไม่ใช้ $ นำหน้าชื่อ", "FEEL names have no $ in front"),
    "#": Text("FEEL ไม่ใช้ # หมายเหตุเขียนด้วย //", "FEEL has no #; a comment begins with //"),
    "%": Text("FEEL ใช้ modulo(a, b) แทน a % b", "FEEL writes modulo(a, b) instead of a % b"),
    "'": _QUOTES,
    "“": _QUOTES,
    "”": _QUOTES,
    "„": _QUOTES,
    "‘": _QUOTES,
    "’": _QUOTES,
    ";": Text("FEEL มีนิพจน์เดียว ไม่ใช้ ;", "FEEL is one expression without ;"),
    "->": _FUNCTION,
    "/*": Text("หมายเหตุไม่มีเครื่องหมายปิด */", "A comment has no closing */"),
    "++": Text("FEEL ไม่มี ++ ให้เขียน a + 1", "FEEL has no ++; write a + 1"),
    "+=": _NO_ASSIGNMENT,
    "-=": _NO_ASSIGNMENT,
    "*=": _NO_ASSIGNMENT,
    ":=": _NO_ASSIGNMENT,
    "??": Text("FEEL ใช้ get or else(a, b) แทน a ?? b", "FEEL writes get or else(a, b) instead of a ?? b"),
    "?.": Text(
        "FEEL ใช้จุดธรรมดา a.b เพราะสมาชิกของ null คือ null", "FEEL writes a.b with a plain dot: a member of null is null"
    ),
    "=": Text(
        "พบ = ในที่ที่ไม่ควรมี ตัวหน้า = ของช่องกรอกมีได้ตัวเดียว และการเปรียบเทียบใช้ = ตัวเดียว",
        "Unexpected =; a field has one = in front, and values are compared with one =",
    ),
}
WORDS: Final = {
    "True": _TRUE,
    "TRUE": _TRUE,
    "False": _FALSE,
    "FALSE": _FALSE,
    "None": Text("FEEL ใช้ null แทน None", "FEEL writes null instead of None"),
    "undefined": Text("FEEL ใช้ null แทน undefined", "FEEL writes null instead of undefined"),
    "nil": _NULL,
    "NULL": _NULL,
    "Null": _NULL,
    "lambda": Text("FEEL ใช้ function(x) ... แทน lambda", "FEEL writes function(x) ... instead of lambda"),
}
AFTER_VALUE: Final = {
    "is": Text("FEEL เปรียบเทียบด้วย = เช่น x = null", "FEEL compares with =, as in x = null"),
    "not": Text("FEEL ใช้ not(x in [...]) แทน x not in [...]", "FEEL writes not(x in [...]) instead of x not in [...]"),
    "if": _IF,
    "for": _FOR,
    "eq": _order("="),
    "ne": _UNEQUAL,
    "gt": _order(">"),
    "ge": _order(">="),
    "lt": _order("<"),
    "le": _order("<="),
    "AND": _AND,
    "OR": _OR,
    "And": _AND,
    "Or": _OR,
    "IN": Text("FEEL ใช้ in ตัวเล็ก", "FEEL writes in in small letters"),
    "mod": Text("FEEL ใช้ modulo(a, b)", "FEEL writes modulo(a, b)"),
    "div": Text("FEEL ใช้ a / b หรือ floor(a / b)", "FEEL writes a / b or floor(a / b)"),
    "like": Text("FEEL ใช้ contains(a, b) หรือ matches(a, b)", "FEEL writes contains(a, b) or matches(a, b)"),
    "?": Text("FEEL ใช้ if เงื่อนไข then a else b แทน a ? b : c", "FEEL writes if a then b else c instead of a ? b : c"),
}
BEFORE_NAME: Final = {
    "not": _NOT,
    "NOT": _NOT,
    "Not": _NOT,
    "empty": _EMPTY,
    "IF": _IF,
    "If": _IF,
    "let": _NO_ASSIGNMENT,
    "var": _NO_ASSIGNMENT,
    "const": _NO_ASSIGNMENT,
    "def": _FUNCTION,
    "new": Text("FEEL ไม่มี new ให้เรียกฟังก์ชัน เช่น now()", "FEEL has no new; call a function, as in now()"),
    "case": _IF,
    "CASE": _IF,
    "switch": _IF,
}
FUNCTIONS: Final = {
    "len": "count(list) / string length(text)",
    "size": "count(list) / string length(text)",
    "length": "count(list) / string length(text)",
    "str": "string(x)",
    "toString": "string(x)",
    "int": "number(text) / floor(x)",
    "float": "number(text)",
    "parseInt": "number(text)",
    "parseFloat": "number(text)",
    "Number": "number(text)",
    "String": "string(x)",
    "bool": "x = true",
    "isinstance": "x instance of number",
    "type": "x instance of number",
    "sorted": "sort(list)",
    "reversed": "reverse(list)",
    "pow": "a ** b",
    "round": "round half up(x, 2)",
    "ceil": "ceiling(x)",
    "avg": "mean(list)",
    "average": "mean(list)",
    "isNaN": "x instance of number",
    "isEmpty": "is empty(list) / is blank(text)",
    "isNull": "x = null",
    "nvl": "get or else(x, default)",
    "coalesce": "get or else(x, default)",
    "ifnull": "get or else(x, default)",
    "concat": '"a" + "b" / concatenate(list, list)',
    "upper": "upper case(text)",
    "lower": "lower case(text)",
    "dateTime": 'date and time("2026-11-22T08:30:00")',
    "datetime": 'date and time("2026-11-22T08:30:00")',
    "timedelta": 'duration("P5D")',
    "regexMatch": "matches(text, pattern)",
}
METHODS: Final = {
    "equals": "a = b",
    "equalsIgnoreCase": "lower case(a) = lower case(b)",
    "contains": "contains(text, part) / list contains(list, x)",
    "includes": "contains(text, part) / list contains(list, x)",
    "containsKey": "get value(context, key) != null",
    "startsWith": "starts with(text, part)",
    "startswith": "starts with(text, part)",
    "endsWith": "ends with(text, part)",
    "endswith": "ends with(text, part)",
    "length": "string length(text) / count(list)",
    "size": "count(list)",
    "isEmpty": "is empty(list) / is blank(text)",
    "isBlank": "is blank(text)",
    "isPresent": "x != null",
    "toUpperCase": "upper case(text)",
    "toLowerCase": "lower case(text)",
    "upper": "upper case(text)",
    "lower": "lower case(text)",
    "toString": "string(x)",
    "toFixed": "round half up(x, 2)",
    "strip": "trim(text)",
    "trim": "trim(text)",
    "split": "split(text, delimiter)",
    "join": "string join(list, delimiter)",
    "replace": "replace(text, pattern, replacement)",
    "replaceAll": "replace(text, pattern, replacement)",
    "substring": "substring(text, start, length)",
    "slice": "substring(text, start, length) / sublist(list, start, length)",
    "indexOf": "index of(list, x)",
    "matches": "matches(text, pattern)",
    "test": "matches(text, pattern)",
    "get": "list[1] / get value(context, key)",
    "keys": "get entries(context).key",
    "values": "get entries(context).value",
    "items": "get entries(context)",
    "entrySet": "get entries(context)",
    "push": "append(list, x)",
    "add": "append(list, x)",
    "append": "append(list, x)",
    "concat": "concatenate(list, list)",
    "map": "for x in list return x.a",
    "filter": "list[x > 1]",
    "some": "some x in list satisfies x > 1",
    "every": "every x in list satisfies x > 1",
    "any": "some x in list satisfies x > 1",
    "all": "every x in list satisfies x > 1",
    "stream": "for x in list return x.a / list[x > 1]",
    "sort": "sort(list)",
    "reverse": "reverse(list)",
    "getVariable": "the_variable",
    "format": '"a" + string(x)',
    "getFullYear": "date.year",
    "plusDays": 'date + duration("P1D")',
    "isBefore": "a < b",
    "isAfter": "a > b",
}
