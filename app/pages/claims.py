"""Authentications after the counter: find, look at, correct, void; what was before of the same person."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.claim_filters import asked, choose_person, key_of, options, query_of, shown, states
from app.claim_views import entry_page, history_of
from app.pages_support import begin_case, pager
from workflows.commands.amend_claim import AmendClaim
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, Text
from workflows.queries import claims
from workflows.queries.scopes import READERS
from workflows.rules import claims as rules
from workflows.rules.thai_text import arabic_digits, normalise

pages = Blueprint("claims", __name__, url_prefix="/authentications")
_PAGE = 50
_FIELDS = ("service_code", "profession", "mobile", "phones", "visit_number", "illness")
_AMOUNTS = ("claimable", "not_claimable")
_AMOUNT = Text("กรอกจำนวนเงินเป็นบาท เช่น 250 หรือ 250.50", "Give an amount in baht, such as 250 or 250.50")
_NO_REASON = Text("กรอกเหตุผลที่ยกเลิก", "Say why it is to be voided")


@pages.get("")
@allow(*READERS)
def listed() -> Any:
    """The authentications I may see, by filter."""
    wanted = asked(request.args)
    return _page(wanted), 422 if wanted.errors else 200


@pages.post("/person")
@allow(*READERS)
def person() -> Any:
    """Narrow the list to one person, whose citizen ID never stands in an address; or to nobody again."""
    back = "/reports/authentications" if request.form.get("next") == "report" else "/authentications"
    if request.form.get("_go") == "clear":
        session.pop("claims_of", None)
        return redirect(back)
    problem = choose_person(request.form.get("pid", ""))
    if problem is None:
        return redirect(f"{back}?person=1&from=&to=")
    wanted = asked({})
    return _page(wanted, pid_error=problem), 422


@pages.get("/<code>")
@allow(*READERS)
def entry(code: str) -> Any:
    """One authentication: evidence, history, what may still be done."""
    return entry_page(code)


@pages.get("/<code>/person")
@allow(*READERS)
def history(code: str) -> Any:
    """The last codes and the common illnesses of the person behind a code."""
    return history_of(code)


@pages.post("/<code>/edit")
@allow(*rules.UNIT_ROLES)
def edit(code: str) -> Any:
    """Correct it as it was when the form was opened. Nothing typed is lost."""
    form, errors = request.form, dict[str, Text]()
    typed = {name: form.get(name, "").strip()[:500] for name in (*_FIELDS, *_AMOUNTS, "reason") if name in form}
    values: dict[str, Any] = {name: typed[name] for name in _FIELDS if name in typed}
    for name in _AMOUNTS:
        if name in typed:
            try:
                values[name] = _satang(typed[name])
            except (InvalidOperation, ValueError):
                errors[name] = _AMOUNT
    known = form.get("revision", "")
    revision = int(known) if known.isascii() and known.isdigit() and len(known) < 10 else 0
    if errors:
        return entry_page(code, typed=typed, errors=errors, revision=revision), 422
    try:
        product().runtime.execute(AmendClaim(code, values, typed.get("reason", ""), revision), current_actor())
    except InvalidAnswers as wrong:
        return entry_page(code, typed=typed, errors=wrong.errors, revision=revision), 422
    except Conflict as late:
        return entry_page(code, typed=typed, conflict=late.text), 409
    flash(_("บันทึกการแก้ไขแล้ว"), "ok")
    return redirect(f"/authentications/{code}")


@pages.post("/<code>/void")
@allow(*rules.UNIT_ROLES)
def void(code: str) -> Any:
    """Void it, or ask the second person: both are a case of the process authentication_void."""
    reason = request.form.get("void_reason", "").strip()[:500]
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        found = claims.find(db, actor, code)
    if rules.of_unit(found, actor.groups) is not None:
        raise NotAllowed()
    problem = rules.void_problem(found)
    if problem is not None:
        return entry_page(code, conflict=problem), 409
    if not reason:
        return entry_page(code, errors={"void_reason": _NO_REASON}), 422
    process = runtime.services.definitions.latest_process("authentication_void")
    begin_case(process.key, {"claim_code": code, "reason": reason})
    with runtime.reading() as db:
        done = claims.find(db, actor, code)["state"] == "void"
    flash(_("ยกเลิกรหัสแล้ว") if done else _("ส่งคำขอยกเลิกแล้ว รอคนที่สองเห็นชอบ"), "ok")
    return redirect(f"/authentications/{code}")


def _page(wanted: Any, pid_error: Text | None = None) -> str:
    actor = current_actor()
    found: list[dict[str, Any]] = []
    with product().runtime.reading() as db:
        choices = options(db)
        if not wanted.errors:
            after = key_of(request.args.getlist("after"))
            found = claims.page(db, actor, wanted.filters, after=after, limit=_PAGE + 1)
    rows = [shown(row) for row in found[:_PAGE]]
    last = [rows[-1]["opened_at"].isoformat(), rows[-1]["claim_code"]] if rows else []
    return render_template(
        "claims.html",
        typed=wanted.typed,
        errors=wanted.errors,
        person=wanted.person,
        pid_error=pid_error,
        options=choices,
        rows=rows,
        states=states(),
        one_unit=not (actor.sees_everything or actor.roles & {"reviewer", "region_officer", "region_chief"}),
        page=pager("/authentications", len(found) > _PAGE, **query_of(wanted), after=last),
    )


def _satang(text: str) -> int | None:
    plain = arabic_digits(normalise(text)).replace(",", "")
    if not plain:
        return None
    amount = Decimal(plain) * 100
    if not amount.is_finite() or amount != amount.to_integral_value() or amount < 0:
        raise ValueError(text)
    return int(amount)
