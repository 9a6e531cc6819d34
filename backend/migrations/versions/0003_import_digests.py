"""Digests by which an import tells what it would change

Revision ID: 0003
Revises: 0002
"""
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE = "import_files"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("repaired_digest", "seen_digest"):
        op.add_column(TABLE, sa.Column(name, sa.String(length=64), nullable=True))
    for name in ("has_repair", "needs_repair"):
        no = sa.text("false")
        column = sa.Column(name, sa.Boolean(), nullable=False, server_default=no)
        op.add_column(TABLE, column)


def downgrade() -> None:
    for name in ("needs_repair", "has_repair", "seen_digest", "repaired_digest"):
        with op.batch_alter_table(TABLE) as batch:
            batch.drop_column(name)
