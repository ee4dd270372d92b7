"""Messages on their way into the outbox."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite

from workflows.clock import real_now
from workflows.ports import Message
from workflows.records import OutboxRow, new_id
from workflows.work import Work


def write_messages(work: Work, messages: Sequence[Message], case_id: int | None) -> list[str]:
    """Queue outbox rows; a message whose key is already there is not stored twice. Gives the kinds."""
    rows = []
    for message in messages:
        id_ = new_id()
        payload = json.dumps(dict(message.payload), ensure_ascii=False).encode()
        rows.append(
            {
                "id": id_,
                "case_id": case_id,
                "kind": message.kind,
                "key": message.key,
                "payload": work.services.keyring.seal(f"outbox/{id_}", payload),
                "task_id": message.task_id.bytes if message.task_id else None,
                "status": "pending",
                "run_at": message.at or real_now(),
                "created_at": work.now,
                "attempts": 0,
                "last_error": "",
            }
        )
    if rows:
        dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
        work.write(dialect.insert(OutboxRow).on_conflict_do_nothing(index_elements=["key"]), rows)
    return [message.kind for message in messages]
