"""When a round opens: a field of its schedule, and the day of each round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round_schedules", sa.Column("opens_before", sa.BigInteger(), nullable=True))
    op.add_column("rounds", sa.Column("opens_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("rounds", "opens_on")
    op.drop_column("round_schedules", "opens_before")
