"""Devices without a browser that ask to be signed in

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "device_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("device_digest", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("user_digest", sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "approved",
                "denied",
                "used",
                name="devicestate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("client_name", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("user_agent", sqltypes.AutoString(length=300), nullable=False),
        sa.Column("device", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("address", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("polled_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("team_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lifetime_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_device_grants_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_grants")),
        sa.UniqueConstraint(
            "device_digest", name=op.f("uq_device_grants_device_digest")
        ),
        sa.UniqueConstraint("user_digest", name=op.f("uq_device_grants_user_digest")),
    )
    op.create_index(
        op.f("ix_device_grants_expires_at"), "device_grants", ["expires_at"]
    )
    op.create_index(op.f("ix_device_grants_user_id"), "device_grants", ["user_id"])


def downgrade() -> None:
    op.drop_table("device_grants")
