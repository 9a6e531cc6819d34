"""Who has components that are not published

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    unpublished = sa.text("published_at IS NULL")
    op.create_index(
        "ix_components_unpublished",
        "components",
        ["created_by"],
        sqlite_where=unpublished,
        postgresql_where=unpublished,
    )


def downgrade() -> None:
    op.drop_index("ix_components_unpublished", "components")
