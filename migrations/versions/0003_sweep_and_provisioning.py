"""The nightly sweep, maintenance windows, and how grants reach the target systems."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dormancy_marks",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("last_used", UtcDateTime(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_dormancy_marks_account_id")),
        sa.PrimaryKeyConstraint("account_id", "last_used", "step", name=op.f("pk_dormancy_marks")),
    )
    op.create_index(
        "ix_accounts_dormancy",
        "accounts",
        ["last_used_at", "id"],
        sqlite_where=sa.text("status = 'active' AND realm = 'DC'"),
        postgresql_where=sa.text("status = 'active' AND realm = 'DC'"),
    )
    op.create_index("ix_grants_system", "grants", ["system_code", "account_id"])
    op.create_index("ix_grants_unit", "grants", ["unit_code"])
    op.create_table(
        "maintenance_windows",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("system_code", sa.Text(), nullable=True),
        sa.Column("text_th", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["system_code"], ["target_systems.code"], name=op.f("fk_maintenance_windows_system_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_windows")),
    )
    op.create_index("ix_maintenance_windows_ends", "maintenance_windows", ["ends_at"])
    op.create_table(
        "provisioning_targets",
        sa.Column("system_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["system_code"], ["target_systems.code"], name=op.f("fk_provisioning_targets_system_code")
        ),
        sa.PrimaryKeyConstraint("system_code", name=op.f("pk_provisioning_targets")),
    )
    op.create_table(
        "provisionings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("system_code", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=True),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisionings")),
    )
    op.create_index("ix_provisionings_grant", "provisionings", ["grant_id", "id"])
    op.create_index("ix_provisionings_system", "provisionings", ["system_code", "id"])
    op.create_index("ix_provisionings_key", "provisionings", ["key"])
    op.create_table(
        "accepted_differences",
        sa.Column("system_code", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("system_code", "username", "role_code", name=op.f("pk_accepted_differences")),
    )
