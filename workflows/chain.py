"""The audit chain: every history row carries a MAC over itself and its predecessor.

An edited, removed or re-ordered row breaks the chain of its subject. A cut tail and a rewrite by someone who holds the
key are found by comparing heads with anchors that were written outside the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from workflows.records import new_id
from workflows.sealing import Keyring

_canonical = msgspec.json.Encoder(order="deterministic").encode  # keys sorted, bytes as base64, no spaces


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``data`` must hold nothing personal; ``private`` is sealed."""

    kind: str
    element_id: str = ""
    name: str = ""
    work_item_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] | None = None


def body(row: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a history row that its MAC covers."""
    at: datetime = row["at"]
    sealed = row["sealed"]
    fields = [
        row["subject_id"],
        row["seq"],
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        row["actor"],
        row["kind"],
        row["element_id"],
        row["name"],
        row["work_item_id"],
        row["data"],
        bytes(sealed) if sealed else None,
    ]
    return _canonical(fields)


def extend(
    keyring: Keyring, subject_id: int, head: tuple[int, bytes], events: Iterable[Event], *, at: datetime, actor: str
) -> tuple[list[dict[str, Any]], tuple[int, bytes]]:
    """History rows for the events, linked to ``head`` (sequence number and MAC), and the new head."""
    seq, mac = head
    rows = []
    for event in events:
        seq += 1
        sealed = None
        if event.private:
            sealed = keyring.seal(f"history/{subject_id}/{seq}", _canonical(event.private))
        row = {
            "id": new_id(),
            "subject_id": subject_id,
            "seq": seq,
            "at": at,
            "actor": actor,
            "kind": event.kind,
            "element_id": event.element_id,
            "name": event.name,
            "work_item_id": event.work_item_id,
            "data": dict(event.data),
            "sealed": sealed,
        }
        mac = keyring.chain(bytes(mac), body(row))
        row["mac"] = mac
        rows.append(row)
    return rows, (seq, mac)


def private_part(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed part of a history row in clear; empty if there is none."""
    if not row["sealed"]:
        return {}
    clear: dict[str, Any] = json.loads(keyring.unseal(f"history/{row['subject_id']}/{row['seq']}", row["sealed"]))
    return clear


def first_break(keyring: Keyring, rows: Iterable[Mapping[str, Any]], head: tuple[int, bytes]) -> int | None:
    """The sequence number at which a subject's chain (rows in order) breaks; None when it is whole up to its head."""
    seq, mac = 0, b""
    for row in rows:
        seq += 1
        mac = keyring.chain(mac, body(row))
        if row["seq"] != seq or bytes(row["mac"]) != mac:
            return seq
    return None if (seq, mac) == (head[0], bytes(head[1])) else seq + 1
