"""The report of authentications: filter, read, take out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import force_locale

from app import exports, taken_out
from app.access import allow, current_actor, product
from app.claim_filters import Asked, asked, key_of, kinds, methods, query_of, states
from app.claim_views import sees_names
from app.pages_support import pager
from workflows.errors import Text
from workflows.queries import claims
from workflows.queries.scopes import READERS
from workflows.rules import masking, thai_address
from workflows.rules.thai_dates import numeric

pages = Blueprint("claim_reports", __name__, url_prefix="/reports/authentications")
_PAGE = 50
HEAD = (
    "รหัสหน่วยงาน", "หน่วยงาน", "เลขประจำตัวประชาชน (ปกปิด)", "ชื่อ-สกุล", "หมู่", "หมู่บ้าน", "ตำบล", "อำเภอ", "จังหวัด",
    "รหัสเข้ารับบริการ", "วันที่รับบริการ", "วันที่รับบริการ (ISO)", "ประเภท", "รหัสบริการ", "วิชาชีพ", "วิธียืนยันตัวตน", "สิทธิ", "สถานะ",
)  # fmt: skip
"""The heads of an exported file: always Thai, so that files of different people can be laid together."""


@pages.get("")
@allow(*READERS)
def report() -> Any:
    """The authentications I may see, a page at a time."""
    wanted = asked(request.args)
    return _page(wanted), 422 if wanted.errors else 200


@pages.post("/export")
@allow(*READERS)
def export() -> Any:
    """The same as a file. Who took what out is told to the audit chain before the first byte."""
    wanted, actor, runtime = asked(request.form), current_actor(), product().runtime
    kind = request.form.get("format", "")
    if wanted.errors or kind not in taken_out.FORMATS:
        return _page(wanted), 422
    with runtime.reading() as db:
        total = claims.count(db, actor, wanted.filters)
    refused = taken_out.too_many(kind, total)
    if refused is not None:
        return _page(wanted, refused), 422
    rows, told = lines(actor, wanted.filters), wanted.filters.told()
    return taken_out.file("authentications", kind, "รายงานการยืนยันตัวตน", HEAD, rows, told=told, total=total)


def lines(actor: Any, filters: claims.Filters) -> Iterator[list[exports.Cell]]:
    """Every line in Thai, read while it is written out."""
    wired, clear = product(), sees_names(actor)
    with force_locale("th"):
        words = (states(), methods(), kinds())
    for batch in claims.batches(wired.runtime.reading, actor, filters):
        for row in batch:
            yield _cells(_with_person(row, clear), *words)


def _page(wanted: Asked, problem: Text | None = None) -> str:
    actor, wired = current_actor(), product()
    found: list[dict[str, Any]] = []
    if not wanted.errors:
        with wired.runtime.reading() as db:
            after = key_of(request.args.getlist("after"))
            found = claims.page(db, actor, wanted.filters, after=after, limit=_PAGE + 1, sealed=True)
    rows = [_with_person(row, sees_names(actor)) for row in found[:_PAGE]]
    last = [rows[-1]["opened_at"].isoformat(), rows[-1]["claim_code"]] if rows else []
    return render_template(
        "claim_report.html",
        typed=wanted.typed,
        errors=wanted.errors,
        problem=problem,
        person=wanted.person,
        kinds=list(kinds().items()),
        query=query_of(wanted),
        rows=rows,
        page=pager("/reports/authentications", len(found) > _PAGE, **query_of(wanted), after=last),
    )


def _with_person(row: dict[str, Any], clear: bool) -> dict[str, Any]:
    """The row with the name, as far as the reader may see it, and the parts of the registered address."""
    details = claims.opened(product().keyring, row["claim_code"], row["details"])
    first, last = details.get("first_name", ""), details.get("last_name", "")
    name = f"{first} {last}" if clear else masking.full_name(first, last)
    address = thai_address.parts(str((details.get("rights") or {}).get("address") or ""))
    return {**row, "name": f"{details.get('title', '')}{name}", "address": address}


def _cells(
    row: dict[str, Any], states_: dict[str, str], methods_: dict[str, str], kinds_: dict[str, str]
) -> list[exports.Cell]:
    day = row["service_on"]
    return [
        row["unit_code"],
        row["unit_name"],
        row["pid_masked"],
        row["name"],
        *row["address"],
        row["claim_code"],
        numeric(day),
        day.isoformat(),
        kinds_.get(row["visit_kind"], row["visit_kind"]),
        row["service_code"],
        row["profession_name"] or row["profession"],
        methods_.get(row["method"], row["method"]),
        row["rights_class"],
        states_.get(row["state"], row["state"]),
    ]
