"""A hospital's own system authenticates patients: opened, followed, closed, once for each key, only at its unit."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import authentication_steps
from app.adapters.demo_patients import PATIENTS
from tests.api.conftest import As, Caller, callers
from tests.api.samples import picture
from tests.api.test_authentication import Change, account_of, execute
from tests.api.test_routes import is_problem
from tests.support.races import at_once
from workflows.actor import WORKER
from workflows.clock import real_now
from workflows.commands.make_token import MakeToken
from workflows.commands.publish_message import PublishMessage
from workflows.queries import authentications
from workflows.queries.cases import timeline
from workflows.records import Authentication, Case, IdempotentCall, InnovationUnit
from workflows.rules import claim_code, scopes

_PLAIN = [p.pid for p in PATIENTS if 16 <= p.age <= 60 and not (p.flags or p.silent or p.drugs)]
ADULTS = iter(_PLAIN[5:])  # the first ones come in other tests of this database


@pytest.fixture
def pid() -> str:
    """A patient nobody else comes with."""
    return next(ADULTS)


@pytest.fixture
def his(app: Flask) -> Caller:
    return system(app)


def system(app: Flask, *held: str, unit: str = "99003") -> Caller:
    """The own system of a unit."""
    allowed = held or (scopes.AUTHENTICATIONS_WRITE, scopes.AUTHENTICATIONS_READ)
    command = MakeToken(account_of(app, "admin"), "HIS", scopes=allowed, unit_code=unit)
    return Caller(app, f"Bearer {execute(app, command)[2]}")


def visit(pid: str, **other: Any) -> dict[str, Any]:
    return {"pid": pid, "mobile": "080-000-0077", "profession": "nursing", **other}


def photo(his: Caller) -> dict[str, Any]:
    stored = his("POST", "/v2/documents", data={"file": (io.BytesIO(picture()), "face.jpg")})
    assert stored.status_code == 201, stored.text
    return {"method": "photo", "photo": [stored.json]}


def send(his: Caller, body: Any, status: int, path: str = "", key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    answer = his("POST", f"/api/authentications{path}", body, headers=headers)
    assert answer.status_code == status, answer.text
    assert status < 400 or is_problem(answer)
    return answer.json


def test_one_call_opens_and_another_closes(either_app: Flask, pid: str) -> None:
    app, his = either_app, system(either_app)
    answer = his("POST", "/api/authentications", visit(pid, visit_number="VN 1", illness="", **photo(his)))
    assert answer.status_code == 201, answer.text
    opened = answer.json
    assert opened is not None
    code = opened["claim_code"]
    assert claim_code.parse(code) == code
    assert answer.headers["Location"] == f"/api/authentications/{code}"
    assert (opened["state"], opened["unit_code"], opened["method"]) == ("open", "99003", "photo")
    assert opened["rights"]["main_class"]
    assert pid not in answer.text
    again = his("GET", f"/api/authentications/{code}").json
    assert again is not None
    assert again == {**opened, "abnormal_drugs": []}
    assert his("GET", f"/api/authentications/{opened['case']}").json == again, "by the key of the case, too"
    with app.extensions["sitthi"].runtime.reading() as db:
        row = authentications.by_code(db, code)
    assert row is not None
    assert (row["source"], row["opened_by"][:8]) == ("api", "program:")
    with app.extensions["sitthi"].runtime.reading() as db:
        told = timeline(db, app.extensions["sitthi"].keyring, int(opened["case"]))
    steps = [
        (event["kind"], event["element_id"]) for event in told if event["kind"] in ("case.started", "item.completed")
    ]
    assert steps == [("case.started", ""), ("item.completed", "identify"), ("item.completed", "confirm")]
    closed = send(his, {"claimable": 150.5, "not_claimable": 0}, 200, f"/{code}/closing")
    assert (closed["state"], closed["claimable"], closed["not_claimable"]) == ("closed", 150.5, 0)
    assert closed["visit_number"] == "VN 1"
    send(his, {"claimable": 150, "not_claimable": 0}, 409, f"/{code}/closing")


def test_what_is_wrong_is_named_by_field_in_two_languages_and_leaves_nothing(app: Flask, his: Caller, pid: str) -> None:
    before = cases(app)
    for body, fields in (
        ({}, {"pid", "mobile", "profession"}),
        (visit("1234567890123"), {"pid"}),
        (visit(pid, mobile="abc"), {"mobile"}),
        (visit(pid, profession="dental"), {"profession"}),
        (visit(pid, service_code="PG0090001"), {"service_code"}),
        (visit(pid, visit_kind="other"), {"visit_kind"}),
        (visit(pid, unit_code="99002"), {"unit_code"}),
        (visit(pid, mobil="0800000077"), {"mobil"}),
    ):
        wrong = send(his, body, 400)
        assert set(wrong["errors"]) == set(wrong["errors_en"]) == fields, wrong
        assert all(wrong["errors"].values())
    for body, fields in (
        (visit(pid, method="guess"), {"method"}),
        (visit(pid, method="photo"), {"photo"}),
        (visit("0990000009998"), {"pid"}),
    ):
        assert set(send(his, body, 400)["errors"]) == fields
    assert cases(app) == before, "nothing began"


def test_the_same_key_gives_the_same_answer_once(app: Flask, his: Caller, pid: str) -> None:
    body = visit(pid, **photo(his))
    first = his("POST", "/api/authentications", body, headers={"Idempotency-Key": f"once-{pid}"})
    again = his("POST", "/api/authentications", body, headers={"Idempotency-Key": f"once-{pid}"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.data, again.headers["Location"]) == (first.data, first.headers["Location"])
    assert again.headers["Idempotent-Replayed"] == "true"
    send(his, {**body, "mobile": "0800000078"}, 409, key=f"once-{pid}")
    without = send(his, body, 409)  # without the key it is a second opening: refused with the code there is
    assert without["claim_code"] == first.json["claim_code"]  # type: ignore[index]
    other = system(app)
    assert other("POST", "/api/authentications", body, headers={"Idempotency-Key": f"once-{pid}"}).status_code == 409
    assert pid not in stored(app)


def test_a_wrong_call_frees_its_key(his: Caller, pid: str) -> None:
    send(his, visit(pid, profession="dental"), 400, key=f"wrong-{pid}")
    send(his, visit(pid, method="photo"), 400, key=f"wrong-{pid}")
    send(his, visit(pid, **photo(his)), 201, key=f"wrong-{pid}")


def test_what_a_worker_left_in_the_middle_is_taken_up_by_the_next_call(app: Flask, his: Caller, pid: str) -> None:
    """It died after the case was started: the same call goes on with that case."""
    body, key, before = visit(pid, method="face"), f"died-{pid}", cases(app)
    with pytest.raises(SystemExit), died_after_the_start():
        send(his, body, 202, key=key)
    assert cases(app) == before + 1
    send(his, body, 409, key=key)  # for all that is known, it is still under way
    passed = update(IdempotentCall).where(IdempotentCall.answer.is_(None))
    execute(app, Change(passed.values(lease_until=real_now() - timedelta(seconds=1))))
    assert send(his, body, 202, key=key)["state"] == "waiting_face"
    assert cases(app) == before + 1


@contextmanager
def died_after_the_start() -> Iterator[None]:
    def die(*_: Any) -> None:
        raise SystemExit

    whole, authentication_steps.find = authentication_steps.find, die
    try:
        yield
    finally:
        authentication_steps.find = whole


@pytest.mark.parametrize("key", ["", "x" * 201, "รหัส", "a\tb"])
def test_a_key_that_is_none_is_refused(his: Caller, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = his("POST", "/api/authentications", visit(_PLAIN[0]), headers=headers)
    assert answer.status_code == 400


def test_two_at_once_with_one_key_open_one(either_app: Flask, pid: str) -> None:
    app, his = either_app, system(either_app)
    body, key = visit(pid, **photo(his)), {"Idempotency-Key": f"race-{pid}"}
    answers = at_once(*(lambda: his("POST", "/api/authentications", body, headers=key) for _ in range(4)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) >= 1
    assert set(statuses) <= {201, 409}
    codes = {answer.json["claim_code"] for answer in answers if answer.status_code == 201}
    assert len(codes) == 1
    with app.extensions["sitthi"].runtime.reading() as db:
        index = app.extensions["sitthi"].keyring.index("pid", pid)
        assert db.execute(select(func.count()).where(Authentication.pid_index == index)).scalar_one() == 1


def test_without_a_key_two_at_once_open_two_attempts_but_one_code(app: Flask, pid: str) -> None:
    """The naive caller: only the rule of one open code keeps it from two."""
    his = system(app)
    bodies = [visit(pid, **photo(his)) for _ in range(3)]
    answers = at_once(*(lambda body=body: his("POST", "/api/authentications", body) for body in bodies))
    statuses = sorted(answer.status_code for answer in answers)
    assert (statuses.count(201), set(statuses)) == (1, {201, 409})


def test_a_face_is_waited_for_and_then_confirmed(app: Flask, his: Caller, pid: str) -> None:
    waiting = send(his, visit(pid, method="face"), 202)
    assert (waiting["state"], waiting["claim_code"]) == ("waiting_face", None)
    case = waiting["case"]
    send(his, {}, 409, f"/{case}/confirmation")
    answer_of_the_app(app, case, matched=True, latitude=16.4, longitude=102.8)
    assert his("GET", f"/api/authentications/{case}").json["state"] == "to_confirm"  # type: ignore[index]
    opened = send(his, {}, 201, f"/{case}/confirmation")
    assert (opened["state"], opened["method"]) == ("open", "face")


def test_a_face_that_does_not_match_leads_down_the_ladder(app: Flask, his: Caller, pid: str) -> None:
    case = send(his, visit(pid, method="face"), 202)["case"]
    answer_of_the_app(app, case, matched=False, reason="other")
    stands = his("GET", f"/api/authentications/{case}").json
    assert stands is not None
    assert stands["state"] == "to_identify"
    assert stands["problem"]["en"]
    assert [each["method"] for each in stands["attempts"]] == ["face"]
    assert "line" in [each["value"] for each in stands["methods"]]
    no_scan = send(his, {"method": "line"}, 202, f"/{case}/identification")
    assert (no_scan["state"], [each["result"] for each in no_scan["attempts"]]) == ("to_identify", ["failed", "failed"])
    wrong = send(his, {"method": "endorsed"}, 400, f"/{case}/identification")
    assert {"endorser", "relation", "reason"} <= set(wrong["errors"])
    opened = send(his, photo(his), 201, f"/{case}/identification")
    assert opened["method"] == "photo"


def test_rights_and_dispensing_can_be_looked_at_before_confirming(his: Caller) -> None:
    known = [p for p in PATIENTS if 16 <= p.age <= 60 and not p.flags and not p.silent and p.drugs]
    pid = known[-1].pid
    shown = send(his, visit(pid, confirm=False, **photo(his)), 202)
    assert shown["state"] == "to_confirm"
    assert shown["abnormal_drugs"][0]["fsn"]
    opened = send(his, {}, 201, f"/{shown['case']}/confirmation")
    assert his("GET", f"/api/authentications/{opened['claim_code']}").json["abnormal_drugs"] == []  # type: ignore[index]


def test_a_unit_sees_its_own_only(app: Flask, his: Caller, pid: str) -> None:
    opened = send(his, visit(pid, **photo(his)), 201)
    other, reader = system(app, unit="99002"), system(app, scopes.AUTHENTICATIONS_READ)
    for name in (opened["claim_code"], opened["case"]):
        assert other("GET", f"/api/authentications/{name}").status_code == 404
        send(other, {"claimable": 1, "not_claimable": 0}, 404, f"/{name}/closing")
        assert reader("GET", f"/api/authentications/{name}").status_code == 200
        send(reader, {"claimable": 1, "not_claimable": 0}, 403, f"/{name}/closing")
    for odd in ("AA0000000000", "1", "9" * 30, "x\0y", "๑"):
        assert his("GET", f"/api/authentications/{odd}").status_code == 404


def test_a_person_of_the_desk_may_call_it_too_and_others_not(as_: As, pid: str) -> None:
    desk = as_("frontdesk")
    opened = send(desk, visit(pid, **photo(desk)), 201)
    assert desk("GET", f"/api/authentications/{opened['claim_code']}").status_code == 200
    for who in ("requester", "admin", "signatory"):
        send(as_(who), visit(pid), 403)
        assert as_(who)("GET", f"/api/authentications/{opened['claim_code']}").status_code == 404


@pytest.fixture
def not_active(app: Flask) -> Iterator[None]:
    def set_to(value: Any) -> None:
        execute(app, Change(update(InnovationUnit).where(InnovationUnit.unit_code == "99003").values(**value)))

    with app.extensions["sitthi"].runtime.reading() as db:
        of_unit = select(InnovationUnit.reactivated_at).where(InnovationUnit.unit_code == "99003")
        before = db.execute(of_unit).scalar_one()
    set_to({"reactivated_at": None})
    yield
    set_to({"reactivated_at": before})


@pytest.mark.usefixtures("not_active")
def test_a_unit_that_is_not_active_is_refused_with_the_way_out(his: Caller, pid: str) -> None:
    refused = send(his, visit(pid, method="face"), 409)
    assert refused["outcome"] == "refused"
    assert "Re-activation" in refused["detail"]
    assert "Re-Activate" in refused["detail_th"]


def test_a_unit_that_never_registered_is_told_where_to(app: Flask, pid: str) -> None:
    refused = send(system(app, unit="99001"), visit(pid, method="face"), 400)
    assert "OSS" in refused["errors"]["profession"]
    assert "OSS" in refused["errors_en"]["profession"]


def test_a_closing_before_the_opening_is_refused(his: Caller, pid: str) -> None:
    code = send(his, visit(pid, **photo(his)), 201)["claim_code"]
    early = {"claimable": 1, "not_claimable": 0, "closed_at": "2020-01-01T09:00", "visit_number": "7"}
    assert set(send(his, early, 400, f"/{code}/closing")["errors"]) == {"closed_at"}
    wrong = send(his, {"claimable": -1}, 400, f"/{code}/closing")
    assert set(wrong["errors"]) == {"claimable", "visit_number"}
    closed = send(his, {"claimable": 1, "not_claimable": 2, "visit_number": "7"}, 200, f"/{code}/closing")
    assert (closed["state"], closed["visit_number"]) == ("closed", "7")


@pytest.mark.parametrize("said", ["opening", "closing"])
def test_a_hospital_says_the_illness_when_it_opens_or_closes(his: Caller, pid: str, app: Flask, said: str) -> None:
    told = {step: {"illness": "CI05"} if step == said else {} for step in ("opening", "closing")}
    code = send(his, visit(pid, **photo(his), **told["opening"]), 201)["claim_code"]
    done = {"claimable": 1, "not_claimable": 2, "visit_number": "7", **told["closing"]}
    assert set(send(his, {**done, "illness": "CI99"}, 400, f"/{code}/closing")["errors"]) == {"illness"}
    send(his, done, 200, f"/{code}/closing")
    with app.extensions["sitthi"].runtime.reading() as db:
        kept = db.execute(select(Authentication.illness).where(Authentication.claim_code == code)).scalar_one()
    assert kept == "CI05"


def cases(app: Flask) -> int:
    with app.extensions["sitthi"].runtime.reading() as db:
        return int(db.execute(select(func.count()).where(Case.process_id == "patient_authentication")).scalar_one())


def stored(app: Flask) -> str:
    with app.extensions["sitthi"].runtime.reading() as db:
        return f"{db.execute(select(*IdempotentCall.__table__.c)).all()}"


def answer_of_the_app(app: Flask, case: str, **result: Any) -> None:
    """What the face app says, as its callback brings it to the case."""
    [item] = callers(app)("designer").find("variables", processInstanceKey=case, name="face_ref")
    told = {"face_result": {"at": "2026-11-02T09:00:00+07:00", "transaction": "T1", "score": 0.9, **result}}
    command = PublishMessage("face_result", item["value"].strip('"'), told)
    app.extensions["sitthi"].runtime.execute(command, WORKER)
