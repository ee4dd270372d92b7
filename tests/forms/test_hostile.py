"""Whatever is posted, a form answers with errors or answers: never with an exception, never with a foreign key."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.builder import build, from_json
from forms.patterns import matches
from tests.forms.conftest import HOLDER, world
from tests.forms.test_answers import VALUES, check, field
from workflows.errors import Text

ROW = [field("textfield", "pid"), field("number", "n"), field("datetime", "at"), field("checklist", "c", values=VALUES)]
LARGE = [
    *(
        field(kind, f"{kind}_{index}", values=VALUES, conditional={"hide": f"=number_{index} > 3"}, subtype=subtype)
        for kind in (
            "textfield",
            "textarea",
            "number",
            "checkbox",
            "radio",
            "select",
            "checklist",
            "taglist",
            "datetime",
        )
        for index, subtype in enumerate(("date", "time", "datetime"))
    ),
    field("filepicker", "files", multiple=True, accept=".pdf"),
    field("textfield", "email"),
    field("textfield", "mobile"),
    field("textfield", "unit_code"),
    field("textfield", "a.b")
    | check(required=True, pattern="^(x+)+$", minLength="=number_1", maxLength="=textfield_1"),
    {"type": "expression", "id": "e", "key": "sum", "expression": "=number_0 + count(people)"},
    {"type": "group", "id": "g", "path": "group", "components": ROW},
    {
        "type": "dynamiclist",
        "id": "l",
        "path": "people",
        "components": [*ROW, {"type": "dynamiclist", "id": "m", "path": "days", "components": ROW}],
    },
]
SCHEMA = {"components": LARGE}
NAMES = st.sampled_from(
    [component["key"] for component in LARGE if "key" in component]
    + [
        "group.pid",
        "people.0.pid",
        "people.1.n",
        "people.0.days.0.at",
        "people.99999.pid",
        "people",
        "group",
        "people.x.y",
    ]
    + ["_add", "_remove", "decision", ""]
)
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["0", "5", "-1", "1e999", "NaN", "∞", "๑๒", "23/11/2569", "9999-99-99T99:99Z", "2569", "true", HOLDER]
    ),
    st.sampled_from(
        ["people", "people:0", "people.0.days", "letter", "x" * 30, "\x00", "\ud800", "<b>", "' OR 1=1", "=1/0"]
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | HOSTILE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def is_storable(value):
    """Whether a case could hold the value: what is no Unicode text never gets into one."""
    return "\\ud8" not in json.dumps(value)


KNOWN = {"sum", "a", "group", "people"} | {component["key"] for component in LARGE if "key" in component}


def assert_answers_or_errors(form):
    taken = form.validate()
    assert taken is not bool(form.errors)
    assert all(isinstance(text, Text) and text.th and text.en for text in form.errors.values())
    assert set(form.answers) <= KNOWN
    json.dumps(form.answers, ensure_ascii=False).encode()
    assert form.rows
    for line in form.rows:
        for shown in line:
            str(shown.field() if shown.field else shown.html)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, HOSTILE | st.lists(HOSTILE, max_size=3), max_size=25))
def test_a_hostile_browser(posted):
    assert_answers_or_errors(build(SCHEMA, {}, answers=posted, **world()))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, JSON, max_size=15), st.dictionaries(NAMES, JSON.filter(is_storable), max_size=10))
def test_a_hostile_program_over_hostile_variables(sent, variables):
    assert_answers_or_errors(from_json(SCHEMA, variables, sent, **world()))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["type", "key", "id", "values", "validate", "components", "path"]), JSON))
)
def test_a_hostile_schema(components):
    form = build({"components": components}, {}, answers={"x": "1"}, **world())
    form.validate()
    assert isinstance(form.rows, list)
    assert isinstance(form.resolved_schema(), dict)


def test_careless_patterns_stop_in_time():
    assert matches(r"^\d{2}/\d{2}$", "12/34")
    assert not matches(r"^\d{2}$", "๑๒")
    assert not matches(r"^a$", "a\n")
    for refused in (r"(a)\1", r"(?<=a)b", r"(?i)a", r"(?R)", "(", "a" * 501):
        assert not matches(refused, "aa b a")
    assert not matches(r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5_000)


def test_every_form_of_the_product_can_be_bound():
    forms = sorted(Path("forms").glob("*.form"))
    assert forms
    for path in forms:
        form = build(json.loads(path.read_text()), {}, **world())
        form.validate()
        assert form.rows, path
        assert form.resolved_schema()["id"] == path.stem
