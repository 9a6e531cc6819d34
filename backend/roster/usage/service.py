"""Count pulls, in the transaction that tells the audit of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.inserting import insert_of, table_of
from roster.core.model import Model, utc_now
from roster.usage.clients import Client
from roster.usage.models import ComponentPull, ReleasePull

AT_ONCE = 100


async def count_release(
    session: AsyncSession, release_id: UUID, target: str, client: Client
) -> None:
    """Count a pull of a release.

    Args:
        session: The transaction.
        release_id: Of the release, which the caller was found to be allowed to see.
        target: Name of the target; empty for what is given as it is stored.
        client: What pulled.
    """
    row = {"release_id": release_id, "target": target, "client": client.value}
    await _count(session, ReleasePull, [row])


async def count_components(
    session: AsyncSession, pulled: Iterable[tuple[UUID, int]], client: Client
) -> None:
    """Count pulls of components, each by its id and the number of the revision."""
    rows = [
        {"component_id": component_id, "number": number, "client": client.value}
        # In one order, so that two transactions do not wait for each other.
        for component_id, number in sorted(set(pulled))
    ]
    for start in range(0, len(rows), AT_ONCE):
        await _count(session, ComponentPull, rows[start : start + AT_ONCE])


async def _count(
    session: AsyncSession, model: type[Model], rows: list[dict[str, Any]]
) -> None:
    table, today = table_of(model), utc_now().date()
    values = [{**row, "day": today, "count": 1} for row in rows]
    statement = insert_of(session)(table).values(values)
    more = {"count": table.c["count"] + 1}
    counted = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=more
    )
    connection = await session.connection()
    await connection.execute(counted)
