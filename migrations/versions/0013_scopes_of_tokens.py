"""Scopes of tokens, and tokens of units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NEW = ("unit_code", "scopes")


def upgrade() -> None:
    with op.batch_alter_table("api_tokens") as table:
        table.add_column(sa.Column("unit_code", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("scopes", sa.JSON(), nullable=False, server_default='["full"]'))
        table.create_index("ix_api_tokens_unit", ["unit_code"])
    # What existing rows needed a default for, new rows are given by the product
    with op.batch_alter_table("api_tokens") as table:
        for column in _NEW:
            table.alter_column(column, server_default=None)
