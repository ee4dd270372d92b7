"""The migrations make exactly the tables that the code describes, on both databases, in one line of steps."""

from __future__ import annotations

import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tests.support.migrations import MIGRATIONS, upgrade
from workflows.records import Base
from workflows.records.database import open_database


def test_models_and_migrations_agree(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_second_upgrade_changes_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    upgrade(empty_database_url)


def test_migrations_are_one_numbered_line() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    revisions = [revision.revision for revision in reversed(list(scripts.walk_revisions()))]
    assert len({revision[:4] for revision in revisions}) == len(revisions)
    assert all(re.fullmatch(r"\d{4}(_\w+)?", revision) for revision in revisions)


def test_rows_survive_the_rebuilding_of_their_tables(empty_database_url: str) -> None:
    """SQLite changes a table by making it anew; what refers to its rows must not go with the old one."""
    upgrade(empty_database_url, "0001")
    engine = open_database(empty_database_url)
    with engine.begin() as db:
        for statement in _A_WAITING_CASE:
            db.execute(text(statement))
    engine.dispose()
    upgrade(empty_database_url)
    engine = open_database(empty_database_url)
    with engine.connect() as db:
        assert db.execute(text("SELECT name FROM subscriptions")).scalars().all() == ["word"]
        assert db.execute(text("SELECT COUNT(*) FROM cases")).scalar_one() == 1
    engine.dispose()


_A_WAITING_CASE = (
    "INSERT INTO definitions (key, kind, id, version, name, resource_name, sha256, body, bundle, deployment_key,"
    " deployed_at, deployed_by) VALUES (1, 'process', 'p', 1, '', '', '', '', '{}', 1, '2026-01-01', '')",
    "INSERT INTO cases (id, process_id, definition_key, revision, state, snapshot, started_at, requester, subject,"
    " unit_code, region, stage, outcome, pid_masked, sla_state, subscriptions_mac, has_incident, recompute, chain_seq,"
    " chain_mac) VALUES (1, 'p', 1, 0, 'ACTIVE', '', '2026-01-01', '', '', '', '', '', '', '', '', '', false, false,"
    " 0, '')",
    "INSERT INTO subscriptions (case_id, task_id, name, key, element_id) VALUES (1, '', 'word', '', '')",
)
