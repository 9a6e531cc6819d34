"""Releases keep what their collection and author were called

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FACTS: tuple[tuple[str, sa.types.TypeEngine[str]], ...] = (
    ("team", sqltypes.AutoString(length=40)),
    ("name", sqltypes.AutoString(length=64)),
    ("title", sqltypes.AutoString(length=100)),
    ("description", sa.Text()),
    ("author", sqltypes.AutoString(length=40)),
)
AS_THEY_ARE = """
    UPDATE releases SET
        team = (SELECT t.slug FROM teams AS t
                JOIN collections AS c ON c.team_id = t.id
                WHERE c.id = releases.collection_id),
        name = (SELECT c.name FROM collections AS c
                WHERE c.id = releases.collection_id),
        title = (SELECT c.title FROM collections AS c
                 WHERE c.id = releases.collection_id),
        description = (SELECT c.description FROM collections AS c
                       WHERE c.id = releases.collection_id),
        author = (SELECT u.username FROM users AS u
                  WHERE u.id = releases.author_id)
"""
GUARD = "releases_no_update"
SQLITE_GUARD = (
    f"CREATE TRIGGER {GUARD} BEFORE UPDATE ON releases WHEN NOT (1 = 0) "
    "BEGIN SELECT RAISE(ABORT, 'releases is immutable'); END"
)


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("SET LOCAL lock_timeout = '5s'")
    for name, type_ in FACTS:
        column = sa.Column(name, type_, nullable=False, server_default="")
        op.add_column("releases", column)
    # What was released before is called as it is now: nobody knows better any more.
    if on_postgresql:
        op.execute(f"ALTER TABLE releases DISABLE TRIGGER {GUARD}")
        op.execute(AS_THEY_ARE)
        op.execute(f"ALTER TABLE releases ENABLE TRIGGER {GUARD}")
        return
    op.execute(f"DROP TRIGGER {GUARD}")
    op.execute(AS_THEY_ARE)
    op.execute(SQLITE_GUARD)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    for name, _ in reversed(FACTS):
        op.drop_column("releases", name)
