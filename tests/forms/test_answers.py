"""Every kind of field: what is read, what is refused, the same for a browser and for a program."""

import pytest

from forms import messages_th as say
from forms.posted import Posted
from tests.forms.conftest import HOLDER, NEWCOMER
from workflows.errors import Text
from workflows.rules import citizen_id, email_address, phone, thai_dates


def field(kind, key="x", **more):
    return {"type": kind, "id": key, "key": key, "label": key, **more}


def check(**limits):
    return {"validate": limits}


VALUES = [{"value": "a", "label": "ก"}, {"value": 5, "label": "ห้า"}, {"value": True, "label": "ใช่"}]
TEXT, AREA, NUMBER = field("textfield"), field("textarea"), field("number")
DATE = field("datetime", subtype="date")
FILES = field("filepicker", multiple=True, accept=".pdf,.jpg", properties={"max_bytes": 2_097_152})


@pytest.mark.parametrize(
    ("component", "typed", "answer"),
    [
        (TEXT, "  มานี \u200b มีนา\x00 ", "มานี มีนา"),
        (AREA, "บรรทัดหนึ่ง \r\n\r\n บรรทัดสาม\n\n", "บรรทัดหนึ่ง\n\nบรรทัดสาม"),
        (NUMBER, "๑,๒๕๐.๕๐", 1250.5),
        (NUMBER, "-3", -3),
        (NUMBER, "", None),
        (field("number", serializeToString=True), "0.10", "0.10"),
        (field("checkbox"), "true", True),
        (field("checkbox"), [], False),
        (field("radio", values=VALUES), "5", 5),
        (field("select", values=VALUES), "true", True),
        (field("select", values=VALUES), "", None),
        (field("checklist", values=VALUES), ["true", "a", "a"], ["a", True]),
        (field("taglist", values=VALUES), [], []),
        (DATE, "23/11/2569", "2026-11-23"),
        (DATE, "2026-11-23", "2026-11-23"),
        (field("datetime", subtype="time"), "9.30 น.", "09:30:00"),
        (field("datetime", subtype="datetime"), "23/11/2569 14:05", "2026-11-23T14:05:00+07:00"),
        (field("datetime", subtype="datetime"), ["23/11/2569", "14:05"], "2026-11-23T14:05:00+07:00"),
        (field("datetime"), "2026-11-23T07:05:00Z", "2026-11-23T14:05:00+07:00"),
        (field("datetime", timeSerializingFormat="no_timezone"), "23 พ.ย. 2569 14:05 น.", "2026-11-23T14:05:00"),
        (field("datetime", timeSerializingFormat="utc_normalized"), "2026-11-23T14:05", "2026-11-23T07:05:00Z"),
        (field("textfield", "pid"), "๐-๙๙๐๑-00000-02-" + NEWCOMER[-1], NEWCOMER),
        (field("textfield", "mobile"), "+66 81-234-5678", "0812345678"),
        (field("textfield", "email"), " Manee@Example.go.th", "manee@example.go.th"),
        (field("textfield", "unit_code"), "๙๙๐๐๑", "99001"),
        (field("textfield", "otp_code"), "๑๒๓ ๔๕๖", "123456"),
        (field("textfield", "relative_phones"), "0812345678, 043 365 200", "0812345678,043365200"),
    ],
)
def test_a_browser_s_text_becomes_an_answer(posting, component, typed, answer):
    form = posting([component], {component["key"]: typed} if typed != [] else {"other": ""})
    assert form.errors == {}
    assert form.answers == {component["key"]: answer}


@pytest.mark.parametrize(
    ("component", "sent", "answer"),
    [
        (TEXT, "มานี", "มานี"),
        (TEXT, 5, "5"),
        (TEXT, None, ""),
        (NUMBER, 1250.5, 1250.5),
        (NUMBER, "๑๒", 12),
        (field("checkbox"), False, False),
        (field("radio", values=VALUES), 5, 5),
        (field("select", values=VALUES), True, True),
        (field("checklist", values=VALUES), [True, "a"], ["a", True]),
        (DATE, "2026-11-23", "2026-11-23"),
        (DATE, None, None),
    ],
)
def test_a_program_s_json_becomes_the_same_answer(sending, component, sent, answer):
    form = sending([component], {component["key"]: sent, "unknown": {"never": "stored"}})
    assert form.errors == {}
    assert form.answers == {component["key"]: answer}


@pytest.mark.parametrize(
    ("component", "wrong", "message"),
    [
        (TEXT | check(required=True), "  ", say.REQUIRED),
        (TEXT | check(minLength=3), "กข", say.TOO_SHORT.format(limit=3)),
        (TEXT | check(maxLength=3), "กขคง", say.TOO_LONG.format(limit=3)),
        (TEXT | check(maxLength="=1 + 2"), "กขคง", say.TOO_LONG.format(limit=3)),
        (TEXT, "ก" * 2_001, say.TOO_LONG.format(limit=2_000)),
        (AREA, "ก" * 20_001, say.TOO_LONG.format(limit=20_000)),
        (TEXT | check(pattern="^[A-Z]{2}$"), "A1", say.WRONG_FORM),
        (TEXT | check(pattern="^(a+)+$"), "a" * 60 + "!", say.WRONG_FORM),
        (TEXT | check(validationType="email"), "manee@", email_address.NOT_AN_EMAIL),
        (TEXT | check(validationType="phone"), "1330", phone.NOT_A_PHONE),
        (NUMBER, "สิบ", say.NOT_A_NUMBER),
        (NUMBER, "1e9", say.NOT_A_NUMBER),
        (NUMBER, "9" * 40, say.NOT_A_NUMBER),
        (NUMBER | check(min=1), "0.5", say.TOO_SMALL.format(limit=1)),
        (NUMBER | check(max="=limit"), "11", say.TOO_LARGE.format(limit=10)),
        (NUMBER | {"decimalDigits": 1}, "0.25", say.TOO_MANY_DECIMALS.format(limit=1)),
        (NUMBER | {"increment": "0.25"}, "0.3", say.NOT_A_STEP.format(limit="0.25")),
        (field("checkbox") | check(required=True), "", say.REQUIRED_TICK),
        (field("radio", values=VALUES) | check(required=True), "", say.REQUIRED_CHOICE),
        (field("radio", values=VALUES), "b", say.NOT_AN_OPTION),
        (field("select", values=VALUES), "<script>", say.NOT_AN_OPTION),
        (field("checklist", values=VALUES), ["a", "b"], say.NOT_AN_OPTION),
        (
            field("radio", values=VALUES, properties={"not_offered": "ไม่เปิด", "not_offered_en": "Closed"}),
            "b",
            Text("ไม่เปิด", "Closed"),
        ),
        (field("taglist", values=VALUES) | check(required=True), [], say.REQUIRED_CHOICES),
        (DATE, "23/11/2026", thai_dates.NOT_BUDDHIST),
        (DATE, "31/02/2569", thai_dates.NOT_A_DATE),
        (field("datetime"), "23/11/2569", thai_dates.NOT_A_DATE),
        (field("datetime"), "0001-01-01T00:00+14:00", thai_dates.NOT_A_DATE),
        (field("datetime", subtype="time"), "25:00", thai_dates.NOT_A_TIME),
        (DATE | {"disallowPassedDates": True}, "22/11/2569", say.IN_THE_PAST),
        (field("textfield", "pid"), "1234", citizen_id.NOT_13_DIGITS),
        (field("textfield", "endorser_pid"), NEWCOMER[:-1] + "x", citizen_id.NOT_13_DIGITS),
        (field("textfield", properties={"check": "citizen_id"}), HOLDER[::-1], citizen_id.problem(HOLDER[::-1])),
        (field("textfield", "mobile"), "043365200", phone.NOT_A_MOBILE),
        (field("textfield", "email"), "มานี@example.go.th", email_address.NOT_AN_EMAIL),
        (field("textfield", "unit_code"), "9901", say.NOT_A_UNIT_CODE),
        (field("textfield", "unit_code"), "99999", say.UNKNOWN_UNIT.format(code="99999")),
        (field("textfield", "otp_code"), "12345", say.NOT_AN_OTP),
        (FILES | check(required=True), [], say.REQUIRED_FILE),
        (FILES, ["gone"], say.UNKNOWN_FILE),
        (FILES, ["sheet"], say.WRONG_FILE_TYPE.format(name="list.xlsx", accept=".pdf, .jpg")),
        (FILES, ["huge"], say.FILE_TOO_LARGE.format(name="scan.pdf", limit="2")),
        (FILES | {"multiple": False}, ["letter", "photo"], say.TOO_MANY_FILES.format(limit=1)),
    ],
)
def test_a_wrong_answer_is_refused_with_its_reason(posting, component, wrong, message):
    form = posting([component], {component["key"]: wrong} if wrong != [] else {"other": ""}, {"limit": 10})
    assert form.errors == {component["key"]: message}
    assert form.rows[0][0].errors == [message]


@pytest.mark.parametrize(
    ("component", "sent"),
    [
        (TEXT, True),
        (TEXT, {"a": 1}),
        (TEXT, ["a"]),
        (NUMBER, True),
        (NUMBER, 10**400),
        (field("checkbox"), 1),
        (field("radio", values=VALUES), {"value": "a"}),
        (field("checklist", values=VALUES), "a"),
        (field("checklist", values=VALUES), [["a"]]),
        (DATE, 20261123),
        (FILES, ["letter"]),
        (FILES, {"documentId": "letter"}),
        (field("dynamiclist", path="x", components=[field("textfield", "y")]), {"y": "1"}),
    ],
)
def test_json_of_the_wrong_type_is_refused(sending, component, sent):
    assert sending([component], {"x": sent}).errors == {"x": say.WRONG_TYPE}


def test_today_is_not_past(posting):
    component = DATE | {"disallowPassedDates": True}
    assert posting([component], {"x": "23/11/2569"}).errors == {}


def test_messages_have_two_languages(posting):
    pattern = check(pattern="^[0-9]+$", patternErrorMessage="ตัวเลขเท่านั้น") | {
        "properties": {"pattern_error_en": "Digits only"}
    }
    error = posting([TEXT | pattern], {"x": "a"}).errors["x"]
    assert (error.th, error.en) == ("ตัวเลขเท่านั้น", "Digits only")


def test_what_was_typed_wrongly_is_shown_again(posting):
    form = posting([NUMBER, DATE | {"key": "day"}], {"x": "สิบ", "day": "31/02/2569"})
    assert [line[0].value for line in form.rows] == ["สิบ", "31/02/2569"]
    assert 'value="31/02/2569"' in str(form.rows[1][0].field())


def test_documents_are_answered_as_the_register_knows_them(posting, sending):
    posted = posting([FILES], {"x": ["letter", "photo"]})
    forged = {"documentId": "letter", "metadata": {"fileName": "../../etc/passwd"}, "camunda.document.type": "camunda"}
    sent = sending([FILES], {"x": [forged]})
    assert posted.errors == sent.errors == {}
    assert posted.answers["x"][:1] == sent.answers["x"]
    assert sent.answers["x"][0]["metadata"] == {
        "contentType": "application/pdf",
        "fileName": "letter.pdf",
        "size": 90_000,
    }
    assert [each["file_name"] for each in posted.rows[0][0].documents] == ["letter.pdf", "card.JPEG"]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"pid": HOLDER, "request_kind": "new"}, {"pid": "ADM007"}),
        ({"pid": HOLDER, "request_kind": "more"}, {}),
        ({"pid": NEWCOMER, "request_kind": "new"}, {}),
        ({"pid": NEWCOMER, "email": "holder@example.go.th"}, {"email": "Another account"}),
        ({"pid": HOLDER, "email": "holder@example.go.th"}, {}),
        ({"email": "holder@example.go.th"}, {}),  # without a PID nobody learns which addresses exist
    ],
)
def test_one_account_and_one_email_per_person(posting, answers, error):
    components = [field("textfield", "pid"), field("textfield", "email"), field("textfield", "request_kind")]
    found = posting(components, answers).errors
    assert {key: text.en.split(" –")[0][: len(error.get(key, ""))] for key, text in found.items()} == error
    assert HOLDER not in str(found)


def test_the_caller_s_own_rules(posting):
    def right_code(code, answers):
        return None if code == answers["expected"] else say.NOT_AN_OTP

    components = [field("textfield", "otp_code"), field("textfield", "expected")]
    rules = {"otp_code": right_code}
    assert posting(components, {"otp_code": "123456", "expected": "123456"}, extra_rules=rules).errors == {}
    wrong = posting(components, {"otp_code": "123456", "expected": "654321"}, extra_rules=rules)
    assert wrong.errors == {"otp_code": say.NOT_AN_OTP}
    wrong.add_error("letter", say.UNKNOWN_FILE)
    assert set(wrong.errors) == {"otp_code", "letter"}


def test_the_day_that_is_copied_is_ticked_like_those_it_is_copied_to() -> None:
    asked = {"hours.mon.from": "08:30", "hours.mon.to": "12:00", "hours.tue.from": "", "hours.tue.to": ""}
    posted = Posted.by_browser({**asked, "_copy": "hours.mon"})
    ticked = [posted.first(f"hours.{day}.on") for day in ("mon", "tue")]
    assert (ticked, posted.first("hours.tue.from")) == (["true", "true"], "08:30")


OWN = {**AREA, **check(required=True), "properties": {"own_answer": "true"}}


@pytest.mark.parametrize("component", [OWN, {**OWN, "defaultValue": "แม่แบบ"}])
def test_a_proposal_is_shown_on_a_page_and_never_taken_from_a_program_that_says_nothing(posting, sending, component):
    known = {"x": "ที่มีผู้เขียนไว้", "other": "เดิม"}
    parts = [component, field("textfield", "other", **check(required=True))]
    for nothing in ({}, {"other": "ใหม่"}, {"x": None}, {"x": "  "}):
        assert sending(parts, nothing, known).errors == {"x": say.REQUIRED}
    form = sending(parts, {"x": "ตอบเอง"}, known)
    assert (form.errors, form.answers) == ({}, {"x": "ตอบเอง", "other": "เดิม"})  # all else keeps what the case knows
    fresh = posting(parts, None, known)
    assert fresh.answers["x"] == "ที่มีผู้เขียนไว้"
    assert posting(parts, dict(fresh.answers), known).errors == {}


def test_what_a_program_may_not_answer_keeps_what_the_case_knows(sending):
    for closed in ({"readonly": True}, {"readonly": "=other = null"}):
        form = sending([{**OWN, **closed}], {}, {"x": "ที่มีผู้เขียนไว้"})
        assert (form.errors, form.answers) == ({}, {"x": "ที่มีผู้เขียนไว้"})
