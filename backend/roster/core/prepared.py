"""Statements that are compiled once, and run within the transaction of a session.

As those of `direct.py`, but for several that belong together, or take longer than the
event loop should wait: on SQLite they run in the thread of their connection.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from cachetools import LRUCache
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.direct import STATEMENTS_KEPT, AnyRow, Prepared, prepare
from roster.core.driver import driver_of

DIRECT = "direct"
"""Where a session that only reads tells of what runs past it."""

_PREPARED: LRUCache[Any, Prepared] = LRUCache(STATEMENTS_KEPT)


async def rows_of(
    session: AsyncSession,
    key: Hashable | None,
    build: Callable[[], Any],
    values: Mapping[str, Any],
) -> list[AnyRow]:
    """Give the rows of a statement, as the driver gives them.

    Args:
        session: Where to.
        key: What the words of the statement depend on; None if it is not to be kept.
        build: Makes the statement, with slots for what differs.
        values: What goes into the slots.
    """
    found = _prepared(session, key, build)
    driver = await driver_of(session)
    rows = await driver.rows(found.text, found.parameters(values))
    return [found.make(row) for row in rows]


async def rows_looked_up(
    session: AsyncSession,
    key: Hashable | None,
    build: Callable[[], Any],
    values: Mapping[str, Any],
) -> list[AnyRow]:
    """The same for a statement that looks up each row by an index, whatever is asked.

    In a session that only reads it is run past the session, and PostgreSQL is told to
    plan it but once and to scan nothing.
    """
    direct = session.info.get(DIRECT)
    if direct is None:
        return await rows_of(session, key, build, values)
    rows: list[AnyRow] = await direct.look_up(_prepared(session, key, build), values)
    return rows


def _prepared(
    session: AsyncSession, key: Hashable | None, build: Callable[[], Any]
) -> Prepared:
    dialect = session.get_bind().dialect
    kept = (dialect.name, key)
    found = None if key is None else _PREPARED.get(kept)
    if found is None:
        found = prepare(build(), dialect)
        if key is not None:
            _PREPARED[kept] = found
    return found
