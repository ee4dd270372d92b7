"""Runs the migrations on SQLite or PostgreSQL. Several nodes may start at once: one migrates, the others wait."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from workflows.records import Base
from workflows.records.database import open_database

LOCK = 7_404_001
"""PostgreSQL advisory lock that one migrating node holds."""


def run() -> None:
    engine = open_database(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":  # a table made anew would take with it what refers to its rows
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            context.run_migrations()
    engine.dispose()


run()
