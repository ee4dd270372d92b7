"""ThaID's adapter against a real OpenID provider (npm oidc-provider) with ThaID's scopes, and against one that lies."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.adapters.thaid import Thaid, ThaidRefused, ThaidSettings
from app.assets import SOURCES, _tools
from tests.support.tiers import unavailable

BACK = "https://sitthi.example/thaid/callback"
PERSON = {
    "pid": "0990000000126",
    "title": "นาย",
    "given_name": "เกรียงไกร",
    "family_name": "ตัวอย่าง",
    "birthdate": "1980-01-02",
    "ial": "2.3",
}
NONCE, VERIFIER, STATE = "nonce-of-this-browser", "v" * 43, "state-of-this-browser"
SECRET = "a secret of the tests"


@contextmanager
def real_provider(*, in_token: bool = True, lifetime: int = 600, **person: Any) -> Iterator[str]:
    """npm's oidc-provider as a process of its own; gives its issuer."""
    try:
        node = _tools()[0]
    except FileNotFoundError:
        unavailable("Node.js", "install node 18 or newer")
    if not (SOURCES / "node_modules" / "oidc-provider").is_dir():
        unavailable("Node.js packages", "python -m app.assets")
    told = {"redirect": BACK, "inToken": in_token, "person": {**PERSON, **person}, "lifetime": lifetime}
    script = Path(__file__).with_name("oidc_provider.mjs")
    command = [node, str(script), str(SOURCES / "package.json"), json.dumps(told)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def thaid(issuer: str, **settings: Any) -> Thaid:
    return Thaid(replace(ThaidSettings(issuer, "sitthi", SECRET), **settings))


def walk(adapter: Thaid, nonce: str = NONCE) -> dict[str, str]:
    """What a browser does: to the provider, through its pages, back with a code."""
    address = adapter.address(STATE, nonce, VERIFIER, BACK)
    with httpx2.Client() as browser:
        for _ in range(10):
            answer = browser.get(address)
            address = str(httpx2.URL(address).join(answer.headers["location"]))
            if address.startswith(BACK):
                return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    raise AssertionError("the provider never sent the browser back")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as found:
        yield found


def test_the_whole_code_flow(issuer: str) -> None:
    adapter = thaid(issuer, least_ial="2.3")
    back = walk(adapter)
    assert back["state"] == STATE
    person = adapter.identity(back["code"], NONCE, VERIFIER, BACK)
    assert (person.pid, person.name, person.ial) == (PERSON["pid"], "นายเกรียงไกร ตัวอย่าง", "2.3")
    with pytest.raises(ThaidRefused, match="not accepted"):
        adapter.identity(back["code"], NONCE, VERIFIER, BACK)  # a code works once


def test_claims_that_are_at_userinfo_only() -> None:
    with real_provider(in_token=False) as issuer:
        adapter = thaid(issuer)
        assert adapter.identity(walk(adapter)["code"], NONCE, VERIFIER, BACK).pid == PERSON["pid"]


@pytest.mark.parametrize(
    ("person", "why"),
    [({"pid": None}, "pid"), ({"pid": "0990000000127"}, "pid"), ({"ial": "1.1"}, "ial"), ({"ial": None}, "ial")],
)
def test_a_person_without_a_correct_pid_or_enough_assurance(person: dict[str, Any], why: str) -> None:
    with real_provider(**person) as issuer:
        adapter = thaid(issuer, least_ial="2.3")
        code = walk(adapter)["code"]
        with pytest.raises(ThaidRefused) as refused:
            adapter.identity(code, NONCE, VERIFIER, BACK)
        assert refused.value.why == why


def test_another_nonce_secret_or_verifier(issuer: str) -> None:
    for nonce, verifier, secret, why in (
        ("another", VERIFIER, SECRET, "token"),
        (NONCE, "w" * 43, SECRET, "code"),
        (NONCE, VERIFIER, "wrong", "code"),
    ):
        adapter = thaid(issuer, client_secret=secret)
        code = walk(adapter)["code"]
        with pytest.raises(ThaidRefused) as refused:
            adapter.identity(code, nonce, verifier, BACK)
        assert refused.value.why == why


class Liar:
    """A provider whose every answer a test chooses: description, keys and a token signed with its key."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.algorithm = "RS256"
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(liar.public(self.path))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                header = {"alg": liar.algorithm, "kid": "1"}
                token = jwt.encode(header, liar.claims, liar.signs_with, algorithms=[liar.algorithm])
                self._answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

            def _answer(self, value: Any) -> None:
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.called = self.issuer

    def public(self, path: str) -> dict[str, Any]:
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        endpoints = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
        return {"issuer": self.called, "jwks_uri": f"{self.issuer}/keys", **endpoints}

    def good(self) -> dict[str, Any]:
        now = int(time.time())
        registered = {"iss": self.issuer, "sub": "somebody", "aud": "sitthi", "exp": now + 60, "iat": now}
        return {**registered, "nonce": NONCE, **PERSON}


@pytest.fixture
def liar() -> Iterator[Liar]:
    found = Liar()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_the_stand_in_is_believed_while_it_does_not_lie(liar: Liar) -> None:
    """The control: what follows differs from this in one thing each."""
    liar.claims = liar.good()
    assert thaid(liar.issuer).identity("c", NONCE, VERIFIER, BACK).pid == PERSON["pid"]
    assert "code_challenge" not in thaid(liar.issuer).address(STATE, NONCE, VERIFIER, BACK)


LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another audience": lambda claims: {**claims, "aud": "somebody else"},
    "two audiences, another party": lambda claims: {**claims, "aud": ["sitthi", "other"], "azp": "other"},
    "another issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "expired": lambda claims: {**claims, "exp": int(time.time()) - 120},
    "issued in the future": lambda claims: {**claims, "iat": int(time.time()) + 3600, "nbf": int(time.time()) + 3600},
    "another nonce": lambda claims: {**claims, "nonce": "another"},
    "no nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "no expiry": lambda claims: {name: value for name, value in claims.items() if name != "exp"},
    "no subject": lambda claims: {name: value for name, value in claims.items() if name != "sub"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_with_a_wrong_claim_is_refused(liar: Liar, lie: str) -> None:
    liar.claims = LIES[lie](liar.good())
    with pytest.raises(ThaidRefused) as refused:
        thaid(liar.issuer).identity("c", NONCE, VERIFIER, BACK)
    assert refused.value.why == "token"


def test_a_token_of_another_key_or_issuer_is_refused(liar: Liar) -> None:
    liar.claims = liar.good()
    liar.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    with pytest.raises(ThaidRefused) as refused:
        thaid(liar.issuer).identity("c", NONCE, VERIFIER, BACK)
    assert refused.value.why == "token"
    liar.called = "https://evil.example"
    with pytest.raises(ThaidRefused) as refused:
        thaid(liar.issuer).address(STATE, NONCE, VERIFIER, BACK)
    assert refused.value.why == "issuer"


def test_a_provider_that_is_silent_says_so(liar: Liar) -> None:
    with pytest.raises(ThaidRefused) as refused:
        thaid("http://127.0.0.1:9").address(STATE, NONCE, VERIFIER, BACK)
    assert refused.value.why == "silent"
