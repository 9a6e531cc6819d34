"""Full-text indexes, and triggers that keep revisions as they are

Revision ID: 0002
Revises: 0001
"""
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IMMUTABLE = ("revisions", "revision_files")

SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE component_search USING fts5(
        name, description, body,
        content='search_documents', content_rowid='rowid',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN
        INSERT INTO component_search(rowid, name, description, body)
        VALUES (new.rowid, new.name, new.description, new.body);
    END
    """,
    """
    CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN
        INSERT INTO component_search(component_search, rowid, name, description, body)
        VALUES ('delete', old.rowid, old.name, old.description, old.body);
    END
    """,
    """
    CREATE TRIGGER search_documents_changed AFTER UPDATE ON search_documents BEGIN
        INSERT INTO component_search(component_search, rowid, name, description, body)
        VALUES ('delete', old.rowid, old.name, old.description, old.body);
        INSERT INTO component_search(rowid, name, description, body)
        VALUES (new.rowid, new.name, new.description, new.body);
    END
    """,
)

POSTGRES_SEARCH = (
    """
    ALTER TABLE search_documents ADD COLUMN terms tsvector
    GENERATED ALWAYS AS (
        setweight(to_tsvector('english', name), 'A') ||
        setweight(to_tsvector('english', description), 'B') ||
        setweight(to_tsvector('english', body), 'D')
    ) STORED
    """,
    "CREATE INDEX ix_search_documents_terms ON search_documents USING gin (terms)",
)

POSTGRES_REFUSE = """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is immutable', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END
    $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
        for statement in (*POSTGRES_SEARCH, POSTGRES_REFUSE):
            op.execute(statement)
        for table in IMMUTABLE:
            op.execute(
                f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        op.execute(
            "CREATE TRIGGER blobs_immutable BEFORE UPDATE ON blobs "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for statement in SQLITE_SEARCH:
        op.execute(statement)
    for table in IMMUTABLE:
        for verb in ("UPDATE", "DELETE"):
            op.execute(_sqlite_guard(table, verb))
    op.execute(_sqlite_guard("blobs", "UPDATE"))


def _sqlite_guard(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER blobs_immutable ON blobs")
        for table in IMMUTABLE:
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
            op.execute(f"DROP TRIGGER {table}_immutable ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("ALTER TABLE search_documents DROP COLUMN terms")
        return
    op.execute("DROP TRIGGER blobs_no_update")
    for table in IMMUTABLE:
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(f"DROP TRIGGER {table}_no_delete")
    for name in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER search_documents_{name}")
    op.execute("DROP TABLE component_search")
