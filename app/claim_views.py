"""One authentication as people see it: facts, evidence, history, what may still be done; and the person's history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.access import current_actor, product
from app.claim_filters import methods, shown
from app.i18n import words
from app.ladder_words import RESULTS
from workflows.clock import bangkok_date
from workflows.commands.amend_claim import WORDS
from workflows.errors import Text
from workflows.queries import claims
from workflows.queries.scopes import scope_of
from workflows.records import Authentication, Case
from workflows.register import Register
from workflows.rules import claims as rules
from workflows.rules import masking
from workflows.rules.claim_code import parse

ILLNESS_DAYS = 365
"""How far back the history of common illnesses reaches."""


def sees_names(actor: Any) -> bool:
    """Whether somebody sees the patient's name and phone: the unit and its region; others a mask."""
    scope = scope_of(actor)
    return bool(scope.units or scope.regions)


def entry_page(
    code: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Text] | None = None,
    conflict: Text | None = None,
    revision: int | None = None,
) -> str:
    """The page of one claim code; after a mistake with what was typed. ``revision`` is the one the form was opened
    with; after a conflict it is the present one: whoever saves again has seen what changed."""
    actor, wired = current_actor(), product()
    with wired.runtime.reading() as db:
        row = claims.find(db, actor, parse(code) or code)
        details = claims.details(db, wired.keyring, row["claim_code"])
        lines = claims.changes(db, row["claim_code"])
        register = Register(db, wired.keyring, locked=False)
        services = register.services(row["service_on"])
        offered = set(register.standing(row["unit_code"])["professions"]) | {row["profession"]}
        known = {each["code"]: each["name"] for each in register.professions()}
        professions = [(code, name) for code, name in known.items() if code in offered]
        illnesses = claims.known_illnesses(db)
        names = {
            "illness": dict(illnesses),
            "profession": known,
            "service_code": {each["code"]: f"{each['code']} {each['name']}" for each in services},
        }
        cases = {
            kind: db.execute(Case.__table__.select().where(Case.id == row[column])).mappings().first()
            for kind, column in (("void", "void_case"), ("review", "review_case"))
            if row[column] is not None
        }
    own = rules.of_unit(row, actor.groups) is None
    today = bangkok_date(wired.runtime.clock.now())
    present = {
        **{name: row[name] for name in ("service_code", "profession", "visit_number", "illness")},
        **{name: details.get(name) or "" for name in ("mobile", "phones")},
        **{name: _baht(row[name]) for name in ("claimable", "not_claimable")},
    }
    return render_template(
        "claim.html",
        claim=shown(row),
        person=_person(details, sees_names(actor)),
        attempts=[_attempt(each) for each in row["evidence"]],
        lines=[_line(each, names) for each in lines][::-1],
        editable=rules.editable(row) if own else (),
        values={**present, **(typed or {})},
        errors=errors or {},
        conflict=conflict,
        revision=row["revision"] if revision is None or conflict else revision,
        services=[(each["code"], f"{each['code']} {each['name']}") for each in services],
        professions=professions,
        illnesses=illnesses,
        illness_name=dict(illnesses).get(row["illness"], row["illness"]),
        may_void=own and rules.void_problem(row) is None,
        agreement=rules.agreement(row, today),
        cases=cases,
    )


def history_of(code: str) -> str:
    """The page of the person behind a claim code."""
    actor, wired = current_actor(), product()
    today = bangkok_date(wired.runtime.clock.now())
    with wired.runtime.reading() as db:
        row = claims.find(db, actor, parse(code) or code)
        index = Authentication.__table__.c.pid_index
        wanted = Authentication.__table__.select().with_only_columns(index)
        person = bytes(db.execute(wanted.where(Authentication.claim_code == row["claim_code"])).scalar_one())
        rows = claims.of_person(db, actor, person, today)
        illnesses = claims.illnesses(db, actor, person, today - timedelta(days=ILLNESS_DAYS))
    return render_template(
        "claim_person.html",
        claim=shown(row),
        rows=[shown(each) for each in rows],
        illnesses=illnesses,
        some_masked=any(each["masked"] for each in rows),
    )


def _person(details: Mapping[str, Any], clear: bool) -> dict[str, str]:
    first, last = details.get("first_name", ""), details.get("last_name", "")
    name = f"{first} {last}" if clear else masking.full_name(first, last)
    phones = [details.get("mobile") or "", *(details.get("phones") or "").split(",")]
    told = [part.strip() if clear else masking.phone(part.strip()) for part in phones if part.strip()]
    return {"name": f"{details.get('title', '')}{name}", "phones": ", ".join(told)}


def _attempt(each: Mapping[str, Any]) -> dict[str, str]:
    tone, result = RESULTS.get(each.get("result", ""), ("", each.get("result", "")))
    method = methods().get(each.get("method", ""), each.get("method", ""))
    return {"method": method, "tone": tone, "result": str(result), "at": each.get("at", "")}


def _line(row: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    kinds = {
        "edited": ("", _("แก้ไขข้อมูล")),
        "closed": ("ok", _("ปิดสิทธิ")),
        "void_asked": ("warn", _("ขอยกเลิก รอคนที่สองเห็นชอบ")),
        "void_refused": ("", _("ไม่ยกเลิก")),
        "void_ended": ("", _("ผู้ดูแลระบบยุติคำขอยกเลิก")),
        "review_ended": ("", _("ผู้ดูแลระบบยุติการทวนสอบ")),
        "voided": ("bad", _("ยกเลิกรหัส")),
        "review_opened": ("", _("เปิดการทวนสอบ รอหน่วยอุทธรณ์")),
        "appealed": ("", _("หน่วยอุทธรณ์")),
        "appeal_missed": ("warn", _("พ้นกำหนดอุทธรณ์")),
        "review_confirmed": ("ok", _("ผู้ทวนสอบยืนยัน")),
        "review_voided": ("bad", _("ผู้ทวนสอบยกเลิก")),
    }
    tone, text = kinds.get(row["kind"], ("", row["kind"]))
    changed = [
        (words(WORDS[name]), *(_value(name, each, names) for each in (row["before"].get(name), value)))
        for name, value in row["after"].items()
        if name in WORDS and name != "state"
    ]
    actor = row["who"] or (_("ระบบ") if str(row["actor"]).startswith("system:") else row["actor"])
    return {"at": row["at"], "tone": tone, "text": text, "who": actor, "reason": row["reason"], "changed": changed}


def _value(name: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    """What a change was from or to: a name for a code, an amount in baht."""
    if name in names:
        return names[name].get(value, str(value or "–"))
    return _baht(value) or "–" if name in ("claimable", "not_claimable") else str(value or "–")


def _baht(satang: int | None) -> str:
    return "" if satang is None else f"{satang // 100}.{satang % 100:02d}"
