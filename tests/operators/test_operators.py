"""What each operator decides, by example."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest

from tests.operators.register import NOON, Account, Register, at, context
from workflows.operators import table
from workflows.ports import BpmnError, Context, Result
from workflows.rules import one_time_code

NEW_PID = "0990000009999"
HOSPITAL = {"code": "99002", "name": "โรงพยาบาล", "kind": "community_hospital", "province": "มหาสารคาม"}


def run(type_: str, moment: Context | None = None, **inputs: Any) -> Result:
    return table()[type_](inputs, moment or context())  # type: ignore[return-value]


def refused(type_: str, moment: Context | None = None, **inputs: Any) -> BpmnError:
    with pytest.raises(BpmnError) as raised:
        run(type_, moment, **inputs)
    return raised.value


def test_consent_names_the_very_text_that_was_shown() -> None:
    moment = context()
    shown = run("text.load", moment, key="nda").variables
    assert len(shown["paragraphs"]) == 8
    kept = run("consent.record", moment, kind="nda", version=shown["version"], accepted=False).changes[0]
    assert kept.kind == "consent.record"
    assert kept.values["text_sha256"] == hashlib.sha256(moment.lookups.text("nda").encode()).hexdigest()
    assert (kept.values["accepted"], kept.values["actor"]) == (False, "visitor:token")


@pytest.mark.parametrize(
    ("unit_code", "pid", "supervisor", "head"),
    [
        ("99001", "0990000000037", "PAO01", True),
        ("99001", "0990000000045", "PAO01", False),
        ("99002", "0990000000045", None, True),
    ],
)
def test_the_unit_decides_the_way_of_the_request(unit_code: str, pid: str, supervisor: str | None, head: bool) -> None:
    found = run("unit.load", unit_code=unit_code, pid=pid).variables
    assert (found["unit"]["code"], found["unit"]["region"]) == (unit_code, "7")
    assert found["unit"]["supervisor"] == supervisor
    assert found["applicant_is_head"] is head


def test_an_unknown_unit_is_told_in_both_languages() -> None:
    error = refused("unit.load", unit_code="00000", pid=NEW_PID)
    assert error.code == "UNIT_UNKNOWN"
    assert "00000" in error.variables["problem"]["th"]
    assert "00000" in error.variables["problem"]["en"]


@pytest.mark.parametrize(
    ("pid", "email", "kind", "code"),
    [
        (NEW_PID, "new@example.org", "new", None),
        ("0990000000011", "requester@example.org", "more", None),
        ("0990000000011", "requester@example.org", "new", "ADM007"),
        (NEW_PID, "Requester@example.org", "new", "EMAIL_TAKEN"),
        ("0990000000011", "head@example.org", "more", "EMAIL_TAKEN"),
    ],
)
def test_what_could_never_be_issued_is_refused_early(pid: str, email: str, kind: str, code: str | None) -> None:
    if code is None:
        assert run("account.check", pid=pid, email=email, request_kind=kind) == Result()
        return
    error = refused("account.check", pid=pid, email=email, request_kind=kind)
    assert error.code == code
    assert pid not in error.text.th


def checks(*roles: str, allowed: bool = True) -> list[dict[str, Any]]:
    return [{"role": role, "allowed": allowed, "reason_th": "เหตุ", "reason_en": "why"} for role in roles]


@pytest.mark.parametrize(
    ("roles", "systems", "form"),
    [
        (["269"], {"CPP": ["269"]}, 1),
        (["413", "904", "269"], {"CPP": ["413", "269"], "ECLAIM": ["904"]}, 1),
        (["328", "837"], {"NAP": ["328"], "DMIS": ["837"]}, 5),
    ],
)
def test_roles_are_grouped_by_system(roles: list[str], systems: dict[str, list[str]], form: int) -> None:
    found = run("catalogue.systems", unit=HOSPITAL, roles=roles, role_checks=checks(*roles)).variables
    assert {s["code"]: [role["code"] for role in s["roles"]] for s in found["requested_systems"]} == systems
    assert (found["request_form"], found["role_problem"]) == (form, None)


@pytest.mark.parametrize(
    ("roles", "role_checks", "handover", "words"),
    [
        (["378", "269"], checks("378", allowed=False) + checks("269"), False, ["378: why"]),
        (["906"], checks("906"), False, ["906: There is no such role"]),
        (["100"], checks("100"), False, ["100: A request for smart-card roles only"]),
        (["913"], checks("913"), False, ["สมคิด สา???", "913"]),
        (["913", "906"], checks("913", "906"), False, ["สมคิด", "906"]),
        (["913"], checks("913"), True, []),
    ],
)
def test_every_problem_with_the_roles_is_told_at_once(
    roles: list[str], role_checks: list[dict[str, Any]], handover: bool, words: list[str]
) -> None:
    given = {"unit": HOSPITAL, "roles": roles, "role_checks": role_checks, "handover": handover}
    problem = run("catalogue.systems", **given).variables["role_problem"]
    assert (problem is None) == (not words)
    assert all(word in problem["en"] for word in words)


def test_a_mixed_request_hands_its_smart_card_roles_on() -> None:
    given = {"unit": HOSPITAL, "roles": ["100", "904"], "role_checks": checks("100", "904")}
    found = run("catalogue.systems", **given).variables
    assert [system["code"] for system in found["requested_systems"]] == ["ECLAIM"]
    assert [system["code"] for system in found["smartcard_systems"]] == ["ERM"]
    assert (found["request_form"], found["role_problem"]) == (1, None)  # form 2 is a letter of its own
    found = run("catalogue.systems", **given, channel="smartcard").variables
    assert [system["code"] for system in found["requested_systems"]] == ["ERM"]
    assert found["request_form"] == 2
    assert found["role_problem"]["en"].startswith("904: This role is not granted in the smart-card rounds")


def code_in(result: Result) -> str:
    return re.search(r"\b[0-9]{6}\b", result.messages[0].payload["text"])[0]


def test_the_code_is_in_the_sms_only_and_good_for_five_minutes() -> None:
    moment = context()
    sent = run("otp.send", moment, mobile="0800000099")
    otp, code = sent.variables["otp"], code_in(sent)
    assert code not in str(otp).replace(otp["ref"], "")
    assert otp["ref"] in sent.messages[0].payload["text"]
    last = at(moment, NOON + timedelta(minutes=5) - timedelta(seconds=1))
    assert run("otp.check", last, otp=otp, otp_code=code).variables == {"mobile_verified_at": last.now.isoformat()}
    late = refused("otp.check", at(moment, NOON + timedelta(minutes=5)), otp=otp, otp_code=code)
    assert late.text == one_time_code.EXPIRED


def test_five_wrong_codes_use_it_up_even_for_the_right_one() -> None:
    moment = context()
    sent = run("otp.send", moment, mobile="0800000099")
    otp, code = sent.variables["otp"], code_in(sent)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for attempt in range(1, 6):
        error = refused("otp.check", moment, otp=otp, otp_code=wrong)
        otp = error.variables["otp"]
        assert (error.code, error.text, otp["attempts"]) == ("OTP_WRONG", one_time_code.WRONG, attempt)
    assert refused("otp.check", moment, otp=otp, otp_code=code).text == one_time_code.USED_UP


def test_a_newer_code_makes_the_older_one_void() -> None:
    moment = context()
    first = run("otp.send", moment, mobile="0800000099")
    second = run("otp.send", moment, mobile="0800000099", sends=1)
    assert second.variables["otp"]["sends"] == 2
    assert first.messages[0].key != second.messages[0].key
    if code_in(first) != code_in(second):
        assert refused("otp.check", moment, otp=second.variables["otp"], otp_code=code_in(first)).code == "OTP_WRONG"
    assert refused("otp.send", moment, mobile="0800000099", sends=one_time_code.MOST_SENDS).code == "OTP_LIMIT"


def test_numbers_run_by_buddhist_year_in_bangkok() -> None:
    new_year_in_bangkok = NOON.replace(month=12, day=31, hour=17)
    moment = context()
    first, second = (run("case.number", moment).variables["case_number"] for _ in range(2))
    third = run("case.number", at(moment, new_year_in_bangkok)).variables["case_number"]
    assert [number[:9] for number in (first, second, third)] == ["69-000001", "69-000002", "70-000001"]


def test_the_clock_changes_carry_what_the_table_said() -> None:
    start = run("sla.start", days=3, day_kind="calendar").changes[0]
    assert (start.kind, dict(start.values)) == ("sla.start", {"total": 3, "unit": "calendar"})
    assert [run(f"sla.{verb}").changes[0].kind for verb in ("pause", "resume", "stop")] == [
        "sla.pause",
        "sla.resume",
        "sla.stop",
    ]


def test_escalation_offers_work_to_one_more_group() -> None:
    change = run("work_items.escalate", elements=["region_decide"], group="region_chief:7").changes[0]
    assert (change.kind, dict(change.values)) == (
        "work_items.offer",
        {"elements": ["region_decide"], "group": "region_chief:7"},
    )


def test_a_visitor_comes_back_by_a_link_of_which_only_the_hash_is_kept() -> None:
    given = {"to": "a@example.org", "mobile": "0800000099", "case_number": "69-000001-1", "name": "ก", "level": "เขต"}
    comment = f"เลข {NEW_PID} ไม่ตรง"
    result = run("notice.returned", requester="visitor:token", comment=comment, **given)
    mail, sms = result.messages
    token = re.search(r"https://sitthi\.example\.org/return/(\S+)", mail.payload["text"])[1]
    assert result.changes[0].values["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert "099XXXXXXXX99" in mail.payload["text"]
    assert NEW_PID not in mail.payload["text"]
    assert (mail.payload["subject"], sms.kind) == ("คำขอ 69-000001-1 ส่งกลับให้แก้ไข", "sms")
    signed_in = run("notice.returned", requester="requester", comment="-", **given)
    assert signed_in.changes == ()
    assert "/sign-in" in signed_in.messages[0].payload["text"]


def test_a_text_cannot_reach_into_objects_and_keeps_what_it_does_not_know() -> None:
    register = Register.demo()
    register.texts["sms.result"] = "{case_number.__class__} {case_number} {unheard_of}"
    result = run("notice.send", context(register), text="result", mobile="0800000099", case_number="69-1")
    assert result.messages[0].payload["text"] == "{case_number.__class__} 69-1 {unheard_of}"


def test_a_reminder_reaches_every_member_of_the_group() -> None:
    def to(group: str) -> list[str]:
        return [each.payload["to"] for each in run("notice.remind", text="sla_reminder", group=group).messages]

    assert to("region_officer:7") == ["region@example.org"]
    assert to("region_officer:2") == []


def system(code: str, realm: str, *roles: str, single: bool = False) -> dict[str, Any]:
    named = [{"code": role, "name": f"บทบาท {role}", "single_holder": single} for role in roles]
    return {"code": code, "name": f"ระบบ {code}", "realm": realm, "roles": named}


def issue(moment: Context, granted: list[dict[str, Any]], **more: Any) -> Result:
    inputs = {
        "pid": NEW_PID,
        "title": "นาย",
        "first_name": "กล้า",
        "last_name": "ตัวอย่าง",
        "email": "kla@example.org",
        "mobile": "0800000099",
        "unit": HOSPITAL,
        "granted_systems": granted,
        "requested_systems": granted,
        "request_kind": "new",
        "case_number": "69-000001-1",
    }
    return run("account.issue", moment, **{**inputs, **more})


def test_one_account_for_each_realm_and_one_mail_with_a_link_each() -> None:
    granted = [system("CPP", "DC", "269", "413"), system("UCEP", "NDC", "915")]
    refused_one = system("QOF", "DC", "907")
    decided = [{"system": "QOF", "decision": "reject", "comment": "ไม่อยู่ในกลุ่มเป้าหมาย"}]
    result = issue(context(), granted, requested_systems=[*granted, refused_one], owner_results=decided)
    assert [change.kind for change in result.changes] == [
        *["account.create", "link.create"] * 2,
        *["grant.add"] * 3,
    ]
    dc, ndc = (change.values for change in result.changes if change.kind == "account.create")
    assert (dc["username"], dc["realm"], ndc["username"]) == ("6911990020001", "DC", "N990020001")
    grants = [change.values for change in result.changes if change.kind == "grant.add"]
    assert [grant["username"] for grant in grants] == [dc["username"], dc["username"], ndc["username"]]
    text = result.messages[0].payload["text"]
    for word in ("69-000001-1", "มหาสารคาม", "กล้า ตัวอย่าง", dc["username"], "ไม่อยู่ในกลุ่มเป้าหมาย", "/sign-in"):
        assert word in text
    tokens = re.findall(r"/activate/(\S+)", text)
    kept = [change.values["token_hash"] for change in result.changes if change.kind == "link.create"]
    assert [hashlib.sha256(token.encode()).hexdigest() for token in tokens] == kept
    assert NEW_PID not in text
    assert not set(tokens) & set(str(result.variables).split("'"))


def test_more_rights_go_to_the_account_there_is() -> None:
    result = issue(
        context(),
        [system("CPP", "DC", "269")],
        pid="0990000000029",
        email="requester2@example.org",
        request_kind="more",
    )
    assert [change.kind for change in result.changes] == ["grant.add"]
    assert result.variables["usernames"] == [{"realm": "DC", "username": "requester2", "created": False}]
    assert "/activate/" not in result.messages[0].payload["text"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"pid": "0990000000029", "email": "requester2@example.org"}, "ADM007"),
        ({"email": "head@example.org"}, "EMAIL_TAKEN"),
        ({"granted_systems": [system("KTB_WALLET", "DC", "913", single=True)]}, "ROLE_HELD"),
    ],
)
def test_what_changed_since_the_request_comes_back_to_the_issuing_officer(more: dict[str, Any], code: str) -> None:
    with pytest.raises(BpmnError) as raised:
        issue(context(), [system("CPP", "DC", "269")], **more)
    assert raised.value.code == code
    assert set(raised.value.variables["problem"]) == {"th", "en"}


def test_a_role_with_one_holder_moves_when_it_is_handed_over() -> None:
    wallet = [system("KTB_WALLET", "DC", "913", single=True)]
    moved = [change for change in issue(context(), wallet, handover=True).changes if change.kind.startswith("grant")]
    assert [(change.kind, change.values["username"]) for change in moved] == [
        ("grant.revoke", "head2"),
        ("grant.add", "6911990020001"),
    ]
    free = Register([Account("head2", "0990000000045", "สมคิด", "สาธิต", "head2@example.org", "99002")])
    assert "grant.revoke" not in [change.kind for change in issue(context(free), wallet).changes]


def test_organisations_without_a_five_digit_code_share_one_series() -> None:
    unit = {**HOSPITAL, "code": "PAO01"}
    first = issue(context(), [system("MEETING", "DC", "910")], unit=unit).variables["usernames"][0]
    assert first["username"] == "6911000000001"
