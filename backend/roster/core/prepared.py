"""Statements that are compiled once, and run within the transaction of a session.

As those of `direct.py`, but for several that belong together, or take longer than the
event loop should wait: on SQLite they run in the thread of their connection.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from cachetools import LRUCache
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.direct import STATEMENTS_KEPT, AnyRow, Prepared, prepare

_PREPARED: LRUCache[Any, Prepared] = LRUCache(STATEMENTS_KEPT)


async def rows_of(
    session: AsyncSession,
    key: Hashable | None,
    build: Callable[[], Any],
    values: Mapping[str, Any],
    written: Mapping[str, str] | None = None,
) -> list[AnyRow]:
    """Give the rows of a statement, as the driver gives them.

    Args:
        session: Where to.
        key: What the words of the statement depend on; None if it is not to be kept.
        build: Makes the statement, with slots for what differs.
        values: What goes into the slots.
        written: What is written into the words themselves, as a text, instead of
            what stands there.
    """
    dialect = session.get_bind().dialect
    kept = (dialect.name, key)
    found = None if key is None else _PREPARED.get(kept)
    if found is None:
        found = prepare(build(), dialect)
        if key is not None:
            _PREPARED[kept] = found
    for place, text in (written or {}).items():
        literal = text.replace("'", "''")
        found = replace(found, text=found.text.replace(place, f"'{literal}'"))
    connection = await session.connection()
    result = await connection.exec_driver_sql(
        found.text, tuple(found.parameters(values))
    )
    return [found.make(row) for row in result.all()]
