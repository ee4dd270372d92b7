"""What all tables share: the base class, UTC times, keys made in the application."""

from __future__ import annotations

import itertools
import os
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

AnySelect = Select[*tuple[Any, ...]]
"""A select of whatever columns."""

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. A naive value is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - the name SQLAlchemy asks for
        datetime: UtcDateTime,
        str: Text,
        int: BigInteger,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


def table(record: type[Base]) -> Table:
    """The table of a record, for statements that are built once and run many times: SQLAlchemy then finds the compiled
    text again without looking at the statement's parts."""
    return cast(Table, record.__table__)


class Lockable:
    """A select built once. It locks the rows it reads where the database has row locks."""

    def __init__(self, statement: AnySelect) -> None:
        self._plain = statement
        self._locking = statement.with_for_update()

    def first(self, db: Connection, **values: Any) -> Row[Any] | None:
        """The first row for these values of its parameters."""
        return db.execute(self._locking if db.dialect.name == "postgresql" else self._plain, values).first()


_lock = threading.Lock()
_process_bits = secrets.randbits(11)
_counter = itertools.count(secrets.randbits(11))
_EPOCH_MS = 1_735_689_600_000  # 1 January 2025 UTC
_newest = 0


def _reseed() -> None:
    """A forked web worker must not go on with its parent's process number."""
    global _process_bits
    _process_bits = secrets.randbits(11)


os.register_at_fork(after_in_child=_reseed)


def new_id() -> int:
    """A new 63-bit key: 41 bits of milliseconds, 11 bits of process, 11 bits of counter; grows with time, and within a
    process from each key to the next: what one step writes is read in the order in which it was written."""
    global _newest
    with _lock:
        at = (time.time_ns() // 1_000_000 - _EPOCH_MS) << 22
        key = at | (_process_bits << 11) | (next(_counter) & 0x7FF)
        if key <= _newest:  # the counter began anew within a millisecond, or the clock was put back
            key += (((_newest - key) >> 22) + 1) << 22
        _newest = key
    return key
