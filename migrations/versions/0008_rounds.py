"""Rounds of grants: schedules, rounds and the cases in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_schedules",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("cutoff_days", sa.BigInteger(), nullable=False),
        sa.Column("closes_before", sa.BigInteger(), nullable=False),
        sa.Column("roll", sa.Text(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_round_schedules")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["schedule"], ["round_schedules.code"], name=op.f("fk_rounds_schedule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_state", "rounds", ["state", "effective_on"])
    op.create_table(
        "round_members",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("news", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_members_round_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_round_members_case_id")),
        sa.PrimaryKeyConstraint("round_id", "case_id", name=op.f("pk_round_members")),
    )
    op.create_index("ix_round_members_case", "round_members", ["case_id"])
    op.create_index("ix_round_members_state", "round_members", ["round_id", "state", "case_id"])
    op.create_index(
        "ix_round_members_news",
        "round_members",
        ["case_id"],
        sqlite_where=sa.text("news"),
        postgresql_where=sa.text("news"),
    )


def downgrade() -> None:
    op.drop_table("round_members")
    op.drop_table("rounds")
    op.drop_table("round_schedules")
