"""Services, professions and endorsement reasons are kept like the other registers: with revisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TABLES = ("service_codes", "professions", "endorsement_reasons")


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("revision", server_default=None)


def downgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("revision")
