"""What the documentation tells hospitals' programmers is run as it stands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.wiring import build
from config import Settings
from tests.api.samples import picture
from tests.support.product import Product
from tests.support.tiers import unavailable
from workflows.actor import Actor
from workflows.commands.make_token import MakeToken
from workflows.records import Account
from workflows.rules.scopes import AUTHENTICATIONS_READ, AUTHENTICATIONS_WRITE, SCOPES
from workflows.rules.webhooks import EVENTS, signature

ROOT = Path(__file__).parents[2]
CHAPTER = (ROOT / "docs" / "api.md").read_text().partition("## For hospitals' own systems")[2].partition("\n## ")[0]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", CHAPTER, re.DOTALL)


@pytest.mark.slow
def test_the_curl_examples_open_follow_and_close_a_visit(product: Product, sqlite_url: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        unavailable("documents", "install the package curl")
    (tmp_path / "face.jpg").write_bytes(picture())
    wired = build(Settings(database_url=sqlite_url, secret_key="0" * 64, demo=True))
    with wired.runtime.reading() as db:
        signatory = int(db.execute(select(Account.id).where(Account.username == "signatory")).scalar_one())
    command = MakeToken(signatory, "HIS", scopes=(AUTHENTICATIONS_WRITE, AUTHENTICATIONS_READ), unit_code="99003")
    token = wired.runtime.execute(command, Actor("signatory"))[2]
    environment = {**os.environ, "SITTHI": product.url, "TOKEN": token}
    script = "set -eu\n" + "\necho\n".join(blocks("sh"))
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    opened = json.loads((tmp_path / "visit.json").read_text())
    assert (opened["state"], opened["visit_number"]) == ("open", "690001"), opened
    followed, closed = (json.loads(line) for line in ran.stdout.split("\n") if line.startswith("{"))
    assert (followed["state"], closed["state"]) == ("open", "closed")
    assert closed["claim_code"] == opened["claim_code"]


def test_the_sample_of_verification_verifies() -> None:
    [source] = blocks("python")
    names: dict[str, Any] = {}
    exec(source, names)
    verified, body, now = names["verified"], b'{"id":"evt_1"}', int(time.time())
    header = signature(["whsec_new", "whsec_old"], now, body)
    assert verified("whsec_new", header, body)
    assert verified("whsec_old", header, body)
    assert not verified("whsec_other", header, body)
    assert not verified("whsec_new", header, body + b" ")
    assert not verified("whsec_new", signature(["whsec_new"], now - 301, body), body)
    for odd in ("", "t=,v1=", "v1=x", "t=x,v1=y", "t"):
        assert not verified("whsec_new", odd, body)


def test_the_chapter_names_every_scope_and_every_event() -> None:
    assert [name for name in (*SCOPES, *EVENTS) if f"`{name}`" not in CHAPTER] == []
