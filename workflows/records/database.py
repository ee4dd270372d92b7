"""Opening the database: SQLite in WAL mode, or PostgreSQL.

SQLite has one writer. A read that later wants to write fails at once when somebody else wrote in between, however long
the busy timeout; so a connection either only reads (no transaction at all) or takes the write lock with its first
word.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

READ_ONLY = "sitthi_read_only"
_IDLE_SECONDS = 2.0
_JSON: dict[str, Any] = {
    "json_serializer": lambda value: msgspec.json.encode(value).decode(),
    "json_deserializer": msgspec.json.decode,
}
"""JSON columns hold UTF-8, so that Thai text is stored and searched as it is written."""


def open_database(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``, set up for one transaction per command."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return _open_sqlite(url, target.database)
    engine = create_engine(
        target,
        **_JSON,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"},
    )
    _ask_idle_connections(engine)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The same database for connections that only read: no transaction is begun or ended for them, which on PostgreSQL
    saves two round trips each time. Every statement sees what is committed when it runs, as it would anyway."""
    options: dict[str, Any] = {READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    return engine.execution_options(**options)


def _ask_idle_connections(engine: Engine) -> None:
    """A connection that lay in the pool for a while is asked whether it is still there, and replaced if not. Asking
    each time would cost one more round trip for every use."""

    @event.listens_for(engine, "checkin")
    def _left(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < _IDLE_SECONDS:
            return
        try:
            connection.autocommit = True
            connection.execute("SELECT 1")
            connection.autocommit = False
        except Exception as gone:  # whatever the driver says of it, the pool takes another one
            raise DisconnectionError from gone


def _open_sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **_JSON, connect_args={"timeout": 20, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(READ_ONLY):
            take_write_lock(connection)

    return engine


def take_write_lock(connection: Connection) -> None:
    """Begin SQLite's write transaction, on a connection that only read so far or has done nothing yet."""
    connection.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
