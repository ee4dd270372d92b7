"""Quotas per profession, common illnesses, who has an authentication for review."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("common_illnesses",
    sa.Column("code", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("position", sa.BigInteger(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("revision", sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint("code", name=op.f("pk_common_illnesses"))
    )
    op.create_table("quota_holds",
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("unit_code", sa.Text(), nullable=False),
    sa.Column("profession", sa.Text(), nullable=False),
    sa.Column("month", sa.Text(), nullable=False),
    sa.Column("day", sa.Date(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("case_id", sa.BigInteger(), nullable=False),
    sa.Column("claim_code", sa.Text(), nullable=True),
    sa.Column("updated_at", UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint("key", name=op.f("pk_quota_holds"))
    )
    op.create_index("ix_quota_holds_code", "quota_holds", ["claim_code"], unique=False)
    op.create_index("ix_quota_holds_state", "quota_holds", ["state", "day"], unique=False)
    op.create_table("quotas",
    sa.Column("unit_code", sa.Text(), nullable=False),
    sa.Column("profession", sa.Text(), nullable=False),
    sa.Column("month", sa.Text(), nullable=False),
    sa.Column("total", sa.BigInteger(), nullable=False),
    sa.Column("held", sa.BigInteger(), nullable=False),
    sa.Column("used", sa.BigInteger(), nullable=False),
    sa.Column("revision", sa.BigInteger(), nullable=False),
    sa.Column("updated_at", UtcDateTime(), nullable=False),
    sa.Column("updated_by", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("unit_code", "profession", "month", name=op.f("pk_quotas"))
    )
    op.add_column("authentications", sa.Column("review_case", sa.BigInteger(), nullable=True))
    op.add_column("authentications", sa.Column("review_stage", sa.Text(), nullable=True))
    op.add_column("authentications", sa.Column("void_case", sa.BigInteger(), nullable=True))
    op.create_index("ix_authentications_opened", "authentications", ["opened_at"], unique=False)
    op.create_index("ix_authentications_region_opened", "authentications", ["region", "opened_at"], unique=False)
    op.create_index("ix_authentications_unit_opened", "authentications", ["unit_code", "opened_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_authentications_unit_opened", table_name="authentications")
    op.drop_index("ix_authentications_region_opened", table_name="authentications")
    op.drop_index("ix_authentications_opened", table_name="authentications")
    op.drop_column("authentications", "void_case")
    op.drop_column("authentications", "review_stage")
    op.drop_column("authentications", "review_case")
    op.drop_table("quotas")
    op.drop_index("ix_quota_holds_state", table_name="quota_holds")
    op.drop_index("ix_quota_holds_code", table_name="quota_holds")
    op.drop_table("quota_holds")
    op.drop_table("common_illnesses")
