"""People in LINE, and bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("bookings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=False),
        sa.Column("pid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("line_person_id", sa.BigInteger(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("booked_at", UtcDateTime(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("arrived_by", sa.Text(), nullable=True),
        sa.Column("used_case", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings"))
    )
    op.create_index("ix_bookings_case", "bookings", ["case_id"], unique=False)
    op.create_index("ix_bookings_person", "bookings", ["line_person_id"], unique=False)
    op.create_index("ix_bookings_pid_day", "bookings", ["pid_index", "service_on"], unique=False)
    op.create_index("ix_bookings_place", "bookings", ["place"], unique=True)
    op.create_index("ix_bookings_token", "bookings", ["token_hash"], unique=True)
    op.create_index("ix_bookings_unit_day", "bookings", ["unit_code", "service_on", "state"], unique=False)
    op.create_table("line_people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("user_index", sa.LargeBinary(), nullable=True),
        sa.Column("pid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=True),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("consent_sha256", sa.Text(), nullable=False),
        sa.Column("consent_at", UtcDateTime(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_people"))
    )
    op.create_index("ix_line_people_pid", "line_people", ["pid_index"], unique=True)
    op.create_index("ix_line_people_user", "line_people", ["user_index"], unique=True)
    op.create_table("line_family",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("pid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("consent_sha256", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["line_people.id"], name=op.f("fk_line_family_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_family"))
    )
    op.create_index("ix_line_family_pid", "line_family", ["pid_index"], unique=False)
    op.create_index("ix_line_family_place", "line_family", ["person_id", "place"], unique=True)
    op.create_table("line_scans",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("family_id", sa.BigInteger(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("service_code", sa.Text(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["line_people.id"], name=op.f("fk_line_scans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_scans"))
    )
    op.create_index("ix_line_scans_person", "line_scans", ["person_id", "scanned_at"], unique=False)
    op.create_index("ix_line_scans_proof", "line_scans", ["unit_code", "service_on", "pid_index"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_line_scans_proof", table_name="line_scans")
    op.drop_index("ix_line_scans_person", table_name="line_scans")
    op.drop_table("line_scans")
    op.drop_index("ix_line_family_place", table_name="line_family")
    op.drop_index("ix_line_family_pid", table_name="line_family")
    op.drop_table("line_family")
    op.drop_index("ix_line_people_user", table_name="line_people")
    op.drop_index("ix_line_people_pid", table_name="line_people")
    op.drop_table("line_people")
    op.drop_index("ix_bookings_unit_day", table_name="bookings")
    op.drop_index("ix_bookings_token", table_name="bookings")
    op.drop_index("ix_bookings_place", table_name="bookings")
    op.drop_index("ix_bookings_pid_day", table_name="bookings")
    op.drop_index("ix_bookings_person", table_name="bookings")
    op.drop_index("ix_bookings_case", table_name="bookings")
    op.drop_table("bookings")
