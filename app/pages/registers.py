"""The registers: list, entry, history. One page group for all; ``app/registers`` describes each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import answers
from app.access import allow, current_actor, product
from app.i18n import thaidate, words
from app.pages_support import pager
from app.registers import DESCRIPTIONS, Description
from app.registers.disagreements import disagreements
from forms.builder import BoundForm
from workflows.clock import bangkok_date
from workflows.commands.amend_register import AmendRegister
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, Text
from workflows.master_data import REGISTERS
from workflows.queries import master_data
from workflows.rules.duties import DUTIES

pages = Blueprint("registers", __name__)
_PAGE = 50
READERS = ("admin", "auditor", "designer")
EDITORS = ("admin", "designer")
"""Who keeps some register; each says which of them keep it."""


@pages.get("/registers")
@allow(*READERS)
def overview() -> Any:
    """What is kept here, with how many entries."""
    with product().runtime.reading() as db:
        counts = {name: master_data.count(db, each.table) for name, each in DESCRIPTIONS.items()}
    return render_template("registers.html", registers=DESCRIPTIONS.values(), counts=counts)


@pages.get("/registers/<name>")
@allow(*READERS)
def entries(name: str) -> Any:
    """The entries of one register."""
    described = _described(name)
    text, after = request.args.get("q", "").strip()[:100], request.args.get("after", "")
    with product().runtime.reading() as db:
        found = master_data.page(db, described.table, described.searched, text, after=after, limit=_PAGE + 1)
        rows = [_row(db, described, row) for row in found[:_PAGE]]
        problems = disagreements(db) if name == "roles" else []
    return render_template(
        "register.html",
        register=described,
        heads=[described.field(column).label for column in described.shown],
        rows=rows,
        q=text,
        page=pager(f"/registers/{name}", len(found) > _PAGE, q=text, after=rows[-1]["key"] if rows else ""),
        disagreements=problems,
        may_edit=_may_edit(described),
    )


@pages.get("/registers/<name>/new")
@allow(*EDITORS)
def blank(name: str) -> Any:
    """An empty form."""
    return _entry_page(_kept(name), None, {"active": True})


@pages.post("/registers/<name>/new")
@allow(*EDITORS)
def add(name: str) -> Any:
    """Add an entry."""
    return _save(_kept(name), None)


@pages.get("/registers/<name>/entry/<key>")
@allow(*READERS)
def entry(name: str, key: str) -> Any:
    """One entry: a form for administrators, the same without a button for others."""
    described = _described(name)
    with product().runtime.reading() as db:
        found = master_data.entry(db, described.table, key)
    return _entry_page(described, key, found)


@pages.post("/registers/<name>/entry/<key>")
@allow(*EDITORS)
def change(name: str, key: str) -> Any:
    """Change an entry as it was when the form was opened."""
    return _save(_kept(name), key)


@pages.get("/registers/<name>/history")
@allow(*READERS)
def history(name: str) -> Any:
    """Who changed what, newest first; of one entry or of all."""
    register = REGISTERS.get(name)
    if register is None:
        abort(404)
    key, before = request.args.get("key", ""), request.args.get("before", "")
    with product().runtime.reading() as db:
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
        found = master_data.history(db, product().keyring, register, key, before=number, limit=_PAGE + 1)
        events = [_event(db, name, row) for row in found[:_PAGE]]
    return render_template(
        "register_history.html",
        title=DESCRIPTIONS[name].title if name in DESCRIPTIONS else HEADINGS[name],
        back=f"/registers/{name}" if name in DESCRIPTIONS else HOMES[name],
        key=key,
        events=events,
        page=pager(
            f"/registers/{name}/history", len(found) > _PAGE, key=key, before=events[-1]["seq"] if events else ""
        ),
    )


HEADINGS = {
    "texts": Text("ข้อความ", "Texts"),
    "memberships": Text("บทบาทของผู้ปฏิบัติงาน", "Who acts for what"),
    "calendar": Text("ปฏิทินวันหยุด", "Holidays"),
    "quotas": Text("โควตา", "Quotas"),
    "exports": Text("การส่งออกรายงาน", "Exports of reports"),
}
HOMES = {
    "texts": "/texts",
    "memberships": "/memberships",
    "calendar": "/calendar",
    "quotas": "/quotas",
    "exports": "/reports/requests",
}


def _described(name: str) -> Description:
    found = DESCRIPTIONS.get(name)
    if found is None:
        abort(404)
    return found


def _may_edit(described: Description) -> bool:
    return not current_actor().roles.isdisjoint(described.table.editors)


def _kept(name: str) -> Description:
    """A register that this person keeps. Raises NotAllowed."""
    described = _described(name)
    if not _may_edit(described):
        raise NotAllowed(register=name)
    return described


def _row(db: Any, described: Description, row: Mapping[str, Any]) -> dict[str, Any]:
    key = str(row[described.table.key])
    return {
        "key": key,
        "url": f"/registers/{described.table.name}/entry/{key}",
        "cells": [described.words(db, column, row[column]) for column in described.shown],
        "active": described.in_use(row, bangkok_date(product().runtime.clock.now())),
    }


def _save(described: Description, key: str | None) -> Any:
    """Check what was typed and store it, or show the form again with what is wrong. Nothing typed is lost."""
    typed = request.form.get("_revision", "")
    revision = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    runtime, present = product().runtime, {}
    with runtime.reading() as db:
        if key is not None:
            present = dict(master_data.entry(db, described.table, key))
        schema = described.schema(db, present=key is not None)
        form = answers.bind_own(db, schema, described.variables(present), request.form)
        form.validate()
    wanted = key if key is not None else str(form.answers.get(described.table.key, ""))
    conflict = None
    if not form.errors:
        command = AmendRegister(
            described.table.name, wanted, described.values(form.answers), revision if key is not None else None
        )
        try:
            runtime.execute(command, current_actor())
        except InvalidAnswers as wrong:
            for name, text in wrong.errors.items():
                form.add_error(name, text)
        except Conflict as late:
            if key is None:
                form.add_error(described.table.key, late.text)
            else:
                conflict = late.text
    if form.errors:
        return _entry_page(described, key, present, form, revision=revision), 422
    if conflict is not None:
        return _entry_page(described, key, present, form, conflict=conflict), 409
    flash(_("บันทึกแล้ว"), "ok")
    return redirect(f"/registers/{described.table.name}/entry/{wanted}")


def _entry_page(
    described: Description,
    key: str | None,
    present: Mapping[str, Any],
    form: BoundForm | None = None,
    *,
    revision: int | None = None,
    conflict: Text | None = None,
) -> str:
    """``revision`` is the one the form was opened with. After a conflict it is the present one: whoever saves again has
    seen what changed."""
    differences: list[tuple[Text, Text, Text]] = []
    with product().runtime.reading() as db:
        if form is None:
            form = answers.bind_own(
                db, described.schema(db, present=key is not None), described.variables(present), None
            )
        if conflict is not None and key is not None:
            present = master_data.entry(db, described.table, key)
            differences = [
                (
                    described.field(name).label,
                    described.words(db, name, present[name]),
                    described.words(db, name, value),
                )
                for name, value in described.values(form.answers).items()
                if value != present[name]
            ]
    return render_template(
        "register_entry.html",
        register=described,
        key=key,
        name=present.get("name") or present.get("text", ""),
        form=form,
        revision=present.get("revision", 0) if revision is None else revision,
        conflict=conflict,
        differences=differences,
        may_edit=_may_edit(described),
    )


def _event(db: Any, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    described, private = DESCRIPTIONS.get(name), row["private"]
    changes = []
    for column, pair in private.get("changes", {}).items():
        label, (before, after) = column, pair
        if name == "texts":
            label, before, after = _("ข้อความ"), *_differing(before, after)
        if described is not None:
            label = words(described.field(column).label)
            before, after = (words(described.words(db, column, value)) for value in pair)
        changes.append((label, before or "–", after or "–"))
    if name == "memberships":
        duty = DUTIES.get(row["data"]["role"])
        label, of = words(duty.name) if duty else row["data"]["role"], row["data"]["scope"] or "–"
        changes.append((label, of, "–") if row["kind"] == "membership.removed" else (label, "–", of))
    for day, kind, holiday in row["data"].get("days", []):
        changes.append((thaidate(day), "–" if kind != "none" else _("วันหยุด"), holiday or "–"))
    return {**row, "changes": changes}


def _differing(before: str, after: str) -> tuple[str, str]:
    """The lines of two texts that are not in both."""
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[2:].strip()]
    return tuple("\n".join(line[2:] for line in lines if line[0] == mark) for mark in "-+")  # type: ignore[return-value]
