"""What was deleted long ago can be emptied, and cannot come back then

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NEVER = "1 = 0"
DELETED = (
    "(NEW.kind = 'component' AND EXISTS (SELECT 1 FROM components AS c "
    "JOIN teams AS t ON t.id = c.team_id WHERE c.id = NEW.id "
    "AND (c.deleted_at IS NOT NULL OR t.deleted_at IS NOT NULL))) "
    "OR (NEW.kind = 'collection' AND EXISTS (SELECT 1 FROM collections AS c "
    "JOIN teams AS t ON t.id = c.team_id WHERE c.id = NEW.id "
    "AND (c.deleted_at IS NOT NULL OR t.deleted_at IS NOT NULL))) "
    "OR (NEW.kind = 'team' AND EXISTS (SELECT 1 FROM teams AS t "
    "WHERE t.id = NEW.id AND t.deleted_at IS NOT NULL))"
)
REDACTED = (
    "EXISTS (SELECT 1 FROM revision_files AS f "
    "JOIN components AS c ON c.id = OLD.component_id "
    "JOIN redactions AS x ON x.team_id = c.team_id AND x.digest = f.blob_digest "
    "WHERE f.revision_id = OLD.id)"
)
# Of a component that was emptied, unless a release has locked the revision.
REVISION_EMPTIED = (
    "(EXISTS (SELECT 1 FROM purges AS p "
    "WHERE p.kind = 'component' AND p.id = OLD.component_id) "
    "AND NOT EXISTS (SELECT 1 FROM release_entries AS e "
    "WHERE e.component_id = OLD.component_id AND e.number = OLD.number))"
)
FILE_EMPTIED = (
    "EXISTS (SELECT 1 FROM revisions AS r "
    "JOIN purges AS p ON p.kind = 'component' AND p.id = r.component_id "
    "WHERE r.id = OLD.revision_id AND NOT EXISTS (SELECT 1 FROM release_entries AS e "
    "WHERE e.component_id = r.component_id AND e.number = r.number))"
)
COMPLETED = (
    "(SELECT count(*) FROM revision_files AS f "
    "WHERE f.revision_id = NEW.revision_id) < "
    "(SELECT r.file_count FROM revisions AS r WHERE r.id = NEW.revision_id)"
)
STILL_THERE = (
    "NOT EXISTS (SELECT 1 FROM revisions AS r "
    "JOIN purges AS p ON p.kind = 'component' AND p.id = r.component_id "
    "WHERE r.id = NEW.revision_id)"
)
RESTORABLE = ("components", "collections", "teams")


def _not_restored(table: str) -> str:
    kind = table.removesuffix("s")
    return (
        "OLD.deleted_at IS NULL OR NEW.deleted_at IS NOT NULL OR NOT EXISTS "
        f"(SELECT 1 FROM purges AS p WHERE p.kind = '{kind}' AND p.id = OLD.id)"
    )


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "purges",
        sa.Column("kind", sqltypes.AutoString(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purged_at", sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_purges")),
    )
    if on_postgresql:
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def _function(name: str, allowed: str, row: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            IF {allowed} THEN RETURN {row}; END IF;
            RAISE EXCEPTION '% is immutable', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )


def _trigger(name: str, event: str, table: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def _guard_on_postgresql() -> None:
    _function("guard_purges_insert", DELETED, "NEW")
    _trigger("purges_no_insert", "INSERT", "purges", "guard_purges_insert")
    _trigger("purges_immutable", "UPDATE OR DELETE", "purges", "refuse_change")
    op.execute(
        "CREATE TRIGGER purges_kept BEFORE TRUNCATE ON purges "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for table in RESTORABLE:
        _function(f"guard_{table}_restore", _not_restored(table), "NEW")
        name, event = f"{table}_no_restore", "UPDATE OF deleted_at"
        _trigger(name, event, table, f"guard_{table}_restore")
    _function("guard_revisions", _may_empty(REVISION_EMPTIED), "NEW")
    _function(
        "guard_revision_files_insert", f"{COMPLETED} AND {STILL_THERE}", "NEW"
    )
    op.execute("DROP TRIGGER revision_files_immutable ON revision_files")
    _trigger("revision_files_immutable", "UPDATE", "revision_files", "refuse_change")
    _function("guard_revision_files_delete", FILE_EMPTIED, "OLD")
    _trigger(
        "revision_files_no_delete",
        "DELETE",
        "revision_files",
        "guard_revision_files_delete",
    )


def _may_empty(emptied: str) -> str:
    return (
        "NEW.manifest::text = '{}' "
        "AND to_jsonb(NEW) - 'manifest' = to_jsonb(OLD) - 'manifest' "
        f"AND ({REDACTED} OR {emptied})"
    )


def _on_sqlite(table: str, name: str, event: str, allowed: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} "
        f"WHEN NOT ({allowed}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
    )


def _guard_on_sqlite() -> None:
    _on_sqlite("purges", "insert", "INSERT", DELETED)
    _on_sqlite("purges", "update", "UPDATE", NEVER)
    _on_sqlite("purges", "delete", "DELETE", NEVER)
    for table in RESTORABLE:
        _on_sqlite(table, "restore", "UPDATE OF deleted_at", _not_restored(table))
    for name in ("revisions_no_update", "revision_files_no_delete"):
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TRIGGER revision_files_no_insert")
    emptied = f"{_same_manifest()} AND ({REDACTED} OR {REVISION_EMPTIED})"
    _on_sqlite("revisions", "update", "UPDATE", emptied)
    _on_sqlite("revision_files", "delete", "DELETE", FILE_EMPTIED)
    _on_sqlite(
        "revision_files", "insert", "INSERT", f"{COMPLETED} AND {STILL_THERE}"
    )


def _same_manifest() -> str:
    same = " AND ".join(
        f"NEW.{column['name']} IS OLD.{column['name']}"
        for column in sa.inspect(op.get_bind()).get_columns("revisions")
        if column["name"] != "manifest"
    )
    return f"NEW.manifest = '{{}}' AND {same}"


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _downgrade_postgresql()
    else:
        for table in RESTORABLE:
            op.execute(f"DROP TRIGGER {table}_no_restore")
        for name in (
            "revisions_no_update",
            "revision_files_no_delete",
            "revision_files_no_insert",
        ):
            op.execute(f"DROP TRIGGER {name}")
        _on_sqlite(
            "revisions", "update", "UPDATE", f"{_same_manifest()} AND {REDACTED}"
        )
        op.execute(
            "CREATE TRIGGER revision_files_no_delete BEFORE DELETE ON revision_files "
            "BEGIN SELECT RAISE(ABORT, 'revision_files is immutable'); END"
        )
        _on_sqlite("revision_files", "insert", "INSERT", COMPLETED)
    op.drop_table("purges")


def _downgrade_postgresql() -> None:
    for table in RESTORABLE:
        op.execute(f"DROP TRIGGER {table}_no_restore ON {table}")
        op.execute(f"DROP FUNCTION guard_{table}_restore()")
    op.execute("DROP TRIGGER revision_files_no_delete ON revision_files")
    op.execute("DROP FUNCTION guard_revision_files_delete()")
    op.execute("DROP TRIGGER revision_files_immutable ON revision_files")
    _trigger(
        "revision_files_immutable",
        "UPDATE OR DELETE",
        "revision_files",
        "refuse_change",
    )
    _function("guard_revision_files_insert", COMPLETED, "NEW")
    _function("guard_revisions", _may_empty(NEVER), "NEW")
    op.execute("DROP TRIGGER purges_no_insert ON purges")
    op.execute("DROP FUNCTION guard_purges_insert()")
