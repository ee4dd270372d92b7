"""What the life of an account needs: a password that a reset voided, lists by unit, the links of an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("password_void_at", UtcDateTime(), nullable=True))
        accounts.add_column(sa.Column("reset_guard_until", UtcDateTime(), nullable=True))
    op.create_index("ix_accounts_unit", "accounts", ["unit_code", "username"])
    op.create_index("ix_one_time_links_account", "one_time_links", ["account_id"])
