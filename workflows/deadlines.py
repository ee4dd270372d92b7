"""The service clock of a case: how the diagram's SLA changes and the calendar become columns of the case row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from workflows.clock import BANGKOK, bangkok_date
from workflows.rules.sla import Sla
from workflows.rules.working_days import Calendar


def apply(kind: str, values: Mapping[str, Any], current: Mapping[str, Any] | None, today: date) -> dict[str, Any]:
    """The stored clock after a change ``start``, ``pause``, ``resume`` or ``stop`` on a Bangkok day."""
    if kind == "start":
        sla = Sla.from_json(current) if current else Sla(int(values["total"]), values.get("unit", "working"))
        return {**_flags(current), **sla.start(today).to_json()}
    if not current:
        return {}
    sla = Sla.from_json(current)
    changed = {"pause": sla.pause, "resume": sla.resume, "stop": sla.stop}[kind](today)
    return {**_flags(current), **changed.to_json()}


def columns(stored: Mapping[str, Any] | None, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """The case columns ``sla``, ``sla_state`` and ``sla_due`` for a stored clock."""
    if not stored:
        return {"sla": None, "sla_state": "", "sla_due": None}
    sla = Sla.from_json(stored)
    today = bangkok_date(now)
    return {"sla": dict(stored), "sla_state": sla.state(calendar, today), "sla_due": sla.due(calendar)}


def due_before(stored: Mapping[str, Any], calendar: Calendar) -> date | None:
    """When a clock that goes on again was due before its last pause."""
    sla = Sla.from_json(stored)
    return replace(sla, pauses=sla.pauses[:-1]).due(calendar)


def next_check_at(stored: Mapping[str, Any] | None, calendar: Calendar, now: datetime) -> datetime | None:
    """When the clock next has something to say: the reminder or the breach not yet told."""
    if not stored:
        return None
    if due_signals(stored, calendar, now):
        return now
    return Sla.from_json(stored).next_check_at(calendar, now)


def due_signals(stored: Mapping[str, Any] | None, calendar: Calendar, now: datetime) -> list[str]:
    """The messages the case must be told now: ``sla_reminder``, ``sla_breached``; each once."""
    if not stored:
        return []
    sla, today = Sla.from_json(stored), bangkok_date(now)
    if sla.stopped_on:
        return []
    signals = []
    reminder, breached = sla.reminder_on(calendar), sla.breached_on(calendar)
    if reminder and today >= reminder and not stored.get("reminded"):
        signals.append("sla_reminder")
    if breached and today >= breached and not stored.get("escalated"):
        signals.append("sla_breached")
    return signals


def told(stored: Mapping[str, Any], signals: list[str]) -> dict[str, Any]:
    """The stored clock after its signals were given."""
    return {
        **stored,
        "reminded": stored.get("reminded", False) or "sla_reminder" in signals,
        "escalated": stored.get("escalated", False) or "sla_breached" in signals,
    }


def end_of_day(day: date | None) -> datetime | None:
    """The last moment of a Bangkok day, as a due time for work items."""
    return datetime.combine(day, time.min, BANGKOK) + timedelta(days=1, microseconds=-1) if day else None


def _flags(current: Mapping[str, Any] | None) -> dict[str, Any]:
    current = current or {}
    return {"reminded": current.get("reminded", False), "escalated": current.get("escalated", False)}
