"""The menus for everybody: where to look something up, the catalogue of roles, whom to ask, blank request letters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.pages_support import pager
from app.papers.request_letter import FORMS, blank_letter_pdf
from app.registers import DESCRIPTIONS
from app.registers.organisations import KIND_OPTIONS, REGION_OPTIONS
from app.security import file_answer
from workflows import master_data
from workflows.queries import duties
from workflows.queries.master_data import every
from workflows.rules import masking
from workflows.rules.duties import DUTIES

pages = Blueprint("menus", __name__)
_PAGE = 100
_SEES_NAMES = {"admin", "auditor", "region_officer", "region_chief", "system_owner", "issuer"}
_LISTED = {role: duty.name for role, duty in DUTIES.items() if duty.listed}


@pages.get("/help")
@allow("public")
def menu() -> Any:
    """Everything that can be looked up."""
    return render_template("help.html")


@pages.get("/catalogue")
@allow("public")
def catalogue() -> Any:
    """The systems and roles that can be asked for, by kind of unit."""
    kind, text = request.args.get("kind", ""), request.args.get("q", "").strip()[:100].casefold()
    with product().runtime.reading() as db:
        systems = [row for row in every(db, master_data.SYSTEMS) if row["active"]]
        roles = [row for row in every(db, master_data.ROLES) if row["active"]]
        described = DESCRIPTIONS["roles"]
        shown = [
            {
                **system,
                "realm": DESCRIPTIONS["systems"].words(db, "realm", system["realm"]),
                "roles": [
                    {
                        **role,
                        "kinds": described.words(db, "unit_kinds", role["unit_kinds"]),
                        "form": role["form"],
                        "channel": described.words(db, "channel", role["channel"]),
                    }
                    for role in roles
                    if role["system_code"] == system["code"]
                    and (not kind or kind in role["unit_kinds"])
                    and text in f"{role['code']} {role['name']} {system['name']}".casefold()
                ],
            }
            for system in systems
        ]
    return render_template(
        "catalogue.html", systems=[each for each in shown if each["roles"]], kinds=KIND_OPTIONS, kind=kind, q=text
    )


@pages.get("/contacts")
@allow("public")
def contacts() -> Any:
    """Whom to ask, by region and by system."""
    with product().runtime.reading() as db:
        rows = [row for row in every(db, master_data.CONTACTS) if row["active"]]
        names = {row["code"]: row["name"] for row in every(db, master_data.SYSTEMS)}
    regions = sorted((row for row in rows if row["region"]), key=lambda row: int(row["region"]))
    systems = [{**row, "system": names.get(row["system_code"], "")} for row in rows if row["system_code"]]
    others = [row for row in rows if not row["region"] and not row["system_code"]]
    return render_template("contacts.html", regions=regions, systems=systems, others=others)


@pages.get("/request-forms")
@allow("public")
def request_forms() -> Any:
    """The five request letters: which roles need which, and each of them blank."""
    with product().runtime.reading() as db:
        roles = [row for row in every(db, master_data.ROLES) if row["active"]]
    shown = [
        {"number": number, "name": form.name, "roles": [row for row in roles if row["form"] == number]}
        for number, form in FORMS.items()
    ]
    return render_template("request_forms.html", forms=shown)


@pages.get("/request-forms/<int:number>.pdf")
@allow("public")
def blank(number: int) -> Any:
    """One request letter with dotted lines, to see what it will ask."""
    if number not in FORMS:
        abort(404)
    name = _("หนังสือขอ-แบบฟอร์ม-%(form)s", form=number)
    return file_answer(blank_letter_pdf(number), "application/pdf", f"{name}.pdf", download=True)


@pages.get("/directory")
@allow("signed-in")
def directory() -> Any:
    """Who decides for which organisation, region and system. Family names and addresses are masked for all but NHSO."""
    role, text = request.args.get("role", ""), request.args.get("q", "").strip()[:100]
    region = request.args.get("region", "")
    wanted = [role] if role in _LISTED else list(_LISTED)
    after = request.args.getlist("after")
    key = (after[0], after[1], int(after[2])) if len(after) == 3 and after[2].isascii() and after[2].isdigit() else None
    with product().runtime.reading() as db:
        found = duties.page(db, wanted, text, region, after=key, limit=_PAGE + 1)
    open_names = bool(current_actor().roles & _SEES_NAMES)
    rows = [_shown(row, open_names) for row in found[:_PAGE]]
    query = {"role": role, "q": text, "region": region}
    last = [rows[-1]["role"], rows[-1]["scope"], rows[-1]["id"]] if rows else []
    return render_template(
        "directory.html",
        rows=rows,
        roles=_LISTED,
        regions=REGION_OPTIONS,
        page=pager("/directory", len(found) > _PAGE, **query, after=last),
        **query,
    )


def _shown(row: Any, open_names: bool) -> dict[str, Any]:
    first, last = row["first_name"], row["last_name"]
    name = f"{first} {last}" if open_names else masking.full_name(first, last)
    email = row["email"] if open_names else masking.email(row["email"])
    where = row["where"]
    if DUTIES[row["role"]].scope == "region":
        where = _("เขต %(n)s", n=row["scope"])
    return {
        **row,
        "name": f"{row['title']}{name}",
        "email": email,
        "duty": DUTIES[row["role"]].name,
        "where": where or row["own_name"] or "",
        "code_shown": DUTIES[row["role"]].scope != "region",  # its name is its number
    }
