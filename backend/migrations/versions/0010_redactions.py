"""Redactions belong to teams; bytes may come back for those that redacted nothing

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REDACTED = (
    "EXISTS (SELECT 1 FROM revision_files AS f "
    "JOIN components AS c ON c.id = OLD.component_id "
    "JOIN redactions AS x ON x.team_id = c.team_id AND x.digest = f.blob_digest "
    "WHERE f.revision_id = OLD.id)"
)
BEFORE_REDACTED = (
    "EXISTS (SELECT 1 FROM revision_files AS f "
    "JOIN blobs AS b ON b.digest = f.blob_digest "
    "WHERE f.revision_id = OLD.id AND b.redacted_at IS NOT NULL)"
)
SAME_BLOB = (
    "NEW.digest = OLD.digest AND NEW.size = OLD.size "
    "AND NEW.created_at = OLD.created_at"
)
EMPTIED = (
    "OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL AND NEW.content IS NULL "
    f"AND {SAME_BLOB}"
)
MARKED = "EXISTS (SELECT 1 FROM redactions AS x WHERE x.digest = OLD.digest)"
REVIVED = f"OLD.redacted_at IS NOT NULL AND NEW.redacted_at IS NULL AND {SAME_BLOB}"
BLOBS = f"({EMPTIED} AND {MARKED}) OR ({REVIVED})"


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "redactions",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("redacted_by", sa.Uuid(), nullable=False),
        sa.Column("redacted_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reason", sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_redactions_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["redacted_by"], ["users.id"], name=op.f("fk_redactions_redacted_by")
        ),
        sa.PrimaryKeyConstraint("team_id", "digest", name=op.f("pk_redactions")),
    )
    with op.batch_alter_table("redactions") as batch_op:
        batch_op.create_index(batch_op.f("ix_redactions_digest"), ["digest"])
        batch_op.create_index(batch_op.f("ix_redactions_redacted_by"), ["redacted_by"])
    if on_postgresql:
        op.execute(
            "CREATE TRIGGER redactions_immutable BEFORE UPDATE OR DELETE ON redactions "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER redactions_kept BEFORE TRUNCATE ON redactions "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER redactions_no_{verb.lower()} BEFORE {verb} "
                "ON redactions "
                "BEGIN SELECT RAISE(ABORT, 'redactions is immutable'); END"
            )
    _guard(blobs=BLOBS, revisions=REDACTED)


def _guard(*, blobs: str, revisions: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        same = "to_jsonb(NEW) - 'manifest' = to_jsonb(OLD) - 'manifest'"
        emptied = f"NEW.manifest::text = '{{}}' AND {same} AND {revisions}"
        for name, allowed in (
            ("guard_blobs_update", blobs),
            ("guard_revisions", emptied),
        ):
            op.execute(
                f"""
                CREATE OR REPLACE FUNCTION {name}() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    IF {allowed} THEN RETURN NEW; END IF;
                    RAISE EXCEPTION '% is immutable', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END
                $$
                """
            )
        return
    same = " AND ".join(
        f"NEW.{column['name']} IS OLD.{column['name']}"
        for column in sa.inspect(op.get_bind()).get_columns("revisions")
        if column["name"] != "manifest"
    )
    emptied = f"NEW.manifest = '{{}}' AND {same} AND {revisions}"
    for table, allowed in (("blobs", blobs), ("revisions", emptied)):
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
        )


def downgrade() -> None:
    _guard(blobs=EMPTIED, revisions=BEFORE_REDACTED)
    op.drop_table("redactions")
