"""Texts of QR codes: made and read back, by any keyboard, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import claim_code, qr_codes
from workflows.rules.qr_codes import BookingCode, ClaimCode, UnitCode

CODE = claim_code.make(12, b"a key of a test")
# a US keyboard and the same keys with the PC switched to Thai, as a hand scanner would type
TYPED_IN_THAI = {
    "SITTHI:U:99003:PG0060001": "ฆณธธ็ณซ๊ซตตจจ-ซญฌจจุจจจๅ",
    "sitthi:u:99003:pg0060001": "หระะ้รซีซตตจจ-ซยเจจุจจจๅ",
}


def test_what_is_made_is_read():
    token = qr_codes.new_token()
    assert qr_codes.parse(qr_codes.for_unit("99003", "PG0060001")) == UnitCode("99003", "PG0060001")
    assert qr_codes.parse(qr_codes.for_booking(token)) == BookingCode(token)
    assert qr_codes.parse(qr_codes.for_claim(CODE)) == ClaimCode(CODE)
    assert len({qr_codes.new_token() for _ in range(1000)}) == 1000


def test_the_link_in_the_sms_is_as_good_as_the_qr():
    token = qr_codes.new_token()
    assert qr_codes.parse(f"https://sitthi.example:8000/booking/{token}") == BookingCode(token)
    assert qr_codes.parse(f"https://sitthi.example/booking/{token}/cancel") is None
    assert qr_codes.parse(f"https://sitthi.example/booking/{token[:-1]}") is None


@pytest.mark.parametrize(("plain", "thai"), TYPED_IN_THAI.items())
def test_a_scanner_at_a_pc_that_is_switched_to_thai(plain, thai):
    assert qr_codes.parse(thai) == qr_codes.parse(plain) == UnitCode("99003", "PG0060001")


@given(st.integers(0, 2**120 - 1))
def test_every_booking_is_read_on_both_keyboards(number):
    token = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[number >> shift & 31] for shift in range(0, 120, 5))
    text = qr_codes.for_booking(token)
    thai = text.translate(str.maketrans(*qr_codes._KEYS))
    assert qr_codes.parse(text) == qr_codes.parse(thai) == BookingCode(token)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SITTHI",
        "SITTHI:U:9900:PG0060001",
        "SITTHI:U:99003:PG0060001:1",
        "SITTHI:U:๙๙๐๐๓:PG0060001",
        "SITTHI:U:99003:pg006000",
        "SITTHI:B:",
        "SITTHI:B:" + "A" * 23,
        "SITTHI:B:" + "A" * 23 + "1",
        "SITTHI:C:" + CODE,
        "https://sitthi.example/SITTHI:U:99003:PG0060001",
        "X" * 300,
        "สวัสดี",
        CODE[:-1] + str((int(CODE[-1]) + 1) % 10),
    ],
)
def test_anything_else_is_none(text):
    assert qr_codes.parse(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text):
    qr_codes.parse(text)


def test_nothing_wrong_is_made():
    for wrong in (("9900", "PG0060001"), ("99003", "PG006000"), ("99003\n", "PG0060001")):
        with pytest.raises(ValueError, match="QR"):
            qr_codes.for_unit(*wrong)
    with pytest.raises(ValueError, match="token"):
        qr_codes.for_booking("guess")
    with pytest.raises(ValueError, match="claim"):
        qr_codes.for_claim("PP0000000000x")
