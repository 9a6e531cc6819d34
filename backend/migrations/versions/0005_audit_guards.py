"""Triggers that keep audit events and their checkpoints as they are

Revision ID: 0005
Revises: 0004
"""
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EVENT_COLUMNS = (
    "id", "created_at", "action", "actor_id", "actor_name", "session_id", "token_id",
    "team_id", "target_kind", "target_id", "target_name", "address", "request_id",
    "details",
)
CHECKPOINT_COLUMNS = (
    "id", "created_at", "first_seq", "last_seq", "last_event_at", "last_mac", "mac",
)


def _unchanged(columns: tuple[str, ...], same: str) -> str:
    return " AND ".join(f"{_text(c, 'NEW')} {same} {_text(c, 'OLD')}" for c in columns)


def _text(column: str, row: str) -> str:
    # PostgreSQL has no equality for JSON; as text, not even its spaces may change.
    cast = "::text" if column == "details" and _on_postgresql() else ""
    return f"{row}.{column}{cast}"


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sealing(same: str) -> str:
    return (
        "OLD.seq IS NULL AND OLD.mac IS NULL "
        "AND NEW.seq IS NOT NULL AND NEW.mac IS NOT NULL "
        f"AND {_unchanged(EVENT_COLUMNS, same)}"
    )


def _removing(same: str) -> str:
    return (
        "OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL "
        f"AND {_unchanged(CHECKPOINT_COLUMNS, same)}"
    )


# By retention, which marks the segment's checkpoint first.
REMOVED = (
    "EXISTS (SELECT 1 FROM audit_checkpoints AS c WHERE c.removed_at IS NOT NULL "
    "AND OLD.seq BETWEEN c.first_seq AND c.last_seq)"
)


def upgrade() -> None:
    if _on_postgresql():
        op.execute("SET LOCAL lock_timeout = '5s'")
        _guard_on_postgresql("audit_events", _sealing("IS NOT DISTINCT FROM"), REMOVED)
        _guard_on_postgresql(
            "audit_checkpoints", _removing("IS NOT DISTINCT FROM"), "false"
        )
        return
    _guard_on_sqlite("audit_events", _sealing("IS"), REMOVED)
    _guard_on_sqlite("audit_checkpoints", _removing("IS"), "0")


def _guard_on_postgresql(table: str, may_update: str, may_delete: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {may_update} THEN RETURN NEW; END IF;
            ELSIF {may_delete} THEN RETURN OLD;
            END IF;
            RAISE EXCEPTION '% is immutable', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION guard_{table}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _guard_on_sqlite(table: str, may_update: str, may_delete: str) -> None:
    for verb, allowed in (("UPDATE", may_update), ("DELETE", may_delete)):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
        )


def downgrade() -> None:
    for table in ("audit_events", "audit_checkpoints"):
        if _on_postgresql():
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
            op.execute(f"DROP TRIGGER {table}_immutable ON {table}")
            op.execute(f"DROP FUNCTION guard_{table}()")
        else:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
