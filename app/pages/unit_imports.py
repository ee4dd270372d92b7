"""A list of organisations from Excel: choose a file, look at what it would change, confirm exactly that."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import exports
from app.access import allow, current_actor, product
from app.adapters.bundles import open_sheet
from app.registers import DESCRIPTIONS
from app.registers.organisations import KIND_OPTIONS, PROVINCES
from workflows import master_data
from workflows.commands.apply_unit_import import ApplyUnitImport
from workflows.commands.store_document import StoreDocument
from workflows.errors import Conflict, FileRejected, NotFound, Text
from workflows.queries import documents
from workflows.queries.master_data import every, page
from workflows.rules import unit_import
from workflows.rules.unit_import import COLUMNS, Line, Plan

pages = Blueprint("unit_imports", __name__)
_HOME = "/registers/organisations/import"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_BYTES = 5 * 1024 * 1024
_SHOWN = 200
_TEMPLATE_ROWS = 1_900
_KINDS = {word: code for code, text in KIND_OPTIONS for word in (code, text.th.casefold(), text.en.casefold())}


@pages.get(_HOME)
@allow("admin")
def form() -> Any:
    """Where a file is chosen."""
    return render_template("unit_import.html", plan=None, error=None, columns=COLUMNS)


@pages.get(f"{_HOME}/template.xlsx")
@allow("admin")
def template() -> Any:
    """The heads, and the organisations a search finds, to be edited and imported again."""
    with product().runtime.reading() as db:
        rows = page(
            db, master_data.ORGANISATIONS, ("name", "province"), request.args.get("q", ""), limit=_TEMPLATE_ROWS
        )
    kinds = {code: text.th for code, text in KIND_OPTIONS}

    def cell(name: str, value: Any) -> exports.Cell:
        if name == "kind":
            return kinds.get(value, str(value))
        if isinstance(value, bool):
            return "ใช่" if value else "ไม่ใช่"
        return None if value is None else str(value)

    lines = ([cell(name, row[name]) for name in COLUMNS.values()] for row in rows)
    answer = Response(exports.excel_file("หน่วยงาน", list(COLUMNS), lines), content_type=_SHEET)
    answer.headers["Content-Disposition"] = 'attachment; filename="organisations.xlsx"'
    return answer


@pages.post(_HOME)
@allow("admin")
def upload() -> Any:
    """Read the file and keep it, sealed; the register is not touched."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise FileRejected(Text("เลือกไฟล์ .xlsx ก่อน", "Choose an .xlsx file first"))
        data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise FileRejected(Text("ไฟล์ใหญ่เกิน 5 MB", "The file is larger than 5 MB"))
        _lines(data)
    except FileRejected as rejected:
        return render_template("unit_import.html", plan=None, error=rejected.text, columns=COLUMNS), 422
    kept = product().documents.keep(file.filename, _SHEET, data)
    command = StoreDocument(kept.id, kept.file_name, kept.content_type, kept.size, kept.sha256)
    product().runtime.execute(command, current_actor())
    return redirect(f"{_HOME}/{kept.id}")


@pages.get(f"{_HOME}/<document_id>")
@allow("admin")
def preview(document_id: str) -> Any:
    """What the file would change, as the register is now."""
    return _preview(document_id)


@pages.post(f"{_HOME}/<document_id>")
@allow("admin")
def confirm(document_id: str) -> Any:
    """Take over exactly what was looked at."""
    file = _file(document_id)
    lines = _lines(product().documents.get(file["id"]))
    command = ApplyUnitImport(lines, request.form.get("digest", ""), file["id"])
    try:
        new, changed = product().runtime.execute(command, current_actor())
    except Conflict as otherwise:
        return _preview(document_id, otherwise.text), 409
    flash(_("นำเข้าแล้ว เพิ่ม %(new)s แก้ไข %(changed)s รายการ", new=new, changed=changed), "ok")
    return redirect("/registers/organisations")


def _preview(document_id: str, conflict: Text | None = None) -> str:
    file = _file(document_id)
    lines = _lines(product().documents.get(file["id"]))
    described = DESCRIPTIONS["organisations"]
    with product().runtime.reading() as db:
        present = {row["code"]: row for row in every(db, master_data.ORGANISATIONS)}
        plan = unit_import.plan(lines, present)
        changed = [
            {
                "line": each.line,
                "name": each.line.values.get("name") or present[each.line.code]["name"],
                "changes": [
                    (described.field(name).label, described.words(db, name, before), described.words(db, name, after))
                    for name, (before, after) in each.changes.items()
                ],
            }
            for each in plan.changed[:_SHOWN]
        ]
        new = [
            {**each.line.values, "line": each.line, "kind": described.words(db, "kind", each.line.values["kind"])}
            for each in plan.new[:_SHOWN]
        ]
    return render_template(
        "unit_import.html",
        plan=plan,
        numbers=_numbers(plan),
        file=file,
        new=new,
        changed=changed,
        wrong=plan.wrong[:_SHOWN],
        conflict=conflict,
        error=None,
        columns=COLUMNS,
    )


def _numbers(plan: Plan) -> dict[str, int]:
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": len(plan.same),
        "wrong": len(plan.wrong),
        "shown": _SHOWN,
    }


def _file(document_id: str) -> Any:
    """The stored sheet, of whoever uploaded it. Raises NotFound."""
    with product().runtime.reading() as db:
        found = documents.visible(db, current_actor(), document_id)
    if found is None or found["content_type"] != _SHEET or found["uploaded_by"] != current_actor().id:
        raise NotFound(document=document_id)
    return found


def _lines(data: bytes) -> list[Line]:
    return unit_import.read(open_sheet(data), _KINDS, PROVINCES)
