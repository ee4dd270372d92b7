"""Bulk requests keep a line for each person; campaigns say when a process may be started and until when levels decide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_bundles_document_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["documents.id"], name=op.f("fk_bundles_letter_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_bundles")),
    )
    op.create_table(
        "bulk_lines",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bulk_lines_case_id")),
        sa.PrimaryKeyConstraint("case_id", "line", name=op.f("pk_bulk_lines")),
    )
    op.create_index("ix_bulk_lines_pid", "bulk_lines", ["pid_index"])
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("units_by", sa.Date(), nullable=True),
        sa.Column("supervisors_by", sa.Date(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index("ix_campaigns_process", "campaigns", ["process_id", "opens_on"])
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("campaign_id", sa.BigInteger(), nullable=True))
        cases.create_index("ix_cases_campaign", ["campaign_id"])
