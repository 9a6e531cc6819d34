"""Triggers that keep releases, applied promotions, names and blobs as they are

Revision ID: 0007
Revises: 0006
"""
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What may be done to a row only where the condition holds.
NEVER = "1 = 0"
PUBLISHED = (
    "NOT EXISTS (SELECT 1 FROM revisions AS r WHERE r.component_id = OLD.component_id)"
)
REDACTION = (
    "OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL AND NEW.content IS NULL "
    "AND NEW.digest = OLD.digest AND NEW.size = OLD.size "
    "AND NEW.created_at = OLD.created_at"
)
OPEN = "OLD.state = 'open'"


def _of_open(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM promotions AS p "
        f"WHERE p.id = {row}.promotion_id AND p.state = 'open')"
    )


GUARDS: dict[str, dict[str, str]] = {
    "releases": {"UPDATE": NEVER, "DELETE": NEVER},
    "release_entries": {
        "INSERT": (
            "(SELECT count(*) FROM release_entries AS e "
            "WHERE e.release_id = NEW.release_id) < "
            "(SELECT r.entry_count FROM releases AS r WHERE r.id = NEW.release_id)"
        ),
        "UPDATE": NEVER,
        "DELETE": NEVER,
    },
    "yanks": {"UPDATE": NEVER},
    "promotions": {"UPDATE": OPEN, "DELETE": NEVER},
    "promotion_approvals": {
        "INSERT": _of_open("NEW"),
        "UPDATE": _of_open("OLD"),
        "DELETE": _of_open("OLD"),
    },
    "promotion_comments": {"UPDATE": NEVER, "DELETE": NEVER},
    "component_names": {"UPDATE": NEVER, "DELETE": PUBLISHED},
    "blobs": {"UPDATE": REDACTION},
    "revision_files": {
        "INSERT": (
            "(SELECT count(*) FROM revision_files AS f "
            "WHERE f.revision_id = NEW.revision_id) < "
            "(SELECT r.file_count FROM revisions AS r WHERE r.id = NEW.revision_id)"
        ),
    },
}
KEPT = ("releases", "release_entries", "promotions", "promotion_comments")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
        op.execute("DROP TRIGGER blobs_immutable ON blobs")
        for table, verbs in GUARDS.items():
            for verb, allowed in verbs.items():
                _guard_on_postgresql(table, verb, allowed)
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    for table, verbs in GUARDS.items():
        for verb, allowed in verbs.items():
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"WHEN NOT ({allowed}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
            )


def _guard_on_postgresql(table: str, verb: str, allowed: str) -> None:
    name = f"guard_{table}_{verb.lower()}"
    row = "OLD" if verb == "DELETE" else "NEW"
    op.execute(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {allowed} THEN RETURN {row}; END IF;
            RAISE EXCEPTION '% is immutable', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, verbs in GUARDS.items():
        for verb in verbs:
            trigger = f"{table}_no_{verb.lower()}"
            op.execute(
                f"DROP TRIGGER {trigger}" + (f" ON {table}" if on_postgresql else "")
            )
            if on_postgresql:
                op.execute(f"DROP FUNCTION guard_{table}_{verb.lower()}()")
    if on_postgresql:
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute(
            "CREATE TRIGGER blobs_immutable BEFORE UPDATE ON blobs "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
