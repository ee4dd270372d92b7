"""Our end of the LINE platform, over HTTP against a stand-in that speaks its public API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.adapters.line import ISSUER, LineError, LinePush, LineRefused, RealLogin, is_signed, message, signature
from app.adapters.line_simulated import USERS, SimulatedLogin
from tests.support.line_platform import Platform, line_platform
from workflows.delivery import NotYet
from workflows.sealing import Keyring

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
HELLO = {"to": "U" + "1" * 32, "text": "สวัสดี"}
BACK = "https://sitthi.example/line/callback"


@pytest.fixture
def platform() -> Iterator[Platform]:
    with line_platform() as platform:
        yield platform


def test_a_push_carries_token_text_and_retry_key(platform: Platform) -> None:
    LinePush(platform.channel())(HELLO, "line.booked:1")
    assert platform.pushed == [{"to": HELLO["to"], "messages": [{"type": "text", "text": "สวัสดี"}]}]
    assert UUID(platform.retry_keys[0])


def test_what_was_taken_before_counts_as_sent_and_arrives_once(platform: Platform) -> None:
    push = LinePush(platform.channel())
    push(HELLO, "the same key")
    push(HELLO, "the same key")  # 409: as good as sent
    push(HELLO, "another key")
    assert len(platform.pushed) == 2
    assert platform.retry_keys[0] == platform.retry_keys[1] != platform.retry_keys[2]


def test_it_slows_down_when_the_platform_asks(platform: Platform) -> None:
    platform.answers = [429]
    with pytest.raises(NotYet, match="429") as asked:
        LinePush(platform.channel())(HELLO, "key")
    assert asked.value.seconds >= 60


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_what_is_not_taken_is_an_error_for_the_outbox_to_try_again(platform: Platform, status: int) -> None:
    platform.answers = [status]
    push = LinePush(platform.channel())
    with pytest.raises(LineError, match=str(status)) as failed:
        push(HELLO, "key")
    assert HELLO["to"] not in str(failed.value)
    push(HELLO, "key")
    assert len(platform.pushed) == 1


def test_a_platform_that_is_away_is_an_error_without_words_of_the_message() -> None:
    with line_platform() as gone:
        channel = gone.channel()
    with pytest.raises(LineError) as failed:
        LinePush(channel)(HELLO, "key")
    assert "สวัสดี" not in str(failed.value)


def test_quick_replies_keep_to_the_limits() -> None:
    quick = [{"label": "ชื่อที่ยาวมากเกินกว่ายี่สิบตัวอักษร", "data": "scan=x&for=1"}] * 20
    made = message({"text": "ใคร", "quick": quick})
    assert len(made["quickReply"]["items"]) == 13
    assert all(len(each["action"]["label"]) <= 20 for each in made["quickReply"]["items"])


def test_signatures() -> None:
    body = b'{"events":[]}'
    # computed by openssl dgst -sha256 -hmac
    assert signature("channel-secret", body) == "nENZU9xVqQeZgEX6Nd5huQOCgqTEa5S67sXEhrGuTDk="
    good = signature("channel-secret", body)
    assert is_signed("channel-secret", body, good)
    for wrong in ("", good[:-1], good.swapcase(), signature("other", body), "ลายเซ็น"):
        assert not is_signed("channel-secret", body, wrong)
    assert not is_signed("channel-secret", body + b" ", good)


def claims(**other: object) -> dict[str, object]:
    expires = int((NOW + timedelta(hours=1)).timestamp())
    return {"iss": ISSUER, "sub": "U" + "2" * 32, "aud": "1650000000", "exp": expires, "nonce": "n-1", **other}


def test_who_signed_in_is_what_the_platform_verified(platform: Platform) -> None:
    platform.claims = claims()
    assert RealLogin(platform.channel()).user("c-1", "n-1", BACK, NOW) == "U" + "2" * 32
    (_, exchanged), (_, verified) = platform.forms
    assert (exchanged["code"], exchanged["redirect_uri"]) == ("c-1", BACK)
    assert verified == {"id_token": "id-token-of-c-1", "client_id": "1650000000", "nonce": "n-1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "another channel"},
        {"nonce": "of another browser"},
        {"exp": int(NOW.timestamp())},
        {"exp": "soon"},
        {"sub": ""},
        {"sub": None},
    ],
)
def test_a_claim_that_is_not_right_lets_nobody_in(platform: Platform, wrong: dict[str, object]) -> None:
    platform.claims = claims(**wrong)
    with pytest.raises(LineRefused):
        RealLogin(platform.channel()).user("c-1", "n-1", BACK, NOW)


@pytest.mark.parametrize("status", [400, 500])
def test_a_refusal_or_silence_lets_nobody_in(platform: Platform, status: int) -> None:
    platform.login_status = status
    with pytest.raises(LineRefused):
        RealLogin(platform.channel()).user("c-1", "n-1", BACK, NOW)


def test_where_the_browser_is_sent(platform: Platform) -> None:
    address = RealLogin(platform.channel()).address("s-1", "n-1", BACK)
    assert address.startswith(f"{platform.url}/authorize?response_type=code&client_id=1650000000&")
    assert "state=s-1" in address
    assert "scope=openid" in address


def test_codes_of_the_simulator_are_its_own() -> None:
    simulated = SimulatedLogin(Keyring(b"0" * 64))
    code = simulated.code(USERS[0], "n-1")
    assert simulated.user(code, "n-1", BACK, NOW) == USERS[0].user_id
    for wrong, nonce in (
        (code, "n-2"),
        ("guess", "n-1"),
        (SimulatedLogin(Keyring(b"1" * 64)).code(USERS[0], "n-1"), "n-1"),
    ):
        with pytest.raises(LineRefused):
            simulated.user(wrong, nonce, BACK, NOW)
