"""ThaID: signing in, making one's own account in OSS, confirming who one is at a unit's counter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from app import answers, thaid_session
from app.access import allow, current_actor, product
from app.adapters.thaid import Identity, ThaidRefused
from app.i18n import words
from app.pages_support import local_path, organisation
from app.refusals import REFUSALS
from app.session_start import begin_session
from app.thaid_session import Asked
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.keep_thaid_proof import KeepThaidProof
from workflows.commands.note_thaid import NoteThaid
from workflows.commands.register_in_oss import REALM, RegisterInOss
from workflows.errors import Conflict, InvalidAnswers, Text
from workflows.queries import actors, maintenance, thaid_proofs
from workflows.register import Register
from workflows.rules import masking
from workflows.rules.account_care import refusal

pages = Blueprint("thaid", __name__)
_COUNTER = ("frontdesk", "signatory", "delegate")
_LIMIT = (60, timedelta(minutes=15))
_NO_ACCOUNT = Text(
    "ไม่มีบัญชีของท่านในระบบ สมัครบัญชี OSS ด้วย ThaID หรือยื่นขอสิทธิเข้าใช้งาน",
    "You have no account here; register in OSS with ThaID, or ask for access",
)
_RESTING = Text("ระบบปิดปรับปรุงชั่วคราว", "The service is under maintenance")
_FORM = {
    "components": [
        {
            "type": "textfield",
            "key": "unit_code",
            "label": "หน่วยบริการ",
            "validate": {"required": True},
            "properties": {"label_en": "Unit"},
        },
        {
            "type": "textfield",
            "key": "position",
            "label": "ตำแหน่ง",
            "validate": {"required": True, "maxLength": 120},
            "properties": {"label_en": "Position"},
        },
        {
            "type": "textfield",
            "key": "email",
            "label": "อีเมลส่วนตัว",
            "properties": {"label_en": "Personal e-mail"},
            "validate": {"required": True, "maxLength": 254, "validationType": "email"},
        },
        {
            "type": "textfield",
            "key": "mobile",
            "label": "โทรศัพท์มือถือ",
            "validate": {"required": True},
            "properties": {"label_en": "Mobile"},
        },
    ]
}


@pages.get("/thaid/sign-in")
@allow("public")
def sign_in() -> Any:
    """Send the browser to ThaID to sign in."""
    return _ask("sign-in", local_path(request.args.get("next", "")) if request.args.get("next") else "")


@pages.get("/oss/register")
@allow("public")
def register() -> Any:
    """Make one's own account: first ThaID, then a few details."""
    identity = thaid_session.confirmed()
    if identity is None:
        return render_template("thaid_begin.html", unit=None, href="/thaid/register", demo_thaid=_is_demo())
    return _register_page(identity, None)


@pages.get("/thaid/register")
@allow("public")
def ask_to_register() -> Any:
    """Send the browser to ThaID before it registers."""
    return _ask("register")


@pages.post("/oss/register")
@allow("public")
def make_account() -> Any:
    """Check the details and make the account; its holder is signed in."""
    identity = thaid_session.confirmed()
    if identity is None:
        flash(words(ThaidRefused("state").text), "warn")
        return redirect("/oss/register")
    with product().runtime.reading() as db:
        form = answers.bind_own(db, _FORM, {"pid": identity.pid}, request.form)
        if not form.validate():
            return _register_page(identity, form), 422
    given = form.answers
    person = identity.pid, identity.title, identity.first_name, identity.last_name, identity.ial
    try:
        made = product().runtime.execute(RegisterInOss(*person, **given), current_actor())
    except InvalidAnswers as wrong:
        for name, text in wrong.errors.items():
            form.add_error(name, text)
        return _register_page(identity, form), 422
    except Conflict as present:
        return _refused(present.text, {"href": "/thaid/sign-in", "label": _("เข้าสู่ระบบด้วย ThaID")}, 409)
    thaid_session.forget()
    flash(_("สร้างบัญชี %(name)s แล้ว ครั้งต่อไปเข้าสู่ระบบด้วย ThaID", name=made.username), "ok")
    return begin_session(made.account_id, False, "/start/oss_registration")


@pages.get("/thaid/callback")
@allow("public")
def come_back() -> Any:
    """ThaID sends the browser back with a code, which only the browser that asked may use, once."""
    address = product().keyring.digest("attempt", request.remote_addr or "")
    product().runtime.execute(CountAttempt(f"thaid/{address}", *_LIMIT), current_actor())
    try:
        asked = thaid_session.answered(request.args.get("state", "")[:200])
        if "code" not in request.args:
            raise ThaidRefused("cancelled")
        code = request.args["code"][:4000]
        identity = thaid_session.provider().identity(code, asked.nonce, asked.verifier, thaid_session.back())
    except ThaidRefused as refused:
        return _refused(refused.text, {"href": "/sign-in", "label": _("กลับไปหน้าเข้าสู่ระบบ")}, 403)
    if asked.purpose == "confirm":
        return _confirm(asked, identity)
    if asked.purpose == "register":
        thaid_session.remember(identity)
        return redirect("/oss/register")
    return _sign_in(identity, asked.about)


@pages.post("/thaid/choose")
@allow("public")
def choose() -> Any:
    """Somebody with several accounts says which."""
    identity = thaid_session.confirmed()
    if identity is None:
        flash(words(ThaidRefused("state").text), "warn")
        return redirect("/sign-in")
    return _sign_in(identity, request.form.get("next", ""), request.form.get("username", ""))


@pages.get("/thaid/confirmations")
@allow(*_COUNTER)
def confirmations() -> Any:
    """Who confirmed their identity at this unit just now, for those who endorse patients."""
    return _confirmations_page(None)


@pages.post("/thaid/confirmations")
@allow(*_COUNTER)
def invite() -> Any:
    """A link and QR for one person at the counter."""
    token = thaid_session.invitation(_unit(), current_actor().id)
    return _confirmations_page(f"{product().settings.base_url}/thaid/ask/{token}")


@pages.get("/thaid/ask/<token>")
@allow("public")
def ask_at_counter(token: str) -> Any:
    """What the person at the counter sees after scanning the QR."""
    found = thaid_session.invited(token)
    if found is None:
        return _refused(ThaidRefused("state").text, None, 410)
    with product().runtime.reading() as db:
        unit = organisation(db, found[0])
    return render_template("thaid_begin.html", unit=unit, href=f"/thaid/confirm/{token}", demo_thaid=_is_demo())


@pages.get("/thaid/confirm/<token>")
@allow("public")
def begin_confirming(token: str) -> Any:
    """Send the browser of the person at the counter to ThaID."""
    if thaid_session.invited(token) is None:
        return _refused(ThaidRefused("state").text, None, 410)
    return _ask("confirm", token)


def _ask(purpose: str, about: str = "") -> Any:
    try:
        return thaid_session.ask(purpose, about)
    except ThaidRefused as refused:
        return _refused(refused.text, {"href": "/sign-in", "label": _("กลับไปหน้าเข้าสู่ระบบ")}, 503)


def _confirm(asked: Asked, identity: Identity) -> Any:
    found = thaid_session.invited(asked.about)
    if found is None:
        return _refused(ThaidRefused("state").text, None, 410)
    unit_code, asked_by, name = found
    command = KeepThaidProof(name, asked_by, unit_code, identity.pid, identity.name, identity.issuer, identity.ial)
    try:
        product().runtime.execute(command, current_actor())
    except Conflict as used:
        return _refused(used.text, None, 409)
    return render_template("thaid_done.html", name=identity.name, pid=masking.pid(identity.pid))


def _sign_in(identity: Identity, next_: str, username: str = "") -> Any:
    """Open a session for the account of the person; every refusal has its own words and its way out."""
    runtime = product().runtime
    with runtime.reading() as db:
        register = Register(db, product().keyring, locked=False)
        mine = [each for each in register.accounts_of(pid=identity.pid) if each["status"] != "cancelled"]
        chosen = [each for each in mine if username in ("", each["username"])]
        account = actors.sign_in_account(db, chosen[0]["username"]) if len(chosen) == 1 else None
        resting = maintenance.maintenance_now(db, runtime.clock.now())
    if len(chosen) > 1:
        thaid_session.remember(identity)
        shown = [{"username": each["username"], "realm": each["realm"]} for each in chosen]
        return render_template("thaid_choose.html", accounts=shown, next=next_, own=REALM)
    thaid_session.forget()
    if account is None:
        return _refused(_NO_ACCOUNT, {"href": "/oss/register", "label": _("สมัครบัญชี OSS")}, 403)
    reason = refusal(account, runtime.clock.now())
    if reason is not None:
        refused = REFUSALS[reason]
        return _refused(refused.text, {"href": refused.path, "label": words(refused.way_out)}, 403)
    if resting is not None and not account["is_admin"]:
        return _refused(resting.refusal, None, 503)
    runtime.execute(NoteThaid(account["id"], identity.pid, identity.ial), current_actor())
    return begin_session(account["id"], bool(account["must_change_password"]), next_) or abort(403)


def _register_page(identity: Identity, form: Any) -> str:
    with product().runtime.reading() as db:
        register = Register(db, product().keyring, locked=False)
        present = register.account_of(identity.pid, REALM)
        form = form or answers.bind_own(db, _FORM, {"pid": identity.pid}, None)
    person = {"name": identity.name, "pid": masking.pid(identity.pid), "ial": identity.ial}
    return render_template("oss_register.html", person=person, form=form, present=present)


def _confirmations_page(link: str | None) -> str:
    now = product().runtime.clock.now()
    with product().runtime.reading() as db:
        rows = thaid_proofs.waiting(db, _unit(), now)
    drawn = segno.make(link, error="m", micro=False).svg_inline(scale=5, border=4) if link else ""
    code = Markup(drawn)  # noqa: S704 - drawn here, of an address made here
    return render_template("thaid_confirmations.html", rows=rows, link=link, code=code)


def _refused(text: Text, way_out: dict[str, str] | None, status: int) -> Any:
    return render_template("thaid_refused.html", text=text, way_out=way_out), status


def _unit() -> str:
    """The unit whose counter this person is at: their own, else the one they act for."""
    actor = current_actor()
    units = sorted(group.partition(":")[2] for group in actor.groups if group.partition(":")[0] in _COUNTER)
    return actor.organisation if actor.organisation in units else units[0]


def _is_demo() -> bool:
    return thaid_session.provider().issuer == "demo"
