"""The front desk: one screen on which a patient is looked up, authenticated and given a claim code.

Looking up happens before a case begins, so its page is the answer to a POST: no citizen ID stands in an address. From
the first proof on, the case is the screen's memory, and its address can be opened again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import answers, desk, desk_booking
from app.access import allow, current_actor, product
from app.desk_slip import slip
from app.i18n import words
from app.security import file_answer, uses_card_bridge
from app.uploads import store_uploads
from workflows.clock import bangkok_date
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.keep_rights import KeepRights
from workflows.commands.start_case import StartCase
from workflows.errors import AlreadyDone, EngineIncident, NotAllowed, NotFound, Text, TooMany
from workflows.queries import cases, readings, rights, work_items
from workflows.queries import desk as at_desk
from workflows.queries.authentications import ROLE, own_units
from workflows.register import Register
from workflows.rules import citizen_id, qr_codes

pages = Blueprint("front_desk", __name__, url_prefix="/front-desk")
_LOOK_UPS = (300, timedelta(hours=1))
"""How many patients one person may ask about: more than any desk sees, too few to read out the registry."""
_REMEMBERED = ("service_code", "profession", "visit_kind")
"""What the next patient of this session gets as a suggestion; nothing of it is about a person."""
_SILENT = Text(
    "ทะเบียนสิทธิไม่ตอบ ข้อมูลที่กรอกยังอยู่ กดตรวจสิทธิอีกครั้ง "
    "ระหว่างนี้ให้บริการผู้ป่วยได้ แล้วยืนยันตัวตนภายในวันนี้เมื่อทะเบียนตอบ (ออกรหัสโดยไม่ทราบสิทธิไม่ได้)",
    "The registry of rights does not answer. What you typed is still here: check again. Meanwhile the patient may be "
    "served and authenticated later today; no code is drawn without knowing the right",
)
_UNKNOWN = Text(
    "ทะเบียนสิทธิไม่รู้จักเลขนี้ ตรวจเลขกับบัตรประชาชน แล้วกรอกใหม่",
    "The registry does not know this number; compare it with the card and type it again",
)
_NO_CODE = Text("ไม่พบรหัสเข้ารับบริการนี้ในหน่วยของท่าน", "Your unit has no such claim code")
_NO_BOOKING = Text(
    "QR การจองนี้ใช้ไม่ได้ อาจหมดเวลา ใช้แล้ว หรือเป็นของหน่วยอื่น รับเป็นผู้ป่วยที่ไม่ได้จอง",
    "This booking does not count: it is over, used, or of another unit. Take the patient as a walk-in",
)
_OTHER_UNIT = Text("QR นี้เป็นของหน่วยบริการอื่น", "This QR code belongs to another unit")
_NOT_CONFIRMED = Text(
    "ตรวจบัตรหรือหลักฐานของผู้ที่จองไว้ แล้วทำเครื่องหมายยืนยันก่อน",
    "Look at the card or papers of whoever booked and tick that it is this person first",
)
_NO_PERSON = Text("ยังไม่ได้ตรวจสิทธิของผู้รับบริการรายนี้ กดตรวจสิทธิก่อน", "Check the rights of this patient first")


@pages.get("")
@allow(ROLE)
def show() -> Any:
    """Ready for the next patient."""
    return _page()


@pages.post("/look-up")
@allow(ROLE)
def look_up() -> Any:
    """Ask the registry about whoever was typed, read or scanned; or open what a scanned code stands for."""
    typed, wired = request.form.get("pid", "")[:200], product()
    if len(citizen_id.clean(typed)) != citizen_id.LENGTH or not citizen_id.clean(typed).isdigit():
        scanned = qr_codes.parse(typed)
        if scanned is not None:
            return _scanned(scanned)
    return _asked(citizen_id.clean(typed), typed, wired, request.form.get("booking_token", ""))


def _scanned(scanned: Any) -> Any:
    units = own_units(current_actor())
    if isinstance(scanned, qr_codes.UnitCode):
        if scanned.unit_code not in units:
            return _page(error=_OTHER_UNIT), 422
        session["desk"] = {**session.get("desk", {}), "service_code": scanned.service_code}
        flash(_("เลือกบริการ %(code)s สำหรับผู้รับบริการคนต่อไป", code=scanned.service_code), "ok")
        return _page()
    with product().runtime.reading() as db:
        if isinstance(scanned, qr_codes.ClaimCode):
            case_id = at_desk.case_of_code(db, units, scanned.code)
            return redirect(f"/front-desk/{case_id}") if case_id else (_page(error=_NO_CODE), 422)
        booked = desk_booking.expected(db, scanned.token)
    if booked is None:
        return _page(error=_NO_BOOKING), 422
    session["desk"] = {**session.get("desk", {}), "profession": booked["profession"]}
    return _asked(booked["pid"], booked["pid"], product(), scanned.token)


def _asked(pid: str, typed: str, wired: Any, booking: str) -> Any:
    actor, units = current_actor(), own_units(current_actor())
    with wired.runtime.reading() as db:
        wrong = desk.not_ready(db, actor) or citizen_id.problem(pid)  # nobody is asked about for a unit that may not
    if wrong is not None:
        return _page(typed=typed, error=wrong), 422
    today = bangkok_date(wired.runtime.clock.now())
    try:
        wired.runtime.execute(CountAttempt(f"rights/{actor.id}", *_LOOK_UPS), actor)
    except TooMany as many:
        return _page(typed=typed, error=many.text), 429
    try:
        found = wired.rights.look_up(pid, today)
    except OSError:
        return _page(typed=typed, error=_SILENT, again=True), 503
    kept = wired.runtime.execute(KeepRights(pid, units[0], wired.rights.source, found), actor)
    if found is None:
        return _page(typed=typed, error=_UNKNOWN), 422
    with wired.runtime.reading() as db:
        known = {
            "profession": next(iter(Register(db, wired.keyring, locked=False).standing(units[0])["professions"]), ""),
            **session.get("desk", {}),
            **at_desk.last_phones(db, wired.keyring, units, pid),
            **({"mobile": (desk_booking.expected(db, booking) or {}).get("phone") or ""} if booking else {}),
            "pid": pid,
            "reading_id": _reading_of(db, pid),
            "booking_token": booking,
        }
        schema = wired.runtime.services.definitions.form(_process().start_form)
        form = answers.bind_own(db, schema, known, None)
    return _page(answer_id=str(kept), form=form)


def _reading_of(db: Any, pid: str) -> str:
    """The reading of this very patient's card that came with the request; else none."""
    card = desk.card_of(db, request.form.get("reading_id"), current_actor())
    return str(card["id"]) if card and card["card"].get("citizen_id") == pid else ""


@pages.post("/start")
@allow(ROLE)
def start() -> Any:
    """Begin the authentication of the patient who was looked up."""
    wired, actor, posted = product(), current_actor(), MultiDict(request.form)
    answer_id, process = posted.get("rights_answer", ""), _process()
    with wired.runtime.reading() as db:
        form = answers.bind_start(db, process.start_form, posted)
        if posted.get("_go") != "refresh":
            form.validate()
        known = answer_id.isdigit() and len(answer_id) < 20 and rights.answer(db, wired.keyring, int(answer_id), actor)
    if not known:
        return _page(typed=posted.get("pid", ""), error=_NO_PERSON), 422
    if posted.get("_go") == "refresh" or form.errors:
        return _page(answer_id=answer_id, form=form), 422 if form.errors else 200
    booking = str(form.answers.get("booking_token") or "")
    if booking and posted.get("identity_confirmed") != "true" and _to_receive(booking):
        return _page(answer_id=answer_id, form=form, error=_NOT_CONFIRMED), 422
    if booking and not desk_booking.receive(booking):
        return _page(error=_NO_BOOKING), 422
    session["desk"] = {name: form.answers.get(name) or "" for name in _REMEMBERED}
    variables = {**form.answers, "rights_answer": answer_id}
    command = StartCase(definition_key=process.key, variables=variables, origin=f"desk/{answer_id}")
    try:
        case_id = str(wired.runtime.execute(command, actor).case_id)
    except EngineIncident as incident:
        if "case" not in incident.details:
            raise
        case_id = str(incident.details["case"])
        flash(_("เริ่มรายการแล้ว แต่ติดขัดชั่วคราว ผู้ดูแลระบบได้รับแจ้งแล้ว"), "warn")
    return redirect(f"/front-desk/{case_id}")


@pages.get("/<int:case_id>")
@allow(ROLE)
def case(case_id: int) -> Any:
    """A patient's authentication as far as it is."""
    return _case_page(case_id)


@pages.get("/<int:case_id>/state")
@allow(ROLE)
def state(case_id: int) -> Any:
    """Whether the screen has become old."""
    with product().runtime.reading() as db:
        return jsonify(revision=_case(db, case_id)["revision"])


@pages.post("/<int:case_id>/<int:item_id>")
@allow(ROLE)
def complete(case_id: int, item_id: int) -> Any:
    """Do the task that waits on the screen."""
    runtime, actor, posted = product().runtime, current_actor(), MultiDict(request.form)
    here = f"/front-desk/{case_id}"
    try:
        with runtime.reading() as db:
            found = work_items.open_item(runtime.services, db, actor, item_id)
        if found.case["id"] != case_id or not found.may_act:
            raise NotAllowed(work_item=item_id)
        refresh = posted.get("_go") == "refresh"
        wrong_files = {} if refresh else store_uploads(posted)
        with runtime.reading() as db:
            form = answers.bind(db, actor, found, posted)
            if not (refresh or form.rearranged):
                form.validate()
                for name, text in wrong_files.items():
                    form.add_error(name, text)
            if refresh or form.rearranged or form.errors:
                return _case_page(case_id, form), 422 if form.errors else 200
        runtime.execute(CompleteWorkItem(item_id, form.answers), actor)
    except AlreadyDone:
        flash(_("ขั้นนี้ทำไปแล้ว หน้าจอแสดงขั้นปัจจุบัน"), "info")
    except EngineIncident:
        flash(_("ระบบรับคำตอบของท่านแล้ว แต่เรื่องติดขัดชั่วคราว ผู้ดูแลระบบได้รับแจ้งแล้ว ท่านไม่ต้องทำซ้ำ"), "warn")
    return redirect(here)


@pages.get("/<int:case_id>/slip.pdf")
@allow(ROLE)
def slip_pdf(case_id: int) -> Any:
    """The slip for the patient."""
    with product().runtime.reading() as db:
        made, code = slip(db, _case(db, case_id))
    return file_answer(made, "application/pdf", f"{code}.pdf", download=False)


@pages.get("/photo/<int:reading_id>")
@allow(ROLE)
def photo(reading_id: int) -> Any:
    """The photo on a card that this person has just read."""
    with product().runtime.reading() as db:
        found = readings.reading(db, product().keyring, reading_id, current_actor())
    if found is None or found["photo"] is None:
        abort(404)
    return file_answer(found["photo"], "image/jpeg", "card.jpg", download=False)


def _process() -> Any:
    definitions = product().runtime.services.definitions
    if at_desk.PROCESS not in definitions.latest_ids("process"):
        raise NotFound(Text("ยังไม่มีกระบวนงานยืนยันตัวตน", "The process of authentication is not deployed"))
    return definitions.latest_process(at_desk.PROCESS)


def _case(db: Any, case_id: int) -> Any:
    """An authentication of one of this desk's units. Raises NotFound."""
    found = cases.find(db, current_actor(), str(case_id))
    if found["process_id"] != at_desk.PROCESS or found["id"] != case_id:
        raise NotFound(case=case_id)
    return found


def _page(
    *, typed: str = "", error: Text | None = None, again: bool = False, answer_id: str = "", form: Any = None
) -> str:
    """The screen before a case begins: empty, or with the patient who was looked up."""
    wired, actor = product(), current_actor()
    uses_card_bridge(wired.settings.card_bridge_url)
    screen: dict[str, Any] = {"person": None, "card": None, "form": form, "band": "what" if form else "who"}
    with wired.runtime.reading() as db:
        if answer_id:
            kept = rights.answer(db, wired.keyring, int(answer_id), actor)
            values = {node.name: node.value for row in form.rows for node in row}
            card = desk.card_of(db, values.get("reading_id"), actor)
            if kept is not None:
                found = kept["answer"]
                screen |= {
                    "person": desk.person(found, kept["source"], kept["asked_at"], card and card["card"]),
                    "card": card,
                    "pid": values.get("pid") or "",
                }
        shown, names, closed = desk.queue(db, actor), desk.professions(db), desk.not_ready(db, actor)
    error = error or (closed if not answer_id else None)
    return render_template(
        "front_desk.html",
        screen=screen,
        queue=shown,
        professions=names,
        typed=typed,
        error=words(error) if error else "",
        again=again,
        answer_id=answer_id,
        rows=desk.rows_without(form, ("pid", "reading_id", "booking_token")) if form else [],
        hidden=_hidden(form),
        to_receive=_to_receive(str(_hidden(form).get("booking_token") or "")),
        demo_people=wired.rights.source == "demo",
    )


def _to_receive(booking: str) -> bool:
    """Whether whoever booked was not received yet."""
    with product().runtime.reading() as db:
        found = desk_booking.expected(db, booking)
    return found is not None and found["state"] == "booked"


def _hidden(form: Any) -> dict[str, Any]:
    """What the start form asks and the screen has already."""
    if form is None:
        return {}
    names = ("pid", "reading_id", "booking_token")
    return {each.name: each.value or "" for row in form.rows for each in row if each.name in names}


def _case_page(case_id: int, form: Any = None) -> str:
    uses_card_bridge(product().settings.card_bridge_url)
    with product().runtime.reading() as db:
        screen = desk.case_screen(db, _case(db, case_id), form)
        shown, names = desk.queue(db, current_actor()), desk.professions(db)
    elsewhere = ("method", "confirm") if screen["element"] in ("identify", "confirm") else ()
    return render_template(
        "front_desk.html",
        screen=screen,
        queue=shown,
        professions=names,
        typed="",
        error="",
        again=False,
        answer_id="",
        rows=desk.rows_without(screen["form"], elsewhere) if screen["form"] else [],
        hidden={},
        demo_people=product().rights.source == "demo",
    )
