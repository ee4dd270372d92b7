"""Posting to addresses of strangers: nothing inside the house is reached, nothing followed, nothing takes for ever."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters.pinned_http import PinnedPost, Refused
from tests.support.receiver import receiving
from workflows.rules.webhooks import address_problem, is_public

HEADERS = {"Sitthi-Signature": "t=0", "Sitthi-Id": "evt_1", "Sitthi-Event": "test"}
BODY = b'{"type":"test"}'
INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_the_house_is_refused_before_anything_is_sent(address: str) -> None:
    assert not is_public(address)
    with receiving() as receiver:
        port = int(receiver.url.rpartition(":")[2])
        post = PinnedPost(seconds=1, resolve=lambda host, port: [address])
        with pytest.raises(Refused):
            post(f"http://hospital.example:{port}/hook", BODY, HEADERS)
        assert receiver.came == []


@pytest.mark.parametrize("address", ["8.8.8.8", "203.150.1.1", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_one_inside_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Refused):
        PinnedPost(seconds=1, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])("https://x.example/", BODY, HEADERS)


def test_the_name_is_resolved_once_and_the_connection_goes_to_what_was_looked_at() -> None:
    """A name that means this machine only the second time (DNS rebinding) reaches nobody."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    with receiving() as receiver:
        port = int(receiver.url.rpartition(":")[2])
        with pytest.raises((Refused, OSError)):
            PinnedPost(seconds=0.3, resolve=rebinding)(f"http://hospital.example:{port}/", BODY, HEADERS)
        assert (receiver.came, asked) == ([], ["hospital.example"])
        # the other way round: what was looked at is what is called, under the name it was asked by
        PinnedPost(private=True, resolve=lambda *_: ["127.0.0.1"])(
            f"http://hospital.example:{port}/a?b=1", BODY, HEADERS
        )
        assert (receiver.came[0]["host"], receiver.came[0]["path"]) == (f"hospital.example:{port}", "/a?b=1")


def test_a_redirect_is_an_answer_not_a_way() -> None:
    with receiving() as inside, receiving(status=307, location=f"{inside.url}/secret") as receiver:
        assert PinnedPost(private=True)(f"{receiver.url}/hook", BODY, HEADERS) == 307
        assert inside.came == []


@pytest.mark.parametrize("how", [{"wait": 120}, {"drip": True}])
def test_a_slow_receiver_is_left_at_the_deadline(how: dict[str, float]) -> None:
    with receiving(**how) as receiver:
        began = time.monotonic()
        with pytest.raises(Exception):  # noqa: B017 - whichever way the connection ends
            PinnedPost(private=True, seconds=0.5)(f"{receiver.url}/hook", BODY, HEADERS)
        assert time.monotonic() - began < 60, "the answer would take minutes"


def test_tls_is_verified_under_the_name_of_the_address(tmp_path: Path) -> None:
    certificate, trusted = _certificate(tmp_path)
    with receiving() as receiver:
        server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server_side.load_cert_chain(certificate)
        port = _tls_front(receiver.url, server_side)
        ours = ssl.create_default_context(cafile=str(trusted))
        resolve = lambda *_: ["127.0.0.1"]  # noqa: E731
        post = PinnedPost(private=True, seconds=60, resolve=resolve, tls=ours)
        assert post(f"https://hospital.example:{port}/hook", BODY, HEADERS) == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            post(f"https://other.example:{port}/hook", BODY, HEADERS)
        with pytest.raises(ssl.SSLCertVerificationError):
            PinnedPost(private=True, seconds=60, resolve=resolve)(f"https://hospital.example:{port}/", BODY, HEADERS)
        assert len(receiver.came) == 1


@pytest.mark.parametrize(
    ("url", "demo", "good"),
    [
        ("https://his.example.org/sitthi", False, True),
        ("https://his.example.org:8443/sitthi?unit=99003", False, True),
        ("http://his.example.org/", False, False),
        ("http://his.example.org/", True, False),
        ("http://127.0.0.1:9000/", True, True),
        ("http://localhost:9000/", True, True),
        ("http://127.0.0.1:9000/", False, False),
        ("https://127.0.0.1/", False, False),
        ("https://[::1]/", False, False),
        ("https://10.0.0.1/", False, False),
        ("https://localhost/", False, False),
        ("https://printer.local/", False, False),
        ("https://user:pass@his.example.org/", False, False),
        ("https://his.example.org/#x", False, False),
        ("https://his.example.org/a b", False, False),
        ("https://his.example.org:99999/", False, False),
        ("https://[::1/", False, False),
        ("ftp://his.example.org/", True, False),
        ("javascript:alert(1)", True, False),
        ("", True, False),
        ("https://" + "x" * 600 + ".example/", False, False),
    ],
)
def test_which_addresses_can_be_registered(url: str, demo: bool, good: bool) -> None:
    assert (address_problem(url, demo=demo) is None) is good


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key with a certificate for hospital.example in one file, and what to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hospital.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hospital.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(private + pem)
    (folder / "trusted.pem").write_bytes(pem)
    return folder / "both.pem", folder / "trusted.pem"


def _tls_front(url: str, context: ssl.SSLContext) -> int:
    """A TLS end before a plain receiver; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    behind = int(url.rpartition(":")[2])

    def serve() -> None:
        while True:
            plain, _ = listener.accept()
            try:
                back = socket.create_connection(("127.0.0.1", behind))
                with back, context.wrap_socket(plain, server_side=True) as front:
                    asked = front.recv(65536)
                    while not asked.endswith(BODY):
                        asked += front.recv(65536)
                    back.sendall(asked)
                    front.sendall(back.recv(65536))
            except OSError:
                continue

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])
