"""Indexes that hold all that the counts of exceptions need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SILENT = sa.text("CAST(evidence AS TEXT) LIKE '%\"no_answer\"%'")


def upgrade() -> None:
    op.drop_index("ix_authentications_opened", "authentications")
    op.drop_index("ix_authentications_region_opened", "authentications")
    op.create_index(
        "ix_authentications_region_opened",
        "authentications",
        ["region", "opened_at", "unit_code", "method", "state"],
    )
    op.create_index(
        "ix_authentications_opened", "authentications", ["opened_at", "unit_code", "region", "method", "state"]
    )
    op.create_index(
        "ix_authentications_face_silent",
        "authentications",
        ["opened_at", "unit_code", "region"],
        sqlite_where=_SILENT,
        postgresql_where=_SILENT,
    )


def downgrade() -> None:
    op.drop_index("ix_authentications_face_silent", "authentications")
    op.drop_index("ix_authentications_opened", "authentications")
    op.drop_index("ix_authentications_region_opened", "authentications")
    op.create_index("ix_authentications_region_opened", "authentications", ["region", "opened_at"])
    op.create_index("ix_authentications_opened", "authentications", ["opened_at"])
