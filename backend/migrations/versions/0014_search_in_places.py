"""Look words up by place, and leave out by the index what a caller may not see

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MARK = "\ue000"
"""Begins words that no text holds: see roster/search/scopes.py."""
BUCKET = 4096
"""See roster/search/matching.py."""

SQLITE_SCOPE = (
    f"'{MARK}v' || {{row}}.visibility || ' {MARK}k' || {{row}}.kind || "
    f"' {MARK}t' || {{row}}.team_id || 'z'"
)
POSTGRES_SCOPE = (
    f"'{MARK}v' || {{row}}.visibility || ' {MARK}k' || {{row}}.kind || "
    f"' {MARK}t' || replace({{row}}.team_id::text, '-', '') || 'z'"
)
TOKENIZE = "tokenize='porter unicode61 remove_diacritics 2'"
SQLITE_INDEXES = {
    "component_search": ("name, description, body, scope", ""),
    # Beginnings of words are looked up here while somebody types.
    "component_heads": ("name, description, scope", "prefix='1 2 3',"),
}
CHANGES = {
    "added": ("INSERT", ("new",)),
    "removed": ("DELETE", ("old",)),
    "changed": ("UPDATE", ("old", "new")),
}

WORDS = {
    "names": ("name", "A"),
    "heads": ("description", "B"),
    "terms": ("body", "D"),
}


def upgrade() -> None:
    op.create_table(
        "search_trigrams",
        sa.Column("trigram", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trigram", "word", name="pk_search_trigrams"),
        sqlite_with_rowid=False,
    )
    scope = sa.Column("scope", sa.Text(), nullable=False, server_default="")
    op.add_column("search_documents", scope)
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if not on_postgres:
        _drop_sqlite_search()
    row = (POSTGRES_SCOPE if on_postgres else SQLITE_SCOPE).format(row="components")
    op.execute(
        f"UPDATE search_documents SET scope = (SELECT {row} FROM components "
        "WHERE components.id = search_documents.component_id)"
    )
    op.create_index("ix_search_documents_name", "search_documents", ["name"])
    (_upgrade_postgres if on_postgres else _upgrade_sqlite)()


def _upgrade_sqlite() -> None:
    for name, (columns, options) in SQLITE_INDEXES.items():
        op.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, {options} "
            f"content='search_documents', content_rowid='rowid', {TOKENIZE})"
        )
        op.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")
    for change, (verb, rows) in CHANGES.items():
        steps = [
            _sqlite_step(name, columns, row)
            for row in rows
            for name, (columns, _) in SQLITE_INDEXES.items()
        ]
        op.execute(
            f"CREATE TRIGGER search_documents_{change} AFTER {verb} "
            f"ON search_documents BEGIN {' '.join(steps)} END"
        )
    op.execute(
        "CREATE TRIGGER components_rescoped AFTER UPDATE OF visibility, team_id "
        "ON components WHEN old.visibility <> new.visibility "
        "OR old.team_id <> new.team_id BEGIN "
        f"UPDATE search_documents SET scope = {SQLITE_SCOPE.format(row='new')} "
        "WHERE component_id = new.id; END"
    )


def _sqlite_step(name: str, columns: str, row: str) -> str:
    values = ", ".join(f"{row}.{column}" for column in columns.split(", "))
    if row == "new":
        return f"INSERT INTO {name}(rowid, {columns}) VALUES (new.rowid, {values});"
    return (
        f"INSERT INTO {name}({name}, rowid, {columns}) "
        f"VALUES ('delete', old.rowid, {values});"
    )


def _drop_sqlite_search() -> None:
    for change in CHANGES:
        op.execute(f"DROP TRIGGER search_documents_{change}")
    op.execute("DROP TABLE component_search")


def _upgrade_postgres() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE search_documents DROP COLUMN terms")
    parts = [
        "array_to_tsvector(string_to_array(scope, ' ') || "
        f"('{MARK}b' || (rowid / {BUCKET})::text))"
    ]
    for column, (text, weight) in WORDS.items():
        parts.append(f"setweight(to_tsvector('english', {text}), '{weight}')")
        op.execute(
            f"ALTER TABLE search_documents ADD COLUMN {column} tsvector "
            f"GENERATED ALWAYS AS ({' || '.join(parts)}) STORED"
        )
        op.execute(
            f"CREATE INDEX ix_search_documents_{column} ON search_documents "
            f"USING gin ({column})"
        )
    # To unpack it takes longer than to read it, and ranking reads many.
    op.execute("ALTER TABLE search_documents ALTER COLUMN terms SET STORAGE EXTERNAL")
    op.execute(
        "CREATE FUNCTION rescope_component() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN UPDATE search_documents SET scope = {POSTGRES_SCOPE.format(row='NEW')} "
        "WHERE component_id = NEW.id; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER components_rescoped AFTER UPDATE OF visibility, team_id "
        "ON components FOR EACH ROW WHEN (OLD.visibility IS DISTINCT FROM "
        "NEW.visibility OR OLD.team_id IS DISTINCT FROM NEW.team_id) "
        "EXECUTE FUNCTION rescope_component()"
    )


def downgrade() -> None:
    op.drop_table("search_trigrams")
    op.drop_index("ix_search_documents_name", "search_documents")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER components_rescoped ON components")
        op.execute("DROP FUNCTION rescope_component()")
        for column in reversed(WORDS):
            op.execute(f"ALTER TABLE search_documents DROP COLUMN {column}")
        op.drop_column("search_documents", "scope")
        parts = [
            f"setweight(to_tsvector('english', {text}), '{weight}')"
            for text, weight in WORDS.values()
        ]
        op.execute(
            "ALTER TABLE search_documents ADD COLUMN terms tsvector "
            f"GENERATED ALWAYS AS ({' || '.join(parts)}) STORED"
        )
        op.execute(
            "CREATE INDEX ix_search_documents_terms ON search_documents "
            "USING gin (terms)"
        )
        return
    op.execute("DROP TRIGGER components_rescoped")
    _drop_sqlite_search()
    op.execute("DROP TABLE component_heads")
    op.drop_column("search_documents", "scope")
    columns = "name, description, body"
    op.execute(
        f"CREATE VIRTUAL TABLE component_search USING fts5({columns}, "
        f"content='search_documents', content_rowid='rowid', {TOKENIZE})"
    )
    op.execute("INSERT INTO component_search(component_search) VALUES ('rebuild')")
    for change, (verb, rows) in CHANGES.items():
        steps = [_sqlite_step("component_search", columns, row) for row in rows]
        op.execute(
            f"CREATE TRIGGER search_documents_{change} AFTER {verb} "
            f"ON search_documents BEGIN {' '.join(steps)} END"
        )
