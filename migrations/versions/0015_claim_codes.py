"""Claim codes are drawn from leased counters; a patient has one open code for a service at a unit on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "code_counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("key_mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_code_counters")),
    )
    op.create_index(
        "ix_authentications_one_open",
        "authentications",
        ["unit_code", "service_on", "service_code", "pid_index"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_authentications_one_open", table_name="authentications")
    op.drop_table("code_counters")
