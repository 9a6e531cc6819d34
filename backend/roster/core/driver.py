"""Statements as text, run by the driver in the transaction of a session.

What SQLAlchemy does around each of them (an event, a context, a cursor, a result) takes
several times as long as a statement that finds its rows by an index. Here the text goes
to the driver's connection, which the session has: the transaction is its own, and what
fails fails as it would there. Where somebody listens to the statements of an engine,
they go the usual way, and are heard.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NoReturn

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.util.concurrency import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.sqlite import SqliteConnection

_DRIVER = "driver"


class Driver:
    """The driver's connection of one transaction of a session."""

    def __init__(
        self, transaction: SessionTransaction | None, connection: AsyncConnection
    ) -> None:
        self.transaction = transaction
        self.dialect: Dialect = connection.dialect
        self._connection = connection
        below: Connection = connection.sync_connection  # type: ignore[assignment] # it has begun
        self._is_heard = bool(below.dispatch.before_cursor_execute)
        self._raw: Any = below.connection.dbapi_connection

    async def rows(self, text: str, parameters: Sequence[Any]) -> Sequence[Any]:
        """Run a statement, and give the rows that it gives, if any."""
        return await self._run(text, parameters, many=False)

    async def run_many(self, text: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a statement with one set of parameters after the other."""
        await self._run(text, parameters, many=True)

    async def _run(
        self, text: str, parameters: Sequence[Any], *, many: bool
    ) -> Sequence[Any]:
        if self._is_heard:
            given: Any = tuple(parameters)
            if many:
                given = [tuple(one) for one in parameters]
            result = await self._connection.exec_driver_sql(text, given)
            return result.all() if result.returns_rows else ()
        try:
            if isinstance(self._raw, SqliteConnection):
                return (await self._raw.run(text, parameters, many=many)).rows
            return await greenlet_spawn(_by_cursor, self._raw, text, parameters, many)
        except (Exception, asyncio.CancelledError) as error:
            await self._connection.run_sync(_fail, error, text)
            raise


def _by_cursor(
    raw: Any, text: str, parameters: Sequence[Any], many: bool
) -> Sequence[Any]:
    cursor = raw.cursor()
    if many:
        cursor.executemany(text, parameters)
        return ()
    cursor.execute(text, parameters)
    rows: Sequence[Any] = cursor.fetchall()
    return rows


def _fail(connection: Connection, error: BaseException, text: str) -> NoReturn:
    """Do what SQLAlchemy does about it, and raise what it makes of it."""
    try:
        raise error  # noqa: TRY301 - the handler looks at what is being handled
    except BaseException as caught:  # noqa: BLE001 - as where it comes from
        connection._handle_dbapi_exception(caught, text, None, None, None)  # noqa: SLF001 - nothing else lets go of a connection that was lost


async def flush(session: AsyncSession) -> None:
    """Let a session write what it has to write, if that is anything."""
    inside = session.sync_session
    if inside.new or inside.deleted or inside.identity_map.check_modified():
        await session.flush()


async def driver_of(session: AsyncSession) -> Driver:
    """Give the driver's connection, after the session has written what it has to."""
    await flush(session)
    inside = session.sync_session
    driver: Driver | None = session.info.get(_DRIVER)
    transaction = inside.get_transaction()
    if driver is None or transaction is None or driver.transaction is not transaction:
        connection = await session.connection()
        driver = Driver(inside.get_transaction(), connection)
        session.info[_DRIVER] = driver
    return driver
