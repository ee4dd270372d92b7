"""What the front desk's screen shows: who, how, what, and the queue beside them."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from flask_babel import gettext as _
from sqlalchemy import Connection

from app import answers
from app.access import current_actor, product
from app.diagram_words import said
from app.i18n import language
from app.ladder_words import RESULTS
from app.ladder_words import method as method_words
from workflows.actor import Actor
from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.queries import cases, desk, readings, work_items
from workflows.queries.authentications import own_units
from workflows.register import Register
from workflows.rules import rights, thai_dates

TURNS = ("who", "rights_silent", "identify", "face_wait", "confirm", "close")
"""The tasks of the process that the desk does, in the order in which it would do them."""
BANDS = {
    "who": "what",
    "rights_silent": "who",
    "identify": "how",
    "face_wait": "how",
    "confirm": "what",
    "close": "what",
}
_NOT_REGISTERED = Text(
    "หน่วยของท่านยังไม่ได้ขึ้นทะเบียนหน่วยนวัตกรรม จึงยืนยันตัวตนผู้รับบริการไม่ได้ ให้ผู้มีอำนาจลงนามขึ้นทะเบียนใน OSS",
    "Your unit is not registered as an innovation unit and cannot authenticate patients; its authorised signatory "
    "registers it in OSS",
)
_NOT_ACTIVE = Text(
    "หน่วยของท่านยังไม่ได้เปิดใช้ (Re-activate) หรือสิ้นระยะเวลาแล้ว ให้ผู้มีอำนาจลงนามยื่นเปิดใช้ใน OSS",
    "Your unit is not re-activated, or its time is over; its authorised signatory re-activates it in OSS",
)


def queue(db: Connection, actor: Actor) -> dict[str, Any]:
    """The list beside the bands."""
    units, today = own_units(actor), bangkok_date(product().runtime.clock.now())
    count, late = desk.unclosed_before(db, units, today)
    drawn = desk.drawn_on(db, units, today)
    return {
        "begun": [{**row, "stage": said(row["definition_key"], row["stage"])} for row in desk.begun(db, units)],
        "drawn": drawn,
        "open": sum(row["state"] == "open" for row in drawn),
        "late": late,
        "late_count": count,
    }


def person(answer: Mapping[str, Any], source: str, asked_at: Any, card: Mapping[str, Any] | None) -> dict[str, Any]:
    """The patient as the first band shows them. The age follows the card's birth date where a card was read."""
    today = bangkok_date(product().runtime.clock.now())
    birth = {part: answer.get(f"birth_{part}") for part in ("year", "month", "day")}
    on_card = (card or {}).get("birth") or {}
    if on_card.get("year"):
        birth = {part: on_card.get(part) for part in ("year", "month", "day")}
    known = rights.age_on({f"birth_{part}": value for part, value in birth.items()}, today)
    return {
        **answer,
        "name": f"{answer.get('title') or ''}{answer.get('first_name') or ''} {answer.get('last_name') or ''}".strip(),
        "age": known,
        "birth": _month_and_year(birth),
        "source": _("ทะเบียนสาธิต") if source == "demo" else source,
        "asked_at": asked_at,
        "not_told": answer.get("not_told") or [],
        "other_card": bool(card) and _other_name(card or {}, answer),
    }


def ladder(variables: Mapping[str, Any], element: str | None, *, done: bool) -> list[dict[str, Any]]:
    """The methods in their order, each with what became of it: state (ok, bad, skip, now, next, open), note, label."""
    tried: dict[str, Mapping[str, Any]] = {each["method"]: each for each in variables.get("attempts") or []}
    proven = (variables.get("identity") or {}).get("method")
    steps = []
    for number, each in enumerate(variables.get("methods") or [], 1):
        method = each["value"]
        state, note = "open", ""
        if method in tried:
            state, words = RESULTS.get(tried[method]["result"], ("bad", ""))
            note = str(words)
        if method == proven:
            state, note = "ok", str(RESULTS["proven"][1])
        elif element == "face_wait" and method == "face":
            state, note = "now", _("รอแอปตอบ")
        elif element == "identify" and method == variables.get("method"):
            state = "next" if state == "open" else state
        label = each["label_en"] if language() == "en" and each.get("label_en") else each["label"]
        steps.append({"method": method, "number": number, "label": label, "state": state, "note": note})
    if not steps and proven:  # booked ahead: no ladder was needed
        label = method_words(proven)
        steps.append({"method": proven, "number": 1, "label": label, "state": "ok", "note": str(RESULTS["proven"][1])})
    return steps if not done or proven else []


def turn(db: Connection, actor: Actor, case_id: int) -> Mapping[str, Any] | None:
    """The open task of a case that this person may do now: the first in the desk's order."""
    mine = set(actor.principals)
    items = [
        item
        for item in cases.open_items(db, case_id)
        if item["element_id"] in TURNS
        and (item["assignee"] in (None, actor.id))
        and (
            item["assignee"] == actor.id
            or mine & {f"group:{group}" for group in item["groups"]}
            or actor.id in item["users"]
        )
    ]
    return min(items, key=lambda item: TURNS.index(item["element_id"]), default=None)


def card_of(db: Connection, reading_id: Any, actor: Actor) -> Mapping[str, Any] | None:
    """What was read from the patient's card in this desk's session: id, card, whether there is a photo."""
    if not str(reading_id or "").isdigit():
        return None
    found = readings.reading(db, product().keyring, int(reading_id), actor)
    return {"id": found["id"], "card": found["card"], "photo": found["photo"] is not None} if found else None


def case_screen(db: Connection, case: Mapping[str, Any], form: Any = None) -> dict[str, Any]:
    """Everything of a running or ended authentication."""
    runtime, actor = product().runtime, current_actor()
    item = turn(db, actor, case["id"])
    authentication = desk.of_case(db, product().keyring, case["id"])
    variables: Mapping[str, Any] = work_items.variables_of(runtime.services, case)
    shown_form, element = form, item["element_id"] if item else None
    if item is not None:
        found = work_items.open_item(runtime.services, db, actor, item["id"])
        variables = found.variables
        shown_form = form or answers.bind(db, actor, found, None)
    known = variables.get("rights") or (authentication or {}).get("details", {}).get("rights")
    card = card_of(db, variables.get("reading_id"), actor)
    problem = variables.get("problem")
    return {
        "case": case,
        "item": item,
        "element": element,
        "band": BANDS.get(element or ""),
        "form": shown_form,
        "person": person(known, variables.get("rights_source") or "", variables.get("rights_at"), card and card["card"])
        if known
        else None,
        "pid": variables.get("pid") or "",
        "card": card,
        "steps": ladder(variables, element, done=authentication is not None),
        "problem": Text(problem["th"], problem["en"]) if isinstance(problem, Mapping) and problem.get("th") else None,
        "service": service_facts(variables, authentication, professions(db)),
        "code": authentication,
        "qr": qr(authentication["claim_code"]) if authentication else "",
        "existing": existing(db, variables),
        "waits": case["state"] == "ACTIVE" and (element == "face_wait" or (item is None and authentication is None)),
    }


def existing(db: Connection, variables: Mapping[str, Any]) -> dict[str, Any] | None:
    """The code that was open already, with its case, where the process ended because of it."""
    code = variables.get("claim_code")
    if variables.get("outcome") != "already" or not code:
        return None
    return {"code": code, "case_id": desk.case_of_code(db, own_units(current_actor()), code)}


def professions(db: Connection) -> dict[str, str]:
    """Their names by their codes."""
    return {each["code"]: each["name"] for each in Register(db, product().keyring, locked=False).professions()}


def not_ready(db: Connection, actor: Actor) -> Text | None:
    """Why the unit of this desk may not authenticate patients now, with the way out; None if it may. A person of
    several units may, if one of them may."""
    register, today = Register(db, product().keyring, locked=False), bangkok_date(product().runtime.clock.now())
    why = _NOT_REGISTERED
    for unit in own_units(actor):
        standing = register.standing(unit)
        if standing["registered_at"] is None:
            continue
        if standing["reactivated_at"] is not None and (standing["active_until"] or today) >= today:
            return None
        why = _NOT_ACTIVE
    return why


def service_facts(
    variables: Mapping[str, Any], authentication: Mapping[str, Any] | None, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What the visit is for, in one line each."""
    kinds = {"general": _("รักษาทั่วไป"), "prevention": _("สร้างเสริมสุขภาพและป้องกันโรค (PP)")}
    details = (authentication or {}).get("details", {})
    service = variables.get("service") or {}
    code = service.get("code") or (authentication or {}).get("service_code") or ""
    kind = variables.get("visit_kind") or (authentication or {}).get("visit_kind") or ""
    profession = variables.get("profession") or (authentication or {}).get("profession") or ""
    phones = [variables.get("mobile") or details.get("mobile"), variables.get("phones") or details.get("phones")]
    facts = [
        (_("บริการ"), f"{code} {service.get('name') or ''}".strip()),
        (_("วิชาชีพ"), names.get(profession, profession)),
        (_("ประเภท"), str(kinds.get(kind, kind))),
        (_("โทรศัพท์"), ", ".join(phone for phone in phones if phone)),
    ]
    return [(label, value) for label, value in facts if value]


def qr(text: str) -> str:
    """A QR code as a picture that the page's policy allows: an SVG in a data address."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=2, scale=4, xmldecl=False, dark="#000", light="#fff"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def rows_without(form: Any, names: Sequence[str], kinds: Sequence[str] = ("text", "table")) -> list[list[Any]]:
    """The lines of a form but for what the screen shows elsewhere."""
    rows = ([each for each in row if each.name not in names and each.kind not in kinds] for row in form.rows)
    return [row for row in rows if row]


def _month_and_year(birth: Mapping[str, Any]) -> str:
    year, month = birth.get("year"), birth.get("month")
    if not year:
        return str(_("ไม่ทราบ"))
    names = thai_dates.MONTHS_EN if language() == "en" else thai_dates.MONTHS_TH
    of_era = str(int(year) + thai_dates.BUDDHIST_ERA)
    return f"{names[int(month) - 1]} {of_era}" if month else str(_("%(year)s (ไม่ทราบเดือน)", year=of_era))


def _other_name(card: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether card and registry call the person differently: a hint for the desk, no refusal (people marry)."""
    name = card.get("thai_name") or {}
    return (name.get("first"), name.get("last")) != (answer.get("first_name"), answer.get("last_name"))
