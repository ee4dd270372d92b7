"""The quotas of a month, with what is left, for those who answer for the unit or the region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, func, select, tuple_

from workflows.actor import Actor
from workflows.queries.scopes import scope_of
from workflows.records import Organisation, Profession, Quota
from workflows.rules.quota import left

Key = tuple[str, str]


def page(
    db: Connection, actor: Actor, month: str, *, unit_code: str = "", after: Key | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Quotas by unit and profession: unit_code, unit_name, profession, profession_name, total, held, used, left and
    ``since`` (the month whose total still holds). A month that has not begun shows the total it will begin with."""
    latest = (
        select(Quota.unit_code, Quota.profession, func.max(Quota.month).label("month"))
        .where(Quota.month <= month)
        .group_by(Quota.unit_code, Quota.profession)
        .subquery()
    )
    same = (Quota.unit_code == latest.c.unit_code, Quota.profession == latest.c.profession)
    statement = (
        select(*Quota.__table__.c, Organisation.name.label("unit_name"), Profession.name.label("profession_name"))
        .join(latest, and_(*same, Quota.month == latest.c.month))
        .join(Organisation, Organisation.code == Quota.unit_code)
        .outerjoin(Profession, Profession.code == Quota.profession)
        .where(scope_of(actor).of(Quota.unit_code, Organisation.region))
        .order_by(Quota.unit_code, Quota.profession)
        .limit(limit)
    )
    if unit_code:
        statement = statement.where(Quota.unit_code == unit_code)
    if after is not None:
        statement = statement.where(tuple_(Quota.unit_code, Quota.profession) > tuple_(*after))
    return [_shown(dict(row), month) for row in db.execute(statement).mappings()]


def revision(db: Connection, unit_code: str, profession: str, month: str) -> int:
    """The revision of one month's row; 0 if there is none."""
    wanted = Quota.unit_code == unit_code, Quota.profession == profession, Quota.month == month
    return int(db.execute(select(Quota.revision).where(*wanted)).scalar() or 0)


def _shown(row: Mapping[str, Any], month: str) -> dict[str, Any]:
    counted = dict(row) if row["month"] == month else {**row, "held": 0, "used": 0}
    name = row["profession_name"] or row["profession"]
    return {**counted, "profession_name": name, "since": row["month"], "left": left(counted)}
