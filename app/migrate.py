"""Bringing the database to this release's tables, and saying whether it is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(database_url: str) -> None:
    """Run the migrations that are missing. Safe on several nodes at once."""
    command.upgrade(_config(database_url), "head")


def is_current(db: Connection) -> bool:
    """Whether the database has exactly the tables of this release."""
    return MigrationContext.configure(db).get_current_revision() == _head()


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_config("")).get_current_head()


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config
