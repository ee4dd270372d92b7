"""Reading the registers that the administration keeps: lists, single entries, who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, String, cast, func, or_, select

from workflows import chain
from workflows.errors import NotFound
from workflows.master_data import Register
from workflows.records import Account, HistoryRow
from workflows.rules.thai_text import normalise
from workflows.sealing import Keyring


def page(
    db: Connection, register: Register, searched: Sequence[str], text: str = "", *, after: str = "", limit: int = 50
) -> list[Mapping[str, Any]]:
    """Entries in the order of their keys, after one of them; only those in whose columns the text occurs."""
    columns = register.record.__table__.c
    key = columns[register.key]
    statement = select(*columns).order_by(key).limit(limit)
    if wanted := normalise(text):
        found = [columns[name].icontains(wanted, autoescape=True) for name in searched]
        statement = statement.where(or_(key.startswith(wanted, autoescape=True), *found))
    if after:
        statement = statement.where(key > after)
    return [dict(row) for row in db.execute(statement).mappings()]


def every(db: Connection, register: Register) -> list[Mapping[str, Any]]:
    """All entries; for the short registers."""
    columns = register.record.__table__.c
    return [dict(row) for row in db.execute(select(*columns).order_by(columns[register.key])).mappings()]


def count(db: Connection, register: Register) -> int:
    """How many entries a register has."""
    return int(db.execute(select(func.count()).select_from(register.record)).scalar_one())


def entry(db: Connection, register: Register, key: str) -> Mapping[str, Any]:
    """One entry. Raises NotFound."""
    columns = register.record.__table__.c
    row = db.execute(select(*columns).where(cast(columns[register.key], String) == key)).mappings().first()
    if row is None:
        raise NotFound(entry=key)
    return dict(row)


def history(
    db: Connection, keyring: Keyring, register: Register, key: str = "", *, before: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Who changed what, newest first: seq, at, actor, who (their name), kind, name (the entry's key), data, private."""
    statement = (
        select(*HistoryRow.__table__.c, Account.title, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.username == HistoryRow.actor)
        .where(HistoryRow.subject_id == register.chain)
        .order_by(HistoryRow.seq.desc())
        .limit(limit)
    )
    if key:
        statement = statement.where(HistoryRow.name == key)
    if before is not None:
        statement = statement.where(HistoryRow.seq < before)
    found = []
    for row in db.execute(statement).mappings():
        who = f"{row['title']}{row['first_name']} {row['last_name']}" if row["first_name"] else ""
        found.append({**row, "who": who, "private": chain.private_part(keyring, dict(row))})
    return found
