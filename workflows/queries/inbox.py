"""The inbox: what waits for somebody, by due date, in pages found by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Connection,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from workflows.actor import Actor
from workflows.queries.matching import case_matches
from workflows.records import AnySelect, Campaign, Case, InboxRow, Organisation, UtcDateTime, WorkItem, table
from workflows.rules.thai_text import normalise

Tab = Literal["all", "mine", "groups", "overdue", "due_soon"]
COUNTED: tuple[Tab, ...] = ("mine", "groups", "overdue", "due_soon")
SOON = timedelta(days=3)
CAP = 1000
"""Counters stop here: beyond it a person wants to know "many", not how many."""
_TRIED = 4
"""So many groups are tried whether they are full by themselves."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the keys of its neighbours (None at an end)."""

    rows: Sequence[Mapping[str, Any]]
    after: tuple[datetime, int] | None


_COLUMNS = (
    WorkItem.id,
    WorkItem.case_id,
    WorkItem.element_id,
    WorkItem.form_id,
    WorkItem.name,
    WorkItem.assignee,
    WorkItem.due_at,
    WorkItem.opened_at,
    WorkItem.priority,
    Case.number,
    Case.subject,
    Case.unit_code,
    Case.region,
    Case.process_id,
    Case.definition_key,
    Case.sla,
    Case.sla_state,
    Case.sla_due,
    Case.started_at,
)
_ROWS = (
    select(*_COLUMNS, Organisation.name.label("unit_name"), Campaign.name.label("campaign"))
    .join(Case, Case.id == WorkItem.case_id)
    .outerjoin(Campaign, Campaign.id == Case.campaign_id)
    .outerjoin(Organisation, Organisation.code == Case.unit_code)
    .where(WorkItem.id.in_(bindparam("ids", expanding=True)))
)
_INBOX, _NOW = table(InboxRow), bindparam("now", type_=UtcDateTime)
# Statements are built once for each number of principals: building one costs more than running it.


def page(
    db: Connection,
    actor: Actor,
    now: datetime,
    *,
    tab: Tab = "all",
    text: str = "",
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Page:
    """One page of work offered to the actor, the most urgent first. ``text`` looks in number, name and unit."""
    principals = _principals(actor, tab)
    if text:
        wanted = db.execute(_searched(principals, now, tab, normalise(text), after).limit(limit + 1)).all()
    else:
        statement = _merged(len(principals), tab, after is not None, db.dialect.name == "postgresql")
        due_at, work_item_id = after or (None, None)
        place = {"limit": limit + 1, "after_due_at": due_at, "after_id": work_item_id}
        wanted = db.execute(statement, {**_values(principals, now), **place}).all()
    more = len(wanted) > limit
    wanted = wanted[:limit]
    rows = db.execute(_ROWS, {"ids": [key.work_item_id for key in wanted]}).mappings()
    by_id = {row["id"]: dict(row) for row in rows}
    ordered = [by_id[key.work_item_id] for key in wanted if key.work_item_id in by_id]
    last = wanted[-1] if wanted else None
    return Page(ordered, (last.due_at, last.work_item_id) if more and last else None)


def counts(db: Connection, actor: Actor, now: datetime) -> dict[str, int]:
    """How much waits under each tab, counted up to 1,000."""
    principals = actor.principals
    counted = _counted(len(principals), db.dialect.name == "postgresql")
    found = db.execute(counted, _values(principals, now)).mappings().one()
    return {tab: found.get(tab, 0) for tab in COUNTED}


def next_item(db: Connection, actor: Actor, now: datetime, *, case_id: int | None = None) -> int | None:
    """The work item to show after one is done: of the same case if there is one for the actor, else the most urgent."""
    if case_id is not None:
        same = (
            select(WorkItem.id)
            .join(InboxRow, InboxRow.work_item_id == WorkItem.id)
            .where(WorkItem.case_id == case_id, InboxRow.principal.in_(actor.principals))
            .order_by(WorkItem.id)
            .limit(1)
        )
        return db.execute(same).scalar()
    first = page(db, actor, now, limit=1).rows
    return int(first[0]["id"]) if first else None


def _principals(actor: Actor, tab: Tab) -> tuple[str, ...]:
    if tab == "mine":
        return (f"user:{actor.id}",)
    if tab == "groups":
        return tuple(p for p in actor.principals if p.startswith("group:")) or ("group:",)
    return actor.principals


def _values(principals: Sequence[str], now: datetime) -> dict[str, Any]:
    return {"now": now, "soon": now + SOON, **{f"p{number}": name for number, name in enumerate(principals)}}


def _in_tab(tab: Tab) -> list[Any]:
    if tab == "overdue":
        return [_INBOX.c.due_at < _NOW]
    if tab == "due_soon":
        return [_INBOX.c.due_at >= _NOW, _INBOX.c.due_at < bindparam("soon")]
    return []


@lru_cache(256)
def _merged(principals: int, tab: Tab, goes_on: bool, postgresql: bool) -> AnySelect | CompoundSelect[Any]:
    """The first keys of so many principals, merged: reads little more than ``limit`` index entries (PostgreSQL: of each
    principal), whatever the total is. SQLite merges the parts of a UNION in their order and stops at the limit."""
    limit = bindparam("limit", type_=BigInteger)
    parts = [_keys(f"p{number}", tab, goes_on=goes_on) for number in range(principals)]
    if not postgresql:
        if len(parts) == 1:
            return parts[0].order_by(_INBOX.c.due_at, _INBOX.c.work_item_id).limit(limit)
        return union(*parts).order_by("due_at", "work_item_id").limit(limit)
    merged = union_all(*(_first(part, limit, in_order=True) for part in parts)).subquery()
    keys = select(merged.c.due_at, merged.c.work_item_id).distinct()
    return keys.order_by(merged.c.due_at, merged.c.work_item_id).limit(limit)


def _keys(principal: str, tab: Tab, *, goes_on: bool = False) -> AnySelect:
    """Keys offered to the principal that the parameter of this name holds."""
    keys = select(_INBOX.c.due_at, _INBOX.c.work_item_id).where(_INBOX.c.principal == bindparam(principal))
    keys = keys.where(*_in_tab(tab))
    if goes_on:
        after = tuple_(bindparam("after_due_at", type_=UtcDateTime), bindparam("after_id", type_=BigInteger))
        keys = keys.where(tuple_(_INBOX.c.due_at, _INBOX.c.work_item_id) > after)
    return keys


def _first(keys: AnySelect, limit: Any, *, in_order: bool) -> AnySelect:
    if in_order:
        keys = keys.order_by(_INBOX.c.due_at, _INBOX.c.work_item_id)
    return select(keys.limit(limit).subquery())


@lru_cache(64)
def _counted(principals: int, postgresql: bool) -> AnySelect:
    """The counters of all tabs of an actor with so many principals, the first of which is the person's own, in one row.

    Both databases stop at CAP different items: PostgreSQL when it may merge the principals in order, SQLite when it
    goes through them one after the other. There, telling different items apart costs most, and it is needed only where
    none of the first groups alone has CAP of them.
    """
    everybody, groups = range(principals), range(1, principals)
    own = {"mine": range(1), "groups": groups, "overdue": everybody, "due_soon": everybody}
    counters = {tab: _number(own[tab], tab, postgresql) for tab in COUNTED if own[tab]}
    if not postgresql and len(groups) > 1:
        counters["groups"] = case(
            (or_(*(_is_full(number) for number in groups[:_TRIED])), CAP), else_=counters["groups"]
        )
    return select(*(counter.label(tab) for tab, counter in counters.items()))


def _is_full(number: int) -> Any:
    """Whether the principal of this number is offered CAP items: skips so many index entries, opens none."""
    one = select(literal(1)).where(_INBOX.c.principal == bindparam(f"p{number}"))
    return one.limit(1).offset(CAP - 1).exists()


def _number(own: range, tab: Tab, postgresql: bool) -> Any:
    """How many items the principals of these numbers have under a tab, at most CAP."""
    found = _in_order(own, tab) if postgresql else _in_turn(own, tab)
    if len(own) > 1:  # one principal is offered an item only once
        found = found.distinct()
    return select(func.count()).select_from(found.limit(CAP).subquery()).scalar_subquery()


def _in_order(own: range, tab: Tab) -> AnySelect:
    keys = union_all(*(_first(_keys(f"p{number}", tab), CAP, in_order=True) for number in own)).subquery().c
    return select(keys.due_at, keys.work_item_id).order_by(keys.due_at, keys.work_item_id)


def _in_turn(own: range, tab: Tab) -> AnySelect:
    theirs = _INBOX.c.principal.in_([bindparam(f"p{number}") for number in own])
    return select(_INBOX.c.work_item_id).where(theirs, *_in_tab(tab))


def _searched(
    principals: Sequence[str], now: datetime, tab: Tab, text: str, after: tuple[datetime, int] | None
) -> AnySelect:
    words = normalise(text)
    hit = or_(
        *case_matches(text),
        WorkItem.name.icontains(words, autoescape=True),
        Organisation.name.icontains(words, autoescape=True),
    )
    found = (
        select(InboxRow.due_at, InboxRow.work_item_id)
        .join(WorkItem, WorkItem.id == InboxRow.work_item_id)
        .join(Case, Case.id == WorkItem.case_id)
        .outerjoin(Organisation, Organisation.code == Case.unit_code)
        .where(InboxRow.principal.in_(principals), *_in_tab(tab), hit)
        .params(now=now, soon=now + SOON)
        .distinct()
        .order_by(InboxRow.due_at, InboxRow.work_item_id)
    )
    if after is not None:
        found = found.where(tuple_(InboxRow.due_at, InboxRow.work_item_id) > tuple_(*after))
    return found
