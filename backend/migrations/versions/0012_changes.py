"""What transactions changed, for the caches of other processes

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "changes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("origin", sqltypes.AutoString(length=32), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_transaction"), "changes", ["transaction"])
    op.create_index(op.f("ix_changes_made_at"), "changes", ["made_at"])


def downgrade() -> None:
    op.drop_table("changes")
