"""What an innovation unit registered, for its own people and its region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.innovation import AUTHORITIES
from workflows.records import Account, InnovationUnit, Membership, Organisation, Profession, UnitPerson
from workflows.rules import oss, week_hours

_OWN = ("signatory", "delegate", "frontdesk", "unit_head", "requester")
_REGION = ("region_officer", "region_chief", "reviewer")


def of(db: Connection, actor: Actor, unit_code: str, today: date) -> dict[str, Any]:
    """``organisation``, ``registered`` (the row of innovation_units or None), ``may_authenticate`` today, ``personnel``
    (citizen IDs masked), ``professions`` ([names]), ``authorities`` [{name, role}]. Raises NotFound for others than
    the unit's own people, its region, process owners, auditors and administrators."""
    organisation = (
        db.execute(select(*Organisation.__table__.c).where(Organisation.code == unit_code)).mappings().first()
    )
    if organisation is None or not _may_see(actor, unit_code, organisation["region"]):
        raise NotFound(unit=unit_code)
    row = (
        db.execute(select(*InnovationUnit.__table__.c).where(InnovationUnit.unit_code == unit_code)).mappings().first()
    )
    names = dict(db.execute(select(Profession.code, Profession.name)).all())
    return {
        "organisation": dict(organisation),
        "registered": dict(row) if row else None,
        "may_authenticate": row is not None and serves(dict(row), today),
        "professions": [names.get(code, code) for code in row["professions"]] if row else [],
        "personnel": _personnel(db, unit_code, names),
        "authorities": _authorities(db, unit_code),
    }


def serves(standing: Mapping[str, Any], on: date) -> bool:
    """Whether a unit of this standing may authenticate patients on a day: registered, re-activated, not expired."""
    until = standing["active_until"]
    return bool(standing["registered_at"] and standing["reactivated_at"]) and (until is None or on <= until)


def _may_see(actor: Actor, unit_code: str, region: str) -> bool:
    own = {f"{role}:{unit_code}" for role in _OWN} | {f"{role}:{region}" for role in _REGION if region}
    return actor.sees_everything or "designer" in actor.groups or not actor.groups.isdisjoint(own)


def _personnel(db: Connection, unit_code: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    hidden = {"pid_sealed", "pid_index"}
    columns = [column for column in UnitPerson.__table__.c if column.name not in hidden]
    serving = UnitPerson.unit_code == unit_code, UnitPerson.removed_at.is_(None)
    rows = db.execute(
        select(*columns).where(*serving).order_by(UnitPerson.profession, UnitPerson.first_name)
    ).mappings()
    return [
        {
            **row,
            "profession_name": names.get(row["profession"], row["profession"]),
            "types": ", ".join(oss.REGISTRATION_TYPES.get(kind, kind) for kind in row["registration_types"]),
            "hours_words": {lang: week_hours.words(row["hours"], lang) for lang in ("th", "en")},
        }
        for row in rows
    ]


def _authorities(db: Connection, unit_code: str) -> list[dict[str, Any]]:
    held = Membership.scope == unit_code, Membership.role.in_(AUTHORITIES), Account.status == "active"
    columns = Account.title, Account.first_name, Account.last_name, Membership.role
    statement = select(*columns).join(Membership, Membership.account_id == Account.id).where(*held)
    rows = db.execute(statement.order_by(Membership.role.desc(), Account.first_name)).all()
    return [{"name": f"{row.title}{row.first_name} {row.last_name}", "role": row.role} for row in rows]
