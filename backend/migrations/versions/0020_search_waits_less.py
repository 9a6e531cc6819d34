"""Put new words into the search indexes of PostgreSQL soon, as each search reads what waits

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KIB = {"names": 64, "heads": 64, "terms": 256}
"""So much may wait. The usual 4 MiB take 10 ms of each search, and then the one who
fills them up almost half a second."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
        for column, size in KIB.items():
            op.execute(
                f"ALTER INDEX ix_search_documents_{column} "
                f"SET (gin_pending_list_limit = {size})"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column in KIB:
            op.execute(
                f"ALTER INDEX ix_search_documents_{column} "
                "RESET (gin_pending_list_limit)"
            )
