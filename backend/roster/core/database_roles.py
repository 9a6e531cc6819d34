"""What the role of the application may do on PostgreSQL, where it owns no table.

Rows, and nothing else: no change of a table, no trigger dropped or switched off, no
table emptied at once. What must never change is then safe from the application too.
"""

from sqlalchemy import Connection, text

NOT_PERMITTED = "42501"
"""What PostgreSQL says to who may not do what was asked."""

_LATER = "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
    # What a migration makes that is run by hand.
    _LATER + "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    _LATER + "GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    _LATER + "GRANT EXECUTE ON FUNCTIONS TO {role}",
)


class RoleError(Exception):
    """The role of the application is not fit for that, in one sentence."""


def grant(connection: Connection, role: str) -> None:
    """Grant a role what the application needs, as the owner of the tables.

    Raises:
        RoleError: There is no such role, or it could do more than it should.
    """
    if connection.scalar(text("SELECT current_user")) == role:
        return
    _require_fit(connection, role)
    quoted = connection.dialect.identifier_preparer.quote(role)
    for statement in _GRANTS:
        connection.exec_driver_sql(statement.format(role=quoted))


def _require_fit(connection: Connection, role: str) -> None:
    known = text("SELECT rolsuper FROM pg_roles WHERE rolname = :role")
    is_superuser = connection.scalar(known, {"role": role})
    if is_superuser is None:
        message = (
            f"There is no role {role} in this database, as ROSTER_DATABASE_URL names "
            "it: make it with CREATE ROLE … LOGIN PASSWORD …"
        )
        raise RoleError(message)
    member = text("SELECT pg_has_role(:role, current_user, 'MEMBER')")
    if is_superuser or connection.scalar(member, {"role": role}):
        message = (
            f"The role {role} in ROSTER_DATABASE_URL can do all that the owner of the "
            "tables can: use one that is neither a superuser nor a member of theirs."
        )
        raise RoleError(message)
    owned = text(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' "
        "AND tableowner = :role"
    )
    if connection.scalar(owned, {"role": role}):
        message = (
            f"The role {role} owns tables of this database: give them to the role in "
            f"ROSTER_MIGRATION_DATABASE_URL with REASSIGN OWNED BY {role} TO …"
        )
        raise RoleError(message)
