"""What units' systems are told of by webhooks, how it is signed, and how long a receiver that is away is tried.

A message never holds personal data beyond the masked citizen ID: whoever needs more looks it up with a token.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from workflows.errors import Text

OPENED = "authentication.opened"
CLOSED = "authentication.closed"
VOIDED = "authentication.voided"
REVIEWED = "authentication.reviewed"
CASE_COMPLETED = "case.completed"
TEST = "test"

EVENTS: dict[str, Text] = {
    OPENED: Text("ออกรหัสเข้ารับบริการแล้ว", "A claim code was issued"),
    CLOSED: Text("ปิดสิทธิแล้ว", "An authentication was closed"),
    VOIDED: Text("รหัสเข้ารับบริการถูกยกเลิก", "A claim code was voided"),
    REVIEWED: Text("ทวนสอบการใช้บัตรแล้ว", "The use of a smart card was reviewed"),
    CASE_COMPLETED: Text("เรื่องของหน่วยบริการเสร็จสิ้น", "A case of the unit was completed"),
}
"""What an endpoint may ask for, in the order people see it."""

OLD_SECRET = timedelta(hours=24)
"""How long the secret before the present one still signs."""
GIVEN_UP = timedelta(days=3)
"""How old a message gets at most; after that nobody waits for it."""
_WAITS = (10, 60, 300, 900, 3600, 7200, 14400, 21600)
_REST = 900

_LONGEST_URL = 500


def new_secret() -> str:
    """A secret to sign with: 256 bits, shown once."""
    return "whsec_" + secrets.token_urlsafe(32)


def wait(attempts: int) -> timedelta:
    """How long a message that failed so often waits until it is tried again: 10 seconds … 6 hours."""
    return timedelta(seconds=_WAITS[min(attempts, len(_WAITS)) - 1])


def rest(failures: int) -> timedelta:
    """How long a receiver that did not answer so often in a row is left alone, whatever else waits for it."""
    return timedelta(seconds=min(_WAITS[min(failures, len(_WAITS)) - 1], _REST))


def signature(keys: Sequence[str], at: int, body: bytes) -> str:
    """The header ``Sitthi-Signature``: the second it was signed, and one HMAC-SHA256 with each key that is valid.

    Signed is ``<second>.<body>``, so that an old message cannot be sent again as a new one.
    """
    signed = f"{at}.".encode() + body
    marks = (hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys)
    return ",".join((f"t={at}", *(f"v1={mark}" for mark in marks)))


def address_problem(url: str, *, demo: bool) -> Text | None:
    """What is wrong with an address to send to. ``http`` is for trying out on this very machine only."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or len(url) > _LONGEST_URL or not url.isascii() or any(letter <= " " for letter in url):
        return Text("ที่อยู่ต้องเป็น https://โดเมน/เส้นทาง", "The address must look like https://domain/path")
    if parts.username or parts.password or parts.fragment:
        return Text("ที่อยู่ต้องไม่มีชื่อผู้ใช้ รหัสผ่าน หรือ #", "The address must have no user name, no password and no #")
    if parts.scheme == "http" and demo and is_loopback(host):
        return None
    if parts.scheme != "https":
        return Text(
            "ที่อยู่ต้องขึ้นต้นด้วย https:// เพื่อให้ข้อมูลเข้ารหัส", "The address must begin with https://, so that it is encrypted"
        )
    if not demo and not _may_be_public(host):
        return PRIVATE
    return None


PRIVATE = Text(
    "ส่งไปที่อยู่ภายในหรือเครื่องนี้ไม่ได้ ใช้ที่อยู่ที่เข้าถึงได้จากอินเทอร์เน็ต",
    "Private addresses and this machine are refused: use one that the internet can reach",
)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also where IPv4 hides inside IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in ipaddress.ip_network("64:ff9b::/96") else None


def _may_be_public(host: str) -> bool:
    """As far as a name tells; what it stands for is looked at when something is sent."""
    try:
        return is_public(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost", ".home.arpa"))
