"""Choosing how grants reach a system, and comparing it with a file; each page shows only what its reader may see."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import product
from app.worker import deliver
from tests.house.test_routes import application, signed_in
from tests.pages.test_upkeep import post
from workflows.queries import provisioning
from workflows.records import Case

__all__ = ["application"]
PAGE = "/provisioning/CPP"
SETTINGS = {"kind": "scim", "url": "https://cpp.example/scim/v2/", "token": "a secret of theirs"}
THERE = b"username,role\nrequester2,269\nstranger,413\n"


def test_the_administrator_chooses_how(application: Flask) -> None:
    admin = signed_in(application, "admin")
    for url in ("", "ftp://cpp.example", "http://cpp.example", "javascript:alert(1)"):
        status, text = post(admin, PAGE, PAGE, **{**SETTINGS, "url": url})
        assert (status, "ขึ้นต้นด้วย https://" in text) == (422, True), url
    assert post(admin, PAGE, PAGE, kind="pigeon")[0] == 422
    status, text = post(admin, PAGE, PAGE, **SETTINGS)
    assert (status, "a secret of theirs" in text, "มีโทเค็นเก็บไว้แล้ว" in text) == (200, False, True)
    with application.app_context(), product().runtime.reading() as db:
        target = provisioning.target(db, "CPP")
        assert (target.kind, target.url) == ("scim", "https://cpp.example/scim/v2")
        assert provisioning.token(db, product().keyring, "CPP") == "a secret of theirs"
    assert post(admin, PAGE, PAGE, kind="manual")[0] == 200


def test_each_owner_sees_their_own(application: Flask) -> None:
    assert ">CPP<" in signed_in(application, "owner").get("/provisioning").text
    owner2 = signed_in(application, "owner2")
    assert ">CPP<" not in owner2.get("/provisioning").text
    assert owner2.get(PAGE).status_code == 404
    assert owner2.get("/provisioning/ECLAIM").status_code == 200
    assert signed_in(application, "requester").get("/provisioning").status_code == 403
    assert post(owner2, "/provisioning/ECLAIM", "/provisioning/ECLAIM", kind="csv")[0] == 403


@pytest.mark.parametrize("text", [b"", b"name,role\n", b"username,role\nx\n", b"\xff\xfe\x00"])
def test_what_is_no_such_file_is_refused(application: Flask, text: bytes) -> None:
    owner = signed_in(application, "owner")
    assert post(owner, PAGE, f"{PAGE}/compare", file=(io.BytesIO(text), "there.csv"))[0] == 422
    assert post(owner, PAGE, f"{PAGE}/compare")[0] == 422


def test_a_file_of_what_is_there_opens_a_case(application: Flask, tmp_path: Path) -> None:
    owner = signed_in(application, "owner")
    status, text = post(owner, PAGE, f"{PAGE}/compare", file=(io.BytesIO(THERE), "there.csv"))
    assert (status, "ไม่ตรงกัน 1 รายการ" in text) == (200, True)
    (tmp_path / "there.csv").write_bytes(THERE)
    arguments = ["provisioning", "compare", "CPP", "--actual", str(tmp_path / "there.csv")]
    assert "1 differences" in application.test_cli_runner().invoke(args=arguments).output
    with application.app_context():
        deliver(product().deliverer())
        with product().runtime.reading() as db:
            (subject,) = db.execute(select(Case.subject).where(Case.process_id == "access_drift")).scalars()
    assert "ไม่ตรงกัน 1 รายการ" in subject
