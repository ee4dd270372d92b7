"""Innovation units and authentications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.records.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("authentications",
        sa.Column("claim_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("service_code", sa.Text(), nullable=False),
        sa.Column("visit_kind", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("pid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("age", sa.BigInteger(), nullable=False),
        sa.Column("rights_class", sa.Text(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("illness", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("claimable", sa.BigInteger(), nullable=True),
        sa.Column("not_claimable", sa.BigInteger(), nullable=True),
        sa.Column("visit_number", sa.Text(), nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("voided_by", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("claim_code", name=op.f("pk_authentications"))
    )
    op.create_index("ix_authentications_case", "authentications", ["case_id"], unique=False)
    op.create_index("ix_authentications_pid_day", "authentications", ["pid_index", "service_on"], unique=False)
    op.create_index("ix_authentications_review", "authentications", ["review", "service_on"], unique=False)
    op.create_index("ix_authentications_unit_day", "authentications", ["unit_code", "service_on"], unique=False)
    op.create_index("ix_authentications_unit_state", "authentications", ["unit_code", "state", "service_on"], unique=False)
    op.create_table("endorsement_reasons",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("below_age", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_endorsement_reasons"))
    )
    op.create_table("innovation_units",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("general", sa.JSON(), nullable=False),
        sa.Column("professions", sa.JSON(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=True),
        sa.Column("registered_case", sa.BigInteger(), nullable=True),
        sa.Column("reactivated_at", UtcDateTime(), nullable=True),
        sa.Column("reactivated_case", sa.BigInteger(), nullable=True),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", name=op.f("pk_innovation_units"))
    )
    op.create_table("professions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("licensed_by", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_professions"))
    )
    op.create_table("rights_answers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_answers"))
    )
    op.create_index("ix_rights_answers_case", "rights_answers", ["case_id"], unique=False)
    op.create_table("service_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("visit_kind", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_codes"))
    )
    op.create_table("unit_personnel",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column("pid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pid_index", sa.LargeBinary(), nullable=False),
        sa.Column("pid_masked", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("licence_number", sa.Text(), nullable=False),
        sa.Column("licence_found", sa.Boolean(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("registration_types", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("every_day", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_personnel"))
    )
    op.create_index("ix_unit_personnel_pid", "unit_personnel", ["pid_index"], unique=False)
    op.create_index("ix_unit_personnel_unit", "unit_personnel", ["unit_code", "profession"], unique=False)
    op.create_table("authentication_changes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim_code", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["claim_code"], ["authentications.claim_code"], name=op.f("fk_authentication_changes_claim_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authentication_changes"))
    )
    op.create_index("ix_authentication_changes_code", "authentication_changes", ["claim_code", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_authentication_changes_code", table_name="authentication_changes")
    op.drop_table("authentication_changes")
    op.drop_index("ix_unit_personnel_unit", table_name="unit_personnel")
    op.drop_index("ix_unit_personnel_pid", table_name="unit_personnel")
    op.drop_table("unit_personnel")
    op.drop_table("service_codes")
    op.drop_index("ix_rights_answers_case", table_name="rights_answers")
    op.drop_table("rights_answers")
    op.drop_table("professions")
    op.drop_table("innovation_units")
    op.drop_table("endorsement_reasons")
    op.drop_index("ix_authentications_unit_state", table_name="authentications")
    op.drop_index("ix_authentications_unit_day", table_name="authentications")
    op.drop_index("ix_authentications_review", table_name="authentications")
    op.drop_index("ix_authentications_pid_day", table_name="authentications")
    op.drop_index("ix_authentications_case", table_name="authentications")
    op.drop_table("authentications")
