"""Pulls are counted by day

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = {
    "release_pulls": (
        "release_id",
        "releases",
        sa.Column("target", sqltypes.AutoString(length=32), nullable=False),
    ),
    "component_pulls": (
        "component_id",
        "components",
        sa.Column("number", sa.Integer(), nullable=False),
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    for table, (owner, of, part) in TABLES.items():
        op.create_table(
            table,
            sa.Column(owner, sa.Uuid(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            part,
            sa.Column("client", sqltypes.AutoString(length=32), nullable=False),
            sa.Column("count", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint([owner], [f"{of}.id"], name=f"fk_{table}_{owner}"),
            sa.PrimaryKeyConstraint(
                owner, "day", part.name, "client", name=f"pk_{table}"
            ),
        )
        op.create_index(f"ix_{table}_day", table, ["day"])
    shared = sa.Column(
        "share_usage", sa.Boolean(), nullable=False, server_default=sa.text("false")
    )
    op.add_column("teams", shared)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("teams", "share_usage")
    for table in reversed(TABLES):
        op.drop_table(table)
