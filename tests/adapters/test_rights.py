"""Asking a registry of rights over HTTP, in every shape and every bad mood; and the demonstration's own."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.demo_patients import PATIENTS
from app.adapters.rights import registry
from app.adapters.rights_demo import DemoRegistry, answer
from app.adapters.rights_http import HttpRegistry, RegistrySilent
from config import BadSettings, Settings
from tests.support.stand_in import Asked, StandIn, standing_in
from workflows.rules import citizen_id, rights

DAY = date(2026, 11, 2)
PID = "0991000000011"
FUND: dict[str, Any] = {
    "fundType": "UCS",
    "mainInscl": {"id": "UCS", "name": "สิทธิหลักประกันสุขภาพแห่งชาติ"},
    "subInscl": {"id": "89", "name": "ช่วงอายุ 12-59 ปี"},
    "hospSub": {"hcode": "99003", "hname": "คลินิกตัวอย่าง"},
    "hospMainOp": {"hcode": "99002", "hname": "โรงพยาบาลตัวอย่าง"},
    "hospMain": {"hcode": "99002", "hname": "โรงพยาบาลตัวอย่าง"},
    "paidModel": "1",
    "startDateTime": "2026-01-01T00:00:00",
    "expireDateTime": None,
}
PERSON: dict[str, Any] = {
    "pid": PID,
    "checkDate": "2026-11-02T00:00:00",
    "tname": "นาย",
    "fname": "กล้า",
    "lname": "ตัวอย่าง",
    "sex": {"id": "1", "name": "ชาย"},
    "nation": {"id": "099"},
    "birthDate": "25330412",
    "funds": [FUND],
}
NOBODY: dict[str, Any] = {"checkDate": "2026-11-02T00:00:00", "nation": {}, "sex": {}, "funds": []}


@pytest.fixture
def there() -> Iterator[StandIn]:
    with standing_in(lambda _: (200, PERSON)) as server:
        yield server


def ask(there: StandIn, **how: Any) -> Any:
    return HttpRegistry(there.url, "a token of the tests", **how).look_up(PID, DAY)


def says(there: StandIn, value: Any) -> Any:
    there.answer = lambda _: (200, value)
    return ask(there)


def test_the_public_shape(there: StandIn) -> None:
    found = ask(there)
    asked = there.asked[0]
    assert (asked.method, asked.path) == ("GET", "/api/v2/right-search")
    assert asked.query == {"pid": PID, "checkDate": "2026-11-02T00:00:00"}
    assert asked.headers["Authorization"] == "Bearer a token of the tests"
    assert (found["first_name"], found["sex"], found["main_class"], found["sub_class"]) == ("กล้า", "male", "UCS", "89")
    assert (found["birth_year"], found["birth_month"], found["birth_day"]) == (1990, 4, 12)
    assert found["primary"] == {"code": "99003", "name": "คลินิกตัวอย่าง"}
    assert (found["starts_on"], found["ends_on"]) == ("2026-01-01", None)
    assert rights.age_on(found, DAY) == (36, 6, 21)
    assert found["not_told"] == ["abnormal_drugs", "quota_left", "flags"]  # never taken for "none"


def test_a_single_fund_and_a_list_of_one_person_are_the_same(there: StandIn) -> None:
    as_list = ask(there)
    assert says(there, {**PERSON, "funds": FUND}) == as_list
    assert says(there, [PERSON]) == as_list


def test_nobody(there: StandIn) -> None:
    assert says(there, NOBODY) is None
    assert says(there, []) is None
    there.answer = lambda _: (404, {"status": 404, "error": "not found"})
    assert ask(there) is None


def test_a_person_without_a_fund_has_a_vacant_right(there: StandIn) -> None:
    found = says(there, {**PERSON, "funds": []})
    assert (found["main_class"], found["main_name"], found["primary"]) == ("VAC", "สิทธิว่าง", None)


def test_a_class_written_as_text(there: StandIn) -> None:
    older = {**FUND, "mainInscl": "(SSS) สิทธิประกันสังคม", "subInscl": "S1"}
    found = says(there, {**PERSON, "funds": older, "sex": "หญิง"})
    assert (found["main_class"], found["main_name"], found["sub_class"]) == ("SSS", "สิทธิประกันสังคม", "S1")
    assert found["sex"] == "female"


@pytest.mark.parametrize(
    ("birth", "known"),
    [
        ({"birthDate": "25000000"}, (1957, None, None)),
        ({"birthDate": "25001000"}, (1957, 10, None)),
        ({"birthDate": "25040230"}, (1961, 2, None)),
        ({"birthDate": "2533-04-12"}, (1990, 4, 12)),
        ({"birthDate": ""}, (None, None, None)),
        ({"birthDate": None}, (None, None, None)),
        ({"birthDateNew": {"year": 2533, "month": 4, "day": 12}}, (1990, 4, 12)),
        ({"birthDateNew": {"year": 1990, "month": 4}}, (1990, 4, None)),
    ],
)
def test_birth_dates_that_are_not_whole(there: StandIn, birth: dict[str, Any], known: tuple[Any, ...]) -> None:
    found = says(there, {**PERSON, **birth})
    assert (found["birth_year"], found["birth_month"], found["birth_day"]) == known


def test_what_the_registry_may_tell_beside_the_rights(there: StandIn) -> None:
    drug = {"gpuId": "735914", "fsn": "tramadol 50 mg", "units": 5, "lastDate": "2026-10-27"}
    found = says(there, {**PERSON, "abnormalDrugs": [drug], "quotaLeft": {"nursing": 0}, "flags": ["vulnerable"]})
    assert (found["abnormal_drugs"][0]["gpu_id"], found["abnormal_drugs"][0]["days"]) == ("735914", None)
    assert (found["quota_left"], found["flags"], found["not_told"]) == ({"nursing": 0}, ["vulnerable"], [])


def hang_up(_: Asked) -> tuple[int, Any]:
    raise ConnectionError


def slow(_: Asked) -> tuple[int, Any]:
    time.sleep(1)
    return 200, PERSON


@pytest.mark.parametrize(
    "mood",
    [
        lambda _: (401, {"error": "invalid token"}),
        lambda _: (403, {}),
        lambda _: (500, b"<html>oops</html>"),
        lambda _: (503, {}),
        lambda _: (302, {}),
        lambda _: (200, b"<html>please sign in</html>"),
        lambda _: (200, b""),
        lambda _: (200, 7),
        lambda _: (200, "a text"),
        lambda _: (200, [[]]),
        lambda _: (200, {**PERSON, "funds": "UCS"}),
        lambda _: (200, {**PERSON, "funds": [None, 1]} | {"quotaLeft": 4}),
        lambda _: (200, {**PERSON, "quotaLeft": {"nursing": "many"}}),
        lambda _: (200, b"x" * 300_000),
        lambda _: (200, b'{"fname": "\xff\xfe"'),
        hang_up,
        slow,
    ],
)
def test_whatever_goes_wrong_is_silence_without_a_word_about_the_person(there: StandIn, mood: Any) -> None:
    there.answer = mood
    with pytest.raises(RegistrySilent) as raised:
        ask(there, timeout=0.3)
    assert isinstance(raised.value, OSError)
    assert PID not in str(raised.value)
    assert raised.value.__cause__ is None


def test_nobody_listens() -> None:
    with pytest.raises(RegistrySilent):
        HttpRegistry("http://127.0.0.1:9", "t", timeout=0.3).look_up(PID, DAY)


def test_a_redirect_does_not_carry_the_token_elsewhere(there: StandIn) -> None:
    with standing_in(lambda _: (200, PERSON)) as elsewhere:
        there.headers = {"Location": elsewhere.url}
        there.answer = lambda _: (302, {})
        with pytest.raises(RegistrySilent):
            ask(there)
        assert elsewhere.asked == []


def test_which_registry_is_asked(tmp_path: Path) -> None:
    environ = {"DEMO": "1", "DATA_DIR": str(tmp_path)}
    assert registry(Settings.from_env(environ)).source == "demo"
    real = Settings.from_env({**environ, "RIGHTS_URL": "https://registry.example/nhsoendpoint", "RIGHTS_TOKEN": "x"})
    assert registry(real).source == "registry.example"
    none = registry(Settings.from_env({"SECRET_KEY": "0" * 64}))
    with pytest.raises(OSError, match="RIGHTS_URL"):
        none.look_up(PID, DAY)
    with pytest.raises(BadSettings):
        Settings.from_env({**environ, "RIGHTS_URL": "https://registry.example"})
    with pytest.raises(BadSettings):
        Settings.from_env({**environ, "RIGHTS_URL": "registry.example", "RIGHTS_TOKEN": "x"})


def test_the_demonstration_knows_enough_kinds_of_people() -> None:
    known = [answer(patient, DAY) for patient in PATIENTS]
    assert len(PATIENTS) >= 40
    assert len({patient.pid for patient in PATIENTS}) == len(PATIENTS)
    assert all(patient.pid[0] == "0" and citizen_id.problem(patient.pid) is None for patient in PATIENTS)
    assert {each["main_class"] for each in known} == set(rights.CLASSES)
    ages = Counter(age.years for each in known if (age := rights.age_on(each, DAY)))
    assert {6, 7, 14, 15, 16, 60, 61} <= set(ages)
    assert {flag for each in known for flag in each["flags"]} == {"face_problem", "vulnerable"}
    assert any(each["abnormal_drugs"] for each in known)
    assert any(0 in each["quota_left"].values() for each in known)
    assert any(each["birth_month"] is None for each in known)
    assert all(patient.last_name in ("ตัวอย่าง", "สาธิต", "ระบบบัตร") for patient in PATIENTS)


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2028, 2, 29), date(2031, 3, 31), date(2027, 1, 1)])
def test_ages_are_as_told_on_whatever_day_one_asks(day: date) -> None:
    for patient in PATIENTS:
        age = rights.age_on(answer(patient, day), day)
        assert age is not None
        if patient.born is None and patient.birth_known == "day":
            assert age.years == (patient.age if patient.since >= 0 else patient.age - 1), (patient, day)


def test_the_demonstration_can_be_silent_and_ignorant() -> None:
    silent = next(patient for patient in PATIENTS if patient.silent)
    with pytest.raises(OSError):
        DemoRegistry().look_up(silent.pid, DAY)
    assert DemoRegistry().look_up("0991000099991", DAY) is None
    assert DemoRegistry().look_up("1101701234561", DAY) is None, "real numbers are nobody's here"


def test_whoever_tries_the_product_may_type_any_fictional_number() -> None:
    pid = citizen_id.make("05500000", 123)
    told = DemoRegistry().look_up(pid, DAY)
    assert told is not None
    assert told == DemoRegistry().look_up(pid, DAY)
    age = rights.age_on(told, DAY)
    assert age is not None
    assert 20 <= age.years < 60
    assert (told["main_class"], told["abnormal_drugs"]) == ("UCS", [])
