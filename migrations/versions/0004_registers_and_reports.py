"""Registers that the administration edits, and what reports of requests are filtered by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXTS = ("main_affiliation", "sub_affiliation", "code9", "public_phone")


def upgrade() -> None:
    with op.batch_alter_table("organisations") as table:
        for name in _TEXTS:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1"))
    for name in ("target_systems", "roles"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
            table.add_column(sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1"))
    with op.batch_alter_table("texts") as table:
        table.add_column(sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1"))
    op.create_table(
        "contacts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("system_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["system_code"], ["target_systems.code"], name=op.f("fk_contacts_system_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("sent_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("systems", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("channel", sa.Text(), nullable=False, server_default=""))
        table.create_index("ix_cases_sent", ["sent_at", "id"])
    op.execute("UPDATE cases SET sent_at = started_at WHERE number IS NOT NULL")
    # What existing rows needed a default for, new rows are given by the product
    defaulted = {
        "organisations": (*_TEXTS, "revision"),
        "target_systems": ("active", "revision"),
        "roles": ("active", "revision"),
        "texts": ("revision",),
        "cases": ("systems", "channel"),
    }
    for name, columns in defaulted.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)
