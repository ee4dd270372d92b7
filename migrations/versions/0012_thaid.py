"""What ThaID confirmed: about people at counters, and about the holders of accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("thaid_proofs",
    sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column("ask", sa.Text(), nullable=False),
    sa.Column("asked_by", sa.Text(), nullable=False),
    sa.Column("unit_code", sa.Text(), nullable=False),
    sa.Column("pid_sealed", sa.LargeBinary(), nullable=False),
    sa.Column("pid_index", sa.LargeBinary(), nullable=False),
    sa.Column("pid_masked", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("issuer", sa.Text(), nullable=False),
    sa.Column("ial", sa.Text(), nullable=False),
    sa.Column("confirmed_at", UtcDateTime(), nullable=False),
    sa.Column("expires_at", UtcDateTime(), nullable=False),
    sa.Column("used_at", UtcDateTime(), nullable=True),
    sa.Column("used_case", sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_thaid_proofs"))
    )
    op.create_index("ix_thaid_proofs_ask", "thaid_proofs", ["ask"], unique=True)
    op.create_index("ix_thaid_proofs_unit_pid", "thaid_proofs", ["unit_code", "pid_index"], unique=False)
    op.add_column("accounts", sa.Column("self_registered_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("thaid_verified_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("thaid_ial", sa.Text(), nullable=True))

