"""What main files say, as the API shows it

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "readings",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("rules", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("digest", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revisions.id"],
            name=op.f("fk_readings_revision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_readings")),
    )
    if on_postgresql:
        # To unpack it would take longer than to read it.
        op.execute("ALTER TABLE readings ALTER COLUMN said SET STORAGE EXTERNAL")
        # A rare value that the planner takes for a common one costs it seconds.
        op.execute("ALTER TABLE labels ALTER COLUMN name SET STATISTICS 1000")
        op.execute("ALTER TABLE component_facets ALTER value SET STATISTICS 1000")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE component_facets ALTER value SET STATISTICS -1")
        op.execute("ALTER TABLE labels ALTER COLUMN name SET STATISTICS -1")
    op.drop_table("readings")
