"""Cases that a message started remember which, so that it starts them once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("origin", sa.Text(), nullable=True))
        cases.create_unique_constraint("uq_cases_origin", ["origin"])
