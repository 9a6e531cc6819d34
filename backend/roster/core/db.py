"""Engines and the unit of work.

On SQLite all writes go through a pool of one connection, which opens its
transactions with ``BEGIN IMMEDIATE``: writers queue in the process instead of
failing on a lock, and readers, on connections of their own (WAL), never wait. On
PostgreSQL both are the same pool.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.changes import Changes, UnitOfWork, collected
from roster.core.errors import Problem

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITER_WAIT_SECONDS = 30
SQLITE_READERS = 4
_TO_WAKE = "to_wake"


def _dump_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _load_sqlite_json(value: Any) -> Any:
    # What is written as a bare number comes back as one, not as its text.
    return value if isinstance(value, int | float) else orjson.loads(value)


def _sqlite_engine(url: str, *, writer: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=1 if writer else SQLITE_READERS,
        max_overflow=0,
        pool_timeout=WRITER_WAIT_SECONDS,
        hide_parameters=True,  # an error with them in it gets into the log
        json_serializer=_dump_json,
        json_deserializer=_load_sqlite_json,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver's own transaction handling is off: it would commit at
        # statements of its choice. BEGIN is ours, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=15000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # So that INSERT OR REPLACE cannot slip past the triggers that refuse deletes.
        cursor.execute("PRAGMA recursive_triggers=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if not writer:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _postgres_engine(url: str, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WRITER_WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # an error with them in it gets into the log
        json_serializer=_dump_json,
        json_deserializer=orjson.loads,
        # Makes a session that a stream forgot to close loud instead of silent.
        pool_reset_on_return="rollback",
    )


class Database:
    """The engines of one process; made at start, disposed of at shutdown."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.dialect = make_url(url).get_backend_name()
        if self.dialect == "sqlite":
            self.writer = _sqlite_engine(url, writer=True)
            self.reader = _sqlite_engine(url, writer=False)
        else:
            self.writer = self.reader = _postgres_engine(url, pool_size)
        self.changes = Changes()
        self._alarms: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def alarm(self, name: str) -> asyncio.Event:
        """Give what is set after each commit of a unit that asked to `wake` it."""
        return self._alarms[name]

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        async with AsyncSession(self.reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back if it raises.

        A problem marked ``keep`` is the one exception: what was written before it
        was raised (a counter, the end of a session family) is committed first.
        """
        async with AsyncSession(
            self.writer, expire_on_commit=False, sync_session_class=UnitOfWork
        ) as session:
            try:
                yield session
            except Problem as problem:
                if problem.keep:
                    await self._commit(session)
                raise
            await self._commit(session)

    async def _commit(self, session: AsyncSession) -> None:
        await session.flush()
        topics = collected(session.info)
        if topics:
            await session.exec(self.changes.row(topics, self.dialect))
        await session.commit()
        # Before anybody is told that it is done.
        self.changes.tell(topics)
        for name in session.info.get(_TO_WAKE, ()):
            self._alarms[name].set()

    async def dispose(self) -> None:
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def wake(session: AsyncSession, name: str) -> None:
    """Set this process's alarm of that name once the session's unit is committed."""
    session.info.setdefault(_TO_WAKE, set()).add(name)


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def get_session(
    request: Request, database: Annotated[Database, Depends(get_database)]
) -> AsyncGenerator[AsyncSession]:
    begin = database.read if request.method in READ_METHODS else database.write
    async with begin() as session:
        request.state.session = session
        yield session


async def get_read_session(
    database: Annotated[Database, Depends(get_database)],
) -> AsyncGenerator[AsyncSession]:
    async with database.read() as session:
        yield session


DatabaseDep = Annotated[Database, Depends(get_database)]
# scope="function": the transaction ends before the response leaves.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
ReadSessionDep = Annotated[AsyncSession, Depends(get_read_session, scope="function")]
