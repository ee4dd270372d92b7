"""Citizen IDs, telephone numbers, user names, case numbers, e-mail addresses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import case_number, citizen_id, email_address, phone, usernames


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0-9901-00000-01-2", None),
        ("๐๙๙๐๑๐๐๐๐๐๐๑๒", None),
        ("099010000001", citizen_id.NOT_13_DIGITS),
        ("09901000000180", citizen_id.NOT_13_DIGITS),
        ("099010000001x", citizen_id.NOT_13_DIGITS),
        ("", citizen_id.NOT_13_DIGITS),
        ("9990100000010", citizen_id.WRONG_FIRST_DIGIT),
        ("0990100000013", citizen_id.WRONG_CHECK_DIGIT),
    ],
)
def test_citizen_id(typed, problem):
    assert citizen_id.problem(citizen_id.clean(typed)) == problem


@given(st.integers(0, 9_999_999))
def test_made_citizen_ids_are_fictional_and_correct(serial):
    pid = citizen_id.make("09901", serial)
    assert pid.startswith("09901")
    assert citizen_id.problem(pid) is None
    wrong = pid[:5] + str((int(pid[5]) + 1) % 10) + pid[6:]
    assert citizen_id.problem(wrong) == citizen_id.WRONG_CHECK_DIGIT


@pytest.mark.parametrize(("prefix", "serial"), [("1990", 1), ("09901", 12345678), ("0990x", 1), ("0990100000012", 0)])
def test_no_citizen_id_is_made_that_could_be_real(prefix, serial):
    with pytest.raises(ValueError, match="fictional"):
        citizen_id.make(prefix, serial)


@pytest.mark.parametrize(
    ("typed", "kind", "e164"),
    [
        ("0812345678", "mobile", "+66812345678"),
        ("081-234-5678", "mobile", "+66812345678"),
        ("+66 81 234 5678", "mobile", "+66812345678"),
        ("66812345678", "mobile", "+66812345678"),
        ("+66 (0)81 234 5678", "mobile", "+66812345678"),
        ("๐๘๑๒๓๔๕๖๗๘", "mobile", "+66812345678"),
        ("02-141-4000", "fixed", "+6621414000"),
        ("043365200", "fixed", "+6643365200"),
    ],
)
def test_phone(typed, kind, e164):
    parsed = phone.parse(typed)
    assert (parsed.kind, parsed.e164) == (kind, e164)


@pytest.mark.parametrize(
    "typed", ["1330", "08123456789", "081234567", "0112345678", "+1 555 0100", "", "abc", "0" * 400]
)
def test_no_phone(typed):
    assert phone.parse(typed) is None


def test_phone_list():
    assert [each.national for each in phone.parse_list("0812345678, 043365200")] == ["0812345678", "043365200"]
    assert phone.parse_list("0812345678,,043365200") is None


def test_dc_username():
    day = date(2026, 11, 22)
    assert usernames.dc_username(day, "99001", 7) == "6911990010007"
    assert usernames.dc_series(day, "99001") == "dc:2569-11:99001"
    for unit, running in (("9901", 1), ("99001", 0), ("99001", 10_000)):
        with pytest.raises(ValueError, match="five-digit"):
            usernames.dc_username(day, unit, running)


@pytest.mark.parametrize(
    ("username", "dc", "oss"),
    [("6911990010007", True, False), ("4411", True, False), ("S12345", False, True), ("manee.t", False, False)],
)
def test_username_kinds(username, dc, oss):
    assert (usernames.counts_as_dc(username), usernames.is_oss_registered(username)) == (dc, oss)


@pytest.mark.parametrize(
    "typed", ["69-000123-8", " 69 - 000123 - 8 ", "69–000123–8", "๖๙-๐๐๐๑๒๓-๘", "690001238", "69-123-8", "69/000123/8"]
)
def test_case_number_is_read_as_typed(typed):
    assert case_number.parse(typed) == "69-000123-8" == case_number.make(date(2026, 5, 1), 123)


@pytest.mark.parametrize(
    "typed", ["69-000123-7", "96-000123-8", "69-000132-8", "69-000123", "69-0-0", "", "abc", "6" * 99]
)
def test_wrong_case_number(typed):
    assert case_number.parse(typed) is None


@given(st.integers(1, 99_999_999), st.data())
def test_case_number_detects_one_wrong_digit_and_swapped_neighbours(running, data):
    number = case_number.make(date(2027, 1, 1), running)
    assert case_number.parse(number) == number
    digits = number.replace("-", "")
    at = data.draw(st.integers(0, len(digits) - 2))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[at]]))
    assert case_number.parse(digits[:at] + other + digits[at + 1 :]) is None
    if digits[at] != digits[at + 1]:
        assert case_number.parse(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]) is None


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        (" Manee.T@Example.go.th ", True),
        ("a+b@mail.example.com", True),
        ("มานี@example.go.th", False),
        ("manee@example", False),
        ("manee@@example.go.th", False),
        ("manee..t@example.go.th", False),
        ("manee@-example.go.th", False),
        ("manee", False),
        ("a@" + "b" * 300 + ".th", False),
        ("manee@example.go.th\nbcc: x@example.com", False),
    ],
)
def test_email(typed, right):
    assert (email_address.problem(email_address.clean(typed)) is None) is right
