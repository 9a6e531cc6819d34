"""Trees of imports; manifests that go with what was redacted

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A revision never changes, but for its manifest, which goes with a redacted file.
EMPTIED = (
    "EXISTS (SELECT 1 FROM revision_files AS f "
    "JOIN blobs AS b ON b.digest = f.blob_digest "
    "WHERE f.revision_id = OLD.id AND b.redacted_at IS NOT NULL)"
)


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "import_tree_files",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("path", sqltypes.AutoString(length=512), nullable=False),
        sa.Column("mode", sqltypes.AutoString(length=6), nullable=False),
        sa.Column("blob_digest", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_digest"],
            ["blobs.digest"],
            name=op.f("fk_import_tree_files_blob_digest"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["import_files.id"],
            name=op.f("fk_import_tree_files_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "path", name=op.f("pk_import_tree_files")),
    )
    with op.batch_alter_table("import_tree_files") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_tree_files_blob_digest"), ["blob_digest"]
        )
    if on_postgresql:
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def _guard_on_postgresql() -> None:
    op.execute(
        f"""
        CREATE FUNCTION guard_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.manifest::text = '{{}}'
                AND to_jsonb(NEW) - 'manifest' = to_jsonb(OLD) - 'manifest'
                AND {EMPTIED}
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION '% is immutable', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )
    op.execute("DROP TRIGGER revisions_immutable ON revisions")
    op.execute(
        "CREATE TRIGGER revisions_immutable BEFORE DELETE ON revisions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions "
        "FOR EACH ROW EXECUTE FUNCTION guard_revisions()"
    )


def _guard_on_sqlite() -> None:
    columns = sa.inspect(op.get_bind()).get_columns("revisions")
    same = " AND ".join(
        f"NEW.{column['name']} IS OLD.{column['name']}"
        for column in columns
        if column["name"] != "manifest"
    )
    op.execute("DROP TRIGGER revisions_no_update")
    op.execute(
        "CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions "
        f"WHEN NOT (NEW.manifest = '{{}}' AND {same} AND {EMPTIED}) "
        "BEGIN SELECT RAISE(ABORT, 'revisions is immutable'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER revisions_no_update ON revisions")
        op.execute("DROP TRIGGER revisions_immutable ON revisions")
        op.execute("DROP FUNCTION guard_revisions()")
        op.execute(
            "CREATE TRIGGER revisions_immutable BEFORE UPDATE OR DELETE ON revisions "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute("DROP TRIGGER revisions_no_update")
        op.execute(
            "CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions "
            "BEGIN SELECT RAISE(ABORT, 'revisions is immutable'); END"
        )
    with op.batch_alter_table("import_tree_files") as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_tree_files_blob_digest"))
    op.drop_table("import_tree_files")
