"""Answers to POSTs that are sent again; secrets that imports find written out

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "idempotent_responses",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqltypes.AutoString(length=255), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("body_hash", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "actor_id", "key", name=op.f("pk_idempotent_responses")
        ),
    )
    with op.batch_alter_table("idempotent_responses") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotent_responses_created_at"), ["created_at"]
        )
    decision = sa.Enum(
        "move", "keep", name="secretsdecision", native_enum=False, length=16
    )
    with op.batch_alter_table("import_files") as batch_op:
        batch_op.add_column(
            sa.Column(
                "literal_secrets", sa.Integer(), nullable=False, server_default="0"
            )
        )
        batch_op.add_column(sa.Column("secrets", decision, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_files") as batch_op:
        batch_op.drop_column("secrets")
        batch_op.drop_column("literal_secrets")
    op.drop_table("idempotent_responses")
