"""Which cases an actor may see; the same rule for pages and API."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Text, cast, literal, or_, select, true, union

from workflows.actor import PROGRAM, UNIT_SYSTEM, Actor
from workflows.records import ApiToken, Case, HistoryRow, InboxRow, Organisation, WorkItem

_BY_REGION = {"region_officer", "region_chief"}


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """A condition on ``cases``: own requests; work offered to or done by the actor; the unit a head answers for, the
    units a supervisor answers for, the region of a region officer, what any system of the unit of such a system asked
    for. Unsent drafts are seen by their requester only."""
    if actor.sees_everything:
        return true()
    units, supervised, regions, systems = set(), set(), set(), set()
    for group in actor.groups:
        role, _, scope = group.partition(":")
        if role == "unit_head":
            units.add(scope)
        elif role == "supervisor":
            supervised.add(scope)
        elif role == UNIT_SYSTEM:
            systems.add(scope)
        elif role in _BY_REGION:
            regions.add(scope)
    sent: list[ColumnElement[bool]] = []
    if units:
        sent.append(Case.unit_code.in_(units))
    if supervised:
        under = select(Organisation.code).where(Organisation.supervisor.in_(supervised))
        sent.append(Case.unit_code.in_(under))
    if regions:
        sent.append(Case.region.in_(regions))
    own = select(Case.id).where(Case.requester == actor.id)
    if systems:  # whichever token was used
        tokens = select(literal(PROGRAM) + cast(ApiToken.id, Text)).where(ApiToken.unit_code.in_(systems))
        own = select(Case.id).where(Case.requester.in_(tokens))
    offered = (
        select(WorkItem.case_id)
        .join(InboxRow, InboxRow.work_item_id == WorkItem.id)
        .where(InboxRow.principal.in_(actor.principals))
    )
    acted = select(HistoryRow.subject_id).where(
        HistoryRow.actor == actor.id, HistoryRow.kind.in_(("item.completed", "item.assigned", "incident.raised"))
    )
    mine = Case.id.in_(union(own, offered, acted))  # one set, found by index: most people see a handful of cases
    return or_(mine, Case.number.is_not(None) & or_(*sent)) if sent else mine


def may_see(db: Connection, actor: Actor, case_id: int) -> bool:
    """Whether the actor may see this case."""
    return db.execute(select(Case.id).where(Case.id == case_id, visible_cases(actor))).first() is not None
