"""Conditions, groups, repeating groups, templates, layout and the schema for programs."""

import pytest

from forms import messages_th as say
from tests.forms.conftest import NEWCOMER
from tests.forms.test_answers import check, field

KIND = field("radio", "kind", values=[{"value": "unit", "label": "หน่วย"}, {"value": "person", "label": "บุคคล"}])
DECISION = field("radio", "decision", values=[{"value": v, "label": v} for v in ("approve", "return", "reject")])
COMMENT = field("textarea", "comment")


def hide(condition, **component):
    return component | {"conditional": {"hide": condition}}


def listed(*components, **more):
    return {
        "type": "dynamiclist",
        "id": "people",
        "path": "people",
        "label": "บุคคล",
        "components": [*components],
        **more,
    }


# -- conditions ------------------------------------------------------------------------------------------------------


def test_a_hidden_field_is_as_if_it_were_not_there(posting):
    name = hide('=kind != "unit"', **field("textfield", "unit_name")) | check(required=True)
    form = posting([KIND, name], {"kind": "person", "unit_name": "smuggled"})
    assert (form.errors, form.answers) == ({}, {"kind": "person"})
    assert [line[0].name for line in form.rows] == ["kind"]
    assert posting([KIND, name], {"kind": "unit"}).errors == {"unit_name": say.REQUIRED}


def test_the_answer_of_a_hidden_field_hides_nothing(posting):
    second = hide('=kind != "unit"', **field("textfield", "second"))
    third = hide('=second = "x"', **field("textfield", "third"))
    form = posting([KIND, second, third], {"kind": "person", "second": "x", "third": "stays"})
    assert form.answers == {"kind": "person", "third": "stays"}


def test_conditions_that_chase_each_other_come_to_an_end(posting):
    one, two = hide('=b = "x"', **field("textfield", "a")), hide('=a = "x"', **field("textfield", "b"))
    turning = hide('=turning = "x"', **field("textfield", "turning"))
    form = posting([one, two, turning], {"a": "x", "b": "x", "turning": "x"})
    assert set(form.answers) <= {"a", "b", "turning"}


@pytest.mark.parametrize("condition", ["=1 +", "=missing.name > 3", '="true"', "=if x then", "", None, 5, "=1"])
def test_a_condition_that_is_not_true_hides_nothing(posting, condition):
    form = posting([hide(condition, **field("textfield", "a"))], {"a": "1"})
    assert form.answers == {"a": "1"}


def test_conditions_see_variables_and_groups_hide_whole(posting):
    inside = field("textfield", "street") | check(required=True)
    group = hide("=not(has_address)", type="group", id="g", path="address", label="ที่อยู่", components=[inside])
    assert posting([group], {"address.street": "smuggled"}, {"has_address": False}).answers == {}
    shown = posting([group], {"address.street": "ถนนมิตรภาพ"}, {"has_address": True})
    assert shown.answers == {"address": {"street": "ถนนมิตรภาพ"}}
    assert posting([group], {"address.street": ""}, {"has_address": True}).errors == {"address.street": say.REQUIRED}


@pytest.mark.parametrize("lock", [{"disabled": True}, {"readonly": True}, {"readonly": '=kind = "unit"'}])
def test_what_is_posted_into_a_locked_field_never_counts(posting, sending, lock):
    components = [KIND, field("textfield", "name", **lock)]
    for form in (
        posting(components, {"kind": "unit", "name": "smuggled"}, {"name": "as it was"}),
        sending(components, {"kind": "unit", "name": "smuggled"}, {"name": "as it was"}),
    ):
        assert form.answers.get("name") == (None if "disabled" in lock else "as it was")
        assert form.rows[1][0].value == "as it was"


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"decision": "approve"}, {}),
        ({"decision": "return"}, {"comment": say.COMMENT_REQUIRED}),
        ({"decision": "reject", "comment": " \n "}, {"comment": say.COMMENT_REQUIRED}),
        ({"decision": "reject", "comment": "ไม่มีหนังสือ"}, {}),
        ({"comment": "ไม่มีหนังสือ"}, {"decision": say.REQUIRED_CHOICE}),
        ({"decision": "delete"}, {"decision": say.NOT_AN_OPTION}),
    ],
)
def test_returning_and_rejecting_need_a_comment(posting, sending, answers, errors):
    components = [DECISION | check(required=True), COMMENT]
    assert posting(components, answers or {"x": ""}).errors == errors
    assert sending(components, answers).errors == errors


def test_a_decision_of_an_earlier_level_is_never_offered_again(posting, sending):
    earlier = {"decision": "approve", "comment": "เห็นชอบ"}
    components = [DECISION | check(required=True), COMMENT]
    assert [line[0].value for line in posting(components, variables=earlier).rows] == ["", ""]
    assert sending(components, {}, earlier).errors == {"decision": say.REQUIRED_CHOICE}
    assert "defaultValue" not in posting(components, variables=earlier).resolved_schema()["components"][0]


def test_the_comment_waits_beside_the_decision_to_be_opened(posting):
    waiting = hide('=not(decision = "return")', **COMMENT) | check(required=True)
    assert [line[0].name for line in posting([DECISION, waiting]).rows] == ["decision", "comment"]
    assert posting([DECISION, waiting], {"decision": "approve", "comment": "x"}).answers == {"decision": "approve"}
    assert posting([DECISION, waiting], {"decision": "return"}).errors == {"comment": say.REQUIRED}


# -- values ----------------------------------------------------------------------------------------------------------


def test_a_form_starts_with_what_the_case_knows(posting, sending):
    components = [field("textfield", "name"), field("number", "age", defaultValue=7), field("textfield", "a.b")]
    variables = {"name": "มานี", "a": {"b": "ลึก", "c": "อีก"}}
    assert [line[0].value for line in posting(components, variables=variables).rows] == ["มานี", "7", "ลึก"]
    assert sending(components, {"age": 8}, variables).answers == {"name": "มานี", "age": 8, "a": {"b": "ลึก"}}
    assert sending(components, {"name": None}, variables).answers["name"] == ""


def test_expressions_are_computed_here(posting, sending):
    total = {"type": "expression", "id": "t", "key": "total", "expression": "=amount * 2", "computeOn": "change"}
    more = hide("=total < 10", **field("textfield", "why")) | check(required=True)
    components = [field("number", "amount"), total, more]
    assert sending(components, {"amount": 6, "total": 1}).errors == {"why": say.REQUIRED}
    assert posting(components, {"amount": "2.5", "total": "999"}).answers == {"amount": 2.5, "total": 5}


def test_options_come_from_the_form_a_variable_or_the_register(posting):
    by_key = field("select", "role", valuesKey="offer.roles")
    by_feel = field("checklist", "codes", valuesExpression="=role_options(find_unit(unit_code).kind)")
    form = posting(
        [field("textfield", "unit_code"), by_key, by_feel],
        {"unit_code": "99001", "role": "2", "codes": ["378"]},
        {"offer": {"roles": ["1", {"value": "2", "label": "สอง"}, {"label": "ไม่มีค่า"}, None]}},
    )
    assert form.errors == {}
    assert form.rows[1][0].options == [("1", "1"), ("2", "สอง")]
    assert form.rows[2][0].options == [("378", "378 OP_Hospital · OP Individual Record")]
    other = posting([field("textfield", "unit_code"), by_feel], {"unit_code": "99002", "codes": ["378"]})
    assert other.errors == {"unit_code": say.UNKNOWN_UNIT.format(code="99002"), "codes": say.NOT_AN_OPTION}


# -- repeating groups ------------------------------------------------------------------------------------------------

PID = field("textfield", "pid") | check(required=True)
WEEKEND = field("checkbox", "weekend")
HOURS = hide("=weekend != true", **field("textfield", "hours")) | check(required=True)


def test_rows_of_a_browser(posting):
    posted = {"people.0.pid": NEWCOMER, "people.2.pid": "1", "people.2.weekend": "true", "people.2.hours": ""}
    form = posting([listed(PID, WEEKEND, HOURS)], posted)
    assert form.answers["people"][0] == {"pid": NEWCOMER, "weekend": False}
    assert set(form.errors) == {"people.1.pid", "people.1.hours"}
    assert [[line[0].name for line in row] for row in form.rows[0][0].items] == [
        ["people.0.pid", "people.0.weekend"],
        ["people.1.pid", "people.1.weekend", "people.1.hours"],
    ]


def test_rows_of_a_program(sending):
    form = sending(
        [listed(PID, WEEKEND)], {"people": [{"pid": NEWCOMER}]}, {"people": [{"weekend": True}, {"pid": "x"}]}
    )
    assert (form.errors, form.answers) == ({}, {"people": [{"pid": NEWCOMER, "weekend": False}]})
    assert sending([listed(PID)], {"people": []}).answers == {"people": []}
    assert sending([listed(PID) | check(required=True)], {"people": []}).errors == {"people": say.REQUIRED_ROW}
    assert sending([listed(PID)], {"people": ["x"]}).errors["people"] == say.WRONG_TYPE


def test_buttons_add_and_remove_rows_without_a_script(posting):
    rows = {"people.0.pid": "a", "people.1.pid": "b", "people.2.pid": "c"}
    removed = posting([listed(PID)], {**rows, "_remove": "people:1"})
    assert removed.rearranged
    assert [row["pid"] for row in removed.answers["people"]] == ["a", "c"]
    assert [row["pid"] for row in posting([listed(PID)], {**rows, "_add": "people"}).answers["people"]] == [
        "a",
        "b",
        "c",
        "",
    ]
    assert not posting([listed(PID)], rows).rearranged
    for nonsense in ("people:9", "people:x", "other:0", "people:" + "9" * 50):
        assert len(posting([listed(PID)], {**rows, "_remove": nonsense}).answers["people"]) == 3


def test_rows_are_limited_and_begin_as_the_form_says(posting, sending):
    assert len(posting([listed(PID, defaultRepetitions=2)]).rows[0][0].items) == 2
    known = posting([listed(PID)], variables={"people": [{"pid": "1"}, {"pid": "2"}, {"pid": "3"}]})
    assert [row[0][0].value for row in known.rows[0][0].items] == ["1", "2", "3"]
    few = listed(field("textfield", "pid"), properties={"max_entries": "2"})
    many = sending([few], {"people": [{"pid": NEWCOMER}] * 9_999})
    assert many.errors == {"people": say.TOO_MANY_ROWS.format(limit=2)}
    shown = posting([few], {"people.0.pid": "", "people.1.pid": ""}).rows[0][0]
    assert (shown.can_add, shown.can_remove) == (False, True)
    fixed = posting([listed(PID, allowAddRemove=False)]).rows[0][0]
    assert (fixed.can_add, fixed.can_remove) == (False, False)


def test_a_row_sees_itself_its_parent_and_its_number(posting):
    note = {
        "type": "expression",
        "id": "n",
        "key": "note",
        "expression": "=string(i[1]) + pid + this.pid + parent.head",
    }
    form = posting(
        [field("textfield", "head"), listed(field("textfield", "pid"), note)], {"head": "H", "people.0.pid": "x"}
    )
    assert form.answers["people"] == [{"pid": "x", "note": "1xxH"}]


# -- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**ก่อนส่ง** ตรวจ [คู่มือ](/help)", '<p><strong>ก่อนส่ง</strong> ตรวจ <a href="/help">คู่มือ</a></p>'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("ผู้ขอ {{ name }} ({{unit.name}})", "<p>ผู้ขอ [ดี](https://evil.example) (รพ.สต.)</p>"),
        ("{{#if many}}หลายคน{{/if}}{{#if name = null}}ไม่มีชื่อ{{/if}}จบ", "<p>หลายคนจบ</p>"),
        ("{{#loop people}}{{this.n}}, {{/loop}}", "<p>ก, ข,</p>"),
        ("{{#loop people}}{{#if n = \"ข\"}}{{n}}{{/if}}", "<p>ข</p>"),
        ('="**" + unit.name + "** " + name', "<p><strong>รพ.สต.</strong> [ดี](https://evil.example)</p>"),
        ("=missing.thing", ""),
        ("{{ 1 + }}{{/if}}ก", "<p>ก</p>"),
        ("![รูป](https://evil.example/x.png)", '<p>!<a href="https://evil.example/x.png">รูป</a></p>'),
    ],
)  # fmt: skip
def test_texts_never_carry_foreign_markup(posting, text, html):
    people = [{"n": "ก"}, {"n": "ข"}]
    variables = {"name": "[ดี](https://evil.example)", "unit": {"name": "รพ.สต."}, "many": True, "people": people}
    assert (
        str(posting([{"type": "text", "id": "t", "text": text}], variables=variables).rows[0][0].html).strip() == html
    )


def test_lines_labels_and_hints(posting):
    side = {"layout": {"row": "r1", "columns": 10}, "properties": {"label_en": "Mobile", "suggest": "units"}}
    components = [
        field("textfield", "mobile", **side) | check(required=True, maxLength=10),
        field("textfield", "b", layout={"row": "r1", "columns": None}, description="ของ {{name}}") | check(maxLength=9),
        {"type": "separator", "id": "s"},
        {"type": "button", "id": "go", "label": "ส่ง"},
        field("number", "money", appearance={"suffixAdorner": "บาท"}),
        field("datetime", "day", subtype="date", label="", dateLabel="วันที่"),
    ]
    form = posting(components, variables={"name": "มานี"}, language="en")
    assert [[shown.kind for shown in line] for line in form.rows] == [
        ["textfield", "textfield"], ["separator"], ["number"], ["datetime"],
    ]  # fmt: skip
    (mobile, b), _, (money,), (day,) = form.rows
    assert (mobile.label, mobile.required, mobile.columns, mobile.attrs["inputmode"]) == ("Mobile", True, 10, "tel")
    assert (b.description, b.columns, b.attrs["maxlength"], money.suffix) == ("ของ มานี", None, "9", "บาท")
    assert (day.label, day.attrs["placeholder"]) == ("วันที่", "dd/mm/yyyy (B.E.)")


def test_tables_images_and_documents(posting):
    reference = {"documentId": "letter", "metadata": {"fileName": "a.pdf", "contentType": "application/pdf", "size": 9}}
    components = [
        {"type": "table", "id": "t", "dataSource": "=people[n > 1]", "columns": [{"label": "ที่", "key": "n"}]},
        {"type": "table", "id": "u", "dataSource": "people", "columnsExpression": '=[{label: "N", key: "n"}]'},
        {"type": "image", "id": "i", "source": "//evil.example/x.png", "alt": "ตรา"},
        {"type": "image", "id": "j", "source": "=logo"},
        {"type": "documentPreview", "id": "d", "dataSource": "=files"},
    ]
    variables = {"people": [{"n": 1}, {"n": 2.5}], "logo": "/static/icon.svg", "files": [reference, "x"]}
    (table,), (other,), (foreign,), (own,), (documents,) = posting(components, variables=variables).rows
    assert (table.header, table.body) == (["ที่"], [["2.5"]])
    assert (other.header, other.body) == (["N"], [["1"], ["2.5"]])
    assert (foreign.value, foreign.label, own.value) == ("", "ตรา", "/static/icon.svg")
    assert [(each["id"], each["file_name"]) for each in documents.documents] == [("letter", "a.pdf")]


def test_widgets_draw_themselves(posting):
    form = posting(
        [KIND | {"type": "select"}, field("textarea", "c"), field("checkbox", "d")], variables={"kind": "unit"}
    )
    select, area, box = (str(line[0].field()) for line in form.rows)
    assert '<option selected value="unit">หน่วย</option>' in select
    assert 'id="f-c"' in area
    assert 'type="checkbox"' in box


# -- the schema for programs -----------------------------------------------------------------------------------------


def test_resolved_schema(posting):
    inside = field("textfield", "street")
    components = [
        {"type": "text", "id": "t", "text": "เรียน {{name}}"},
        hide("=a = 1", **field("select", "role", valuesExpression="=options")),
        field("number", "age"),
        {"type": "group", "id": "g", "path": "address", "components": [inside]},
        listed(field("select", "kind", valuesKey="options")),
    ]
    variables = {"name": "มานี", "options": [1, {"value": 2, "label": "สอง"}], "age": 9, "address": {"street": "ก"}}
    schema = {"id": "f", "schemaVersion": 19, "components": components}
    resolved = posting(components, variables=variables).resolved_schema()
    text, role, age, group, rows = resolved["components"]
    values = [{"label": "1", "value": 1}, {"label": "สอง", "value": 2}]
    assert text["text"] == "เรียน มานี"
    assert (role["values"], role["conditional"], "valuesExpression" in role) == (values, {"hide": "=a = 1"}, False)
    assert (age["defaultValue"], group["components"][0]["defaultValue"]) == (9, "ก")
    assert rows["components"][0]["values"] == values
    assert "defaultRepetitions" not in rows  # the case knows of no row
    assert schema["components"][1]["valuesExpression"] == "=options"  # the schema itself is not changed


ROWS = [{"who": "a", "action": None}, {"who": "b"}, {"who": "c"}]
KEEP = field("radio", "action", values=[{"value": v, "label": v} for v in ("keep", "revoke")]) | check(required=True)
WHY = hide('=not(action = "revoke" and who != "c")', **field("textfield", "why")) | check(required=True)


def fixed(*components):
    return listed(*components, allowAddRemove=False)


def test_the_schema_for_programs_says_how_many_rows_there_are(posting):
    """A program knows how many answers a list that cannot grow wants."""
    (rows,) = posting([fixed(KEEP)], variables={"people": ROWS}).resolved_schema()["components"]
    assert rows["defaultRepetitions"] == 3


def test_a_program_reads_the_texts_of_each_row_as_a_page_shows_them(posting):
    """The pattern of a row has no row to be filled from: its texts stay as written, the rows are given besides."""
    said = {
        "type": "text",
        "id": "s",
        "text": "{{i[1]}} **{{who}}** {{this.who}} ของ {{unit}} ({{parent.unit}})",
        "properties": {"text_en": "{{who}} of {{unit}}"},
    }
    why = field("textfield", "why", description="เหตุผลของ {{who}}")
    pick = field("select", "pick", valuesExpression="=choices")
    people = [{"who": "ก", "choices": ["x"], "why": "เดิม"}, {"who": "ข", "choices": ["y", "z"]}]
    variables = {"unit": "99001", "people": people}
    components = [fixed(said, {"type": "group", "id": "g", "components": [why]}, pick)]
    (resolved,) = posting(components, variables=variables).resolved_schema()["components"]
    first, second = (row["components"] for row in resolved["rows"])
    assert (first[0]["text"], second[0]["text"]) == (
        "1 **ก** ก ของ 99001 (99001)",
        "2 **ข** ข ของ 99001 (99001)",
    )
    assert [each["components"][0]["description"] for each in (first[1], second[1])] == ["เหตุผลของ ก", "เหตุผลของ ข"]
    assert (first[1]["components"][0]["defaultValue"], "defaultValue" in second[1]["components"][0]) == ("เดิม", False)
    assert [[option["value"] for option in each[2]["values"]] for each in (first, second)] == [["x"], ["y", "z"]]
    assert resolved["components"][0]["text"] == said["text"]
    (english,) = posting(components, variables=variables, language="en").resolved_schema()["components"]
    assert english["rows"][1]["components"][0]["text"] == "ข of 99001"
    (none,) = posting(components, variables={"unit": "99001"}).resolved_schema()["components"]
    assert none["rows"] == []


def test_lists_within_lists_give_their_rows_too(posting):
    said = {"type": "text", "id": "s", "text": "{{name}} ที่ {{parent.place}}"}
    inner = {"type": "dynamiclist", "id": "in", "path": "staff", "components": [said]}
    places = [{"place": "ก", "staff": [{"name": "มานี"}, {"name": "ปิติ"}]}, {"place": "ข"}]
    (resolved,) = posting([listed(inner)], variables={"people": places}).resolved_schema()["components"]
    (first,), (second,) = (row["components"] for row in resolved["rows"])
    assert [row["components"][0]["text"] for row in first["rows"]] == ["มานี ที่ ก", "ปิติ ที่ ก"]
    assert (first["defaultRepetitions"], second["rows"]) == (2, [])
    assert "rows" not in resolved["components"][0]


def test_rows_that_cannot_be_removed_keep_their_place_and_what_is_known_of_them(posting):
    """A browser posts nothing for a choice that was not made; the rows after it stay the rows they are."""
    form = posting([fixed(KEEP, WHY)], {"people.2.action": "revoke"}, {"people": ROWS})
    assert set(form.errors) == {"people.0.action", "people.1.action"}
    posted = {
        "people.0.action": "revoke",
        "people.1.action": "keep",
        "people.2.action": "revoke",
        "people.0.why": "left",
    }
    form = posting([fixed(KEEP, WHY)], {**posted, "people.1.who": "x", "people.7.action": "keep"}, {"people": ROWS})
    assert form.errors == {}
    assert form.answers["people"] == [
        {"who": "a", "action": "revoke", "why": "left"},
        {"who": "b", "action": "keep"},
        {"who": "c", "action": "revoke"},
    ]


def test_a_program_cannot_change_what_is_known_of_a_fixed_row(sending):
    rows = [{"action": "keep", "who": "x"}, {"action": "keep"}, {"action": "keep"}, {"action": "keep"}]
    form = sending([fixed(KEEP, WHY)], {"people": rows}, {"people": ROWS})
    assert form.errors == {}
    assert [row["who"] for row in form.answers["people"]] == ["a", "b", "c"]
    assert set(sending([fixed(KEEP)], {"people": rows[:1]}, {"people": ROWS}).errors) == {
        "people.1.action",
        "people.2.action",
    }


def test_texts_of_a_fixed_row_know_its_row(posting):
    form = posting([fixed({"type": "text", "text": "{{who}}"}, KEEP)], None, {"people": ROWS})
    assert ["a" in str(item[0][0].html) for item in form.rows[0][0].items] == [True, False, False]
