"""ThaID, the state's digital identity, through OpenID Connect: discovery, code flow, identity from verified claims.

Facts: ``client_secret_basic``, RS256 id_token, scopes of ThaID (``pid given_name family_name title birthdate ial`` …);
some integrations find the claims in the id_token, others only at the userinfo endpoint, so both are read, in this
order. PKCE is used where the provider offers it. Nothing is believed before signature, issuer, audience, expiry and
nonce are checked (Authlib's ``CodeIDToken``).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken, UserInfo
from httpx2 import Client, HTTPError, InvalidURL
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from workflows.errors import NotAllowed, Text
from workflows.rules import citizen_id

log = logging.getLogger(__name__)
SCOPES = "openid pid title given_name family_name birthdate ial"
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_TIMEOUT, _KEEP, _LEEWAY = 10.0, 3600.0, 30  # seconds: of a call, of what was discovered, of clocks that differ
_PERSON = ("pid", "title", "given_name", "family_name", "birthdate", "ial")


class ThaidRefused(NotAllowed):
    """ThaID's answer was not accepted; sign in again / ไม่รับคำตอบของ ThaID กรุณาเริ่มใหม่"""

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS.get(why), why=why)
        self.why = why


_WORDS = {
    "silent": Text("ติดต่อ ThaID ไม่ได้ในขณะนี้ กรุณาลองใหม่ภายหลัง", "ThaID does not answer; try again later"),
    "cancelled": Text("ท่านยังไม่ได้ยืนยันตัวตนกับ ThaID", "You did not confirm your identity with ThaID"),
    "state": Text(
        "การยืนยันนี้หมดอายุหรือเริ่มจากหน้าต่างอื่น กรุณาเริ่มใหม่", "This has expired or began in another window; start again"
    ),
    "pid": Text(
        "ThaID ไม่ได้ส่งเลขประจำตัวประชาชนที่ถูกต้องมา กรุณาอนุญาตให้เปิดเผยเลขประจำตัวประชาชน แล้วเริ่มใหม่",
        "ThaID gave no correct citizen ID; allow it to be told, and start again",
    ),
    "ial": Text(
        "ระดับความน่าเชื่อถือของการพิสูจน์ตัวตน (IAL) ใน ThaID ไม่ถึงที่กำหนด กรุณายืนยันตัวตนที่สำนักทะเบียนก่อน",
        "Your identity in ThaID is not assured enough (IAL); have it verified at a registration office first",
    ),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who ThaID says somebody is. ``ial`` is the assurance level as ThaID writes it, such as "2.3"."""

    pid: str
    title: str
    first_name: str
    last_name: str
    ial: str
    issuer: str

    @property
    def name(self) -> str:
        """The name as it is read."""
        return f"{self.title}{self.first_name} {self.last_name}".strip()


class Provider(Protocol):
    """Who confirms identities: ThaID, or its stand-in in a demonstration."""

    issuer: str

    def address(self, state: str, nonce: str, verifier: str, back: str) -> str:
        """Where to send the browser. ``back`` is where it returns with ``code`` and ``state``. Raises ThaidRefused."""
        ...

    def identity(self, code: str, nonce: str, verifier: str, back: str) -> Identity:
        """Whom the code stands for. Raises ThaidRefused."""
        ...


@dataclass(frozen=True, slots=True)
class ThaidSettings:
    """How to ask ThaID. ``header`` is one more header some integrations need, as "Name: value"; ``least_ial`` the level
    that is demanded ("" = none)."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: str = SCOPES
    least_ial: str = ""
    header: str = ""


class Thaid:
    """The provider at ``settings.issuer``. Safe for threads."""

    def __init__(self, settings: ThaidSettings, *, timeout: float = _TIMEOUT) -> None:
        self._settings = settings
        self.issuer = settings.issuer
        name, _, value = settings.header.partition(":")
        headers = {"Accept": "application/json", **({name.strip(): value.strip()} if name.strip() else {})}
        self._http = Client(headers=headers, timeout=timeout, follow_redirects=False)
        self._lock = threading.Lock()
        self._known: tuple[float, Mapping[str, Any], KeySet] | None = None

    def address(self, state: str, nonce: str, verifier: str, back: str) -> str:
        """See :class:`Provider`."""
        found, _ = self._discovered()
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": back,
            "scope": self._settings.scopes,
            "state": state,
            "nonce": nonce,
        }
        if _offers_pkce(found):
            asked |= {"code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256"}
        endpoint = str(found["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def identity(self, code: str, nonce: str, verifier: str, back: str) -> Identity:
        """See :class:`Provider`."""
        found, keys = self._discovered()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        if _offers_pkce(found):
            form["code_verifier"] = verifier
        basic = (self._settings.client_id, self._settings.client_secret)
        tokens = self._json(self._call("POST", str(found["token_endpoint"]), data=form, auth=basic), "code")
        claims = self._claims(tokens, nonce, keys)
        told = {name: claims.get(name) for name in _PERSON}
        if not (told["pid"] and told["given_name"] and told["ial"]) and found.get("userinfo_endpoint"):
            told = self._from_userinfo(str(found["userinfo_endpoint"]), tokens, str(claims["sub"]), told)
        return self._identity(told)

    def _claims(self, tokens: Mapping[str, Any], nonce: str, keys: KeySet) -> CodeIDToken:
        options: dict[str, Any] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        parameters = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": tokens.get("access_token")}
        try:
            token = jwt.decode(str(tokens.get("id_token") or ""), keys, algorithms=_ALGORITHMS)
            claims = CodeIDToken(token.claims, token.header, options, parameters)
            claims.validate(now=int(time.time()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            log.warning("an id_token of ThaID was refused: %s", type(error).__name__)
            raise ThaidRefused("token") from None
        return claims

    def _from_userinfo(
        self, endpoint: str, tokens: Mapping[str, Any], subject: str, told: Mapping[str, Any]
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        user = UserInfo(self._json(self._call("GET", endpoint, headers=headers), "userinfo"))
        if user.get("sub") != subject:
            raise ThaidRefused("subject")
        return {name: value or user.get(name) for name, value in told.items()}

    def _identity(self, told: Mapping[str, Any]) -> Identity:
        pid = citizen_id.clean(str(told["pid"] or ""))
        if citizen_id.problem(pid) is not None:
            raise ThaidRefused("pid")
        ial = str(told["ial"] or "")
        if _level(ial) < _level(self._settings.least_ial):
            raise ThaidRefused("ial")
        title, first, last = (str(told[name] or "")[:100] for name in ("title", "given_name", "family_name"))
        return Identity(pid, title, first, last, ial, self.issuer)

    def _discovered(self) -> tuple[Mapping[str, Any], KeySet]:
        """The provider's description and keys, fetched again after an hour."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _KEEP:
                address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                found = self._json(self._call("GET", address), "silent")
                if found.get("issuer") != self.issuer:
                    log.error("the provider at THAID_ISSUER calls itself %r", found.get("issuer"))
                    raise ThaidRefused("issuer")
                keys = KeySet.import_key_set(self._json(self._call("GET", str(found["jwks_uri"])), "silent"))  # type: ignore[arg-type]
                self._known = (time.monotonic(), found, keys)
            return self._known[1], self._known[2]

    def _call(self, method: str, address: str, **how: Any) -> Any:
        try:
            return self._http.request(method, address, **how)
        except (HTTPError, InvalidURL) as error:
            log.warning("ThaID at %s does not answer: %s", urlsplit(address).hostname, type(error).__name__)
            raise ThaidRefused("silent") from None

    def _json(self, answer: Any, why: str) -> dict[str, Any]:
        if answer.status_code != 200:
            log.warning("ThaID answered %s with %s", urlsplit(str(answer.url)).path, answer.status_code)
            raise ThaidRefused(why)
        try:
            found = answer.json()
        except ValueError:
            raise ThaidRefused(why) from None
        if not isinstance(found, dict):
            raise ThaidRefused(why)
        return found


def _offers_pkce(found: Mapping[str, Any]) -> bool:
    return "S256" in (found.get("code_challenge_methods_supported") or ())


def _level(ial: str) -> tuple[int, ...]:
    """An assurance level such as "2.3" as numbers to compare; nothing is the lowest."""
    return tuple(int(part) for part in ial.split(".") if part.isascii() and part.isdigit())
