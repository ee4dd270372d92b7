"""Target systems: how grants reach them, how far each change is, and whether they agree with the register."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import actuals
from app.access import allow, current_actor, product
from app.adapters.provisioning import settle
from workflows.actor import Actor
from workflows.clock import bangkok_date, real_now
from workflows.commands.ask_comparisons import AskComparisons
from workflows.commands.bring_again import BringAgain
from workflows.commands.set_target import SetTarget
from workflows.errors import FileRejected, NotFound, Text
from workflows.queries import provisioning

pages = Blueprint("provisioning", __name__)
_READERS = ("admin", "auditor", "system_owner")
_ACTORS = ("admin", "system_owner")
_KINDS = ("manual", "csv", "scim")
_HERE = ("localhost", "127.0.0.1", "::1")
_LONGEST = 2000


@pages.get("/provisioning")
@allow(*_READERS)
def listed() -> Any:
    """The systems that this person administers, owns or audits."""
    actor = current_actor()
    with product().runtime.reading() as db:
        found, counts = provisioning.targets(db), provisioning.counts(db)
    targets = [(target, counts.get(target.system_code, {})) for target in found if _sees(actor, target.system_code)]
    return render_template("provisioning.html", targets=targets)


@pages.get("/provisioning/<system>")
@allow(*_READERS)
def show(system: str) -> Any:
    """One system: its adapter, the last comparison, the newest changes."""
    return _page(system, {}, {})


@pages.post("/provisioning/<system>")
@allow("admin")
def choose(system: str) -> Any:
    """Choose the adapter. An empty token keeps the one that is stored."""
    typed = {name: request.form.get(name, "").strip()[:_LONGEST] for name in ("kind", "url", "token")}
    errors: dict[str, Text] = {}
    if typed["kind"] not in _KINDS:
        errors["kind"] = Text("เลือกจากรายการ", "Choose from the list")
    if typed["kind"] == "scim" and not _is_address(typed["url"]):
        errors["url"] = Text(
            "กรอกที่อยู่ SCIM ที่ขึ้นต้นด้วย https://", "Give the address of the SCIM service, beginning with https://"
        )
    if errors:
        return _page(system, errors, typed), 422
    url = typed["url"].rstrip("/") if typed["kind"] == "scim" else ""
    product().runtime.execute(SetTarget(system, typed["kind"], url, typed["token"] or None), current_actor())
    flash(_("บันทึกวิธีส่งสิทธิแล้ว"), "ok")
    return redirect(f"/provisioning/{system}")


@pages.post("/provisioning/<system>/compare")
@allow(*_ACTORS)
def compare(system: str) -> Any:
    """Compare with what is there: asked of the system, or as an uploaded file says."""
    runtime, actor = product().runtime, current_actor()
    day, file = bangkok_date(runtime.clock.now()), request.files.get("file")
    if file is not None and file.filename:
        try:
            there = actuals.read(io.TextIOWrapper(file.stream, encoding="utf-8-sig", newline=""))
        except FileRejected as rejected:
            return _page(system, {"file": rejected.text}, {}), 422
        count = settle(runtime, system, there, day, actor)
        flash(_("เทียบแล้ว ไม่ตรงกัน %(n)s รายการ", n=count), "warn" if count else "ok")
    elif runtime.execute(AskComparisons(day, system, real_now().isoformat()), actor):
        flash(_("กำลังเทียบกับระบบปลายทาง ผลจะแสดงในหน้านี้"), "ok")
    else:
        needs = Text("ระบบนี้ไม่มี SCIM ให้เลือกไฟล์ CSV", "This system has no SCIM; choose a CSV file")
        return _page(system, {"file": needs}, {}), 422
    return redirect(f"/provisioning/{system}")


@pages.post("/provisioning/changes/<int:change_id>/again")
@allow(*_ACTORS)
def again(change_id: int) -> Any:
    """Repeat a change whose delivery was given up."""
    system = product().runtime.execute(BringAgain(change_id), current_actor())
    flash(_("ส่งอีกครั้งแล้ว"), "ok")
    return redirect(f"/provisioning/{system}")


def _sees(actor: Actor, system: str) -> bool:
    return bool(actor.groups & {"admin", "auditor", f"system_owner:{system}"})


def _is_address(url: str) -> bool:
    """An https address; plain http only on this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE))


def _page(system: str, errors: dict[str, Text], typed: dict[str, str]) -> str:
    actor = current_actor()
    if not _sees(actor, system):
        raise NotFound(system=system)
    with product().runtime.reading() as db:
        target = provisioning.target(db, system)
        changes = provisioning.changes(db, system)
    return render_template(
        "provisioning_system.html",
        target=target,
        changes=changes,
        may_set="admin" in actor.roles,
        may_act=bool(actor.groups & {"admin", f"system_owner:{system}"}),
        errors=errors,
        values=typed or {"kind": target.kind, "url": target.url},
    )
