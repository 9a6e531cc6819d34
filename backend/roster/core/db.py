"""Engines and the unit of work.

On SQLite one connection writes, by turns (`groups.py`), and readers, on connections of
their own (WAL), never wait for it. On PostgreSQL both are the same pool.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Self

import orjson
from fastapi import Depends, Request
from sqlalchemy import event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.changes import Change, Changes, UnitOfWork, collected, with_number
from roster.core.checkpoints import Checkpoints
from roster.core.compiled import Inserting
from roster.core.direct import Direct
from roster.core.driver import flush
from roster.core.errors import Problem
from roster.core.groups import Unit, Writer
from roster.core.prepared import DIRECT
from roster.core.sqlite import Handle, Paces, Reader
from roster.settings import Settings

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PATIENT_SECONDS = 30
"""How long background work waits for its turn to write."""
SQLITE_READERS = 8
SQLITE_UNITS = 16
WAL_BYTES_KEPT = 1024 * 1024
CONNECT_SECONDS = 5
STATEMENTS_PREPARED = 500
SHARES = "shares_a_commit"
_TO_WAKE = "to_wake"
NOTING = Inserting(Change, with_number)


def _dump_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _load_sqlite_json(value: Any) -> Any:
    # What is written as a bare number comes back as one, not as its text.
    return value if isinstance(value, int | float) else orjson.loads(value)


class _Sqlite:
    """The engines for one file."""

    def __init__(
        self, url: str, *, synchronous: str, seconds: float, wait: float
    ) -> None:
        self._paces = Paces()
        self._synchronous = synchronous
        self._seconds = seconds
        self._wait = wait
        self._writer: Writer | None = None
        self._checkpoints: Checkpoints | None = None
        # A unit waits for its turn in the writer, not for one of these.
        self.writer = _engine(url, wait, pool_size=SQLITE_UNITS, max_overflow=-1)
        self.reader = _engine(
            url,
            wait,
            pool_size=SQLITE_READERS,
            max_overflow=0,
            pool_use_lifo=True,  # what one of them has cached serves the next
        )
        event.listen(self.writer.sync_engine, "do_connect", self._new_unit)
        event.listen(self.reader.sync_engine, "do_connect", self._new_reader)
        event.listen(self.writer.sync_engine, "begin", self._take_turn)
        event.listen(self.reader.sync_engine, "begin", _begin)

    def _new_unit(
        self, dialect: Any, _record: object, cargs: Any, cparams: Any
    ) -> Unit:
        if self._writer is None:
            self._checkpoints = Checkpoints(cargs[0], cparams)
            # Checkpoints are made beside: see there.
            handle = self._open(cargs, cparams, wal_autocheckpoint=0)
            self._writer = Writer(handle, self._checkpoints.committed)
        return Unit(dialect.dbapi, self._writer)

    def _new_reader(
        self, dialect: Any, _record: object, cargs: Any, cparams: Any
    ) -> Reader:
        handle = self._open(cargs, cparams, query_only="ON")
        return Reader(dialect.dbapi, handle, self._seconds)

    def _open(self, cargs: Any, cparams: Any, **more: Any) -> Handle:
        handle = Handle(cargs[0], self._paces, **_own(cparams))
        pragmas = {
            "journal_mode": "WAL",
            "synchronous": self._synchronous,
            "journal_size_limit": WAL_BYTES_KEPT,
            "foreign_keys": "ON",
            # So that INSERT OR REPLACE cannot slip past the triggers that refuse
            # deletes.
            "recursive_triggers": "ON",
            "temp_store": "MEMORY",
            **more,
        }
        for name, value in pragmas.items():
            handle.run_here(f"PRAGMA {name}={value}")
        return handle

    def _take_turn(self, connection: Any) -> None:
        shares = connection.get_execution_options().get(SHARES, False)
        unit: Unit = connection.connection.dbapi_connection
        unit.begin(shares=shares, patience=self._wait if shares else PATIENT_SECONDS)

    async def dispose(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()
        if self._checkpoints is not None:
            await self._checkpoints.close()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None


def _own(cparams: dict[str, Any]) -> dict[str, Any]:
    """What a URL may say of how a file is opened, without what is ours to say."""
    ours = {"check_same_thread", "isolation_level", "timeout", "cached_statements"}
    return {key: value for key, value in cparams.items() if key not in ours}


def _begin(connection: Any) -> None:
    connection.connection.dbapi_connection.begin()


def _engine(url: str, wait: float, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_timeout=wait,
        hide_parameters=True,  # an error with them in it gets into the log
        json_serializer=_dump_json,
        json_deserializer=_load_sqlite_json,
        **options,
    )


def _postgres_engine(
    url: str, *, pool_size: int, seconds: float, wait: float
) -> AsyncEngine:
    limit = str(round(seconds * 1000))
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait,
        hide_parameters=True,  # an error with them in it gets into the log
        json_serializer=_dump_json,
        json_deserializer=orjson.loads,
        # Makes a session that a stream forgot to close loud instead of silent.
        pool_reset_on_return="rollback",
        connect_args={
            "timeout": CONNECT_SECONDS,
            # Where the server does not even say that it took too long.
            "command_timeout": seconds + wait,
            "prepared_statement_cache_size": STATEMENTS_PREPARED,
            "server_settings": {
                "statement_timeout": limit,
                "lock_timeout": limit,
                "idle_in_transaction_session_timeout": limit,
            },
        },
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def look(connection: Any, _record: object, _fairy: object) -> None:
        # Ended by the server while nobody used it. A look at the socket is enough:
        # to ask the server each time would cost as much as a small query.
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


class Database:
    """The engines of one process; made at start, disposed of at shutdown.

    Args:
        url: SQLAlchemy's, with the name of an asynchronous driver.
        pool_size: The most connections to PostgreSQL.
        synchronous: What SQLite waits for at a COMMIT: ``normal`` or ``full``.
        statement_seconds: How long a statement may take.
        wait_seconds: How long a request waits for a connection, or its turn to write.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        synchronous: str = "normal",
        statement_seconds: float = 30,
        wait_seconds: float = 5,
    ) -> None:
        self.dialect = make_url(url).get_backend_name()
        self._sqlite: _Sqlite | None = None
        if self.dialect == "sqlite":
            self._sqlite = _Sqlite(
                url,
                synchronous=synchronous,
                seconds=statement_seconds,
                wait=wait_seconds,
            )
            self.writer, self.reader = self._sqlite.writer, self._sqlite.reader
        else:
            self.writer = self.reader = _postgres_engine(
                url,
                pool_size=pool_size,
                seconds=statement_seconds,
                wait=wait_seconds,
            )
        self._sharing = self.writer.execution_options(**{SHARES: True})
        self.direct = Direct(self.reader)
        self.changes = Changes()
        self._alarms: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @classmethod
    def of(cls, settings: Settings, *, pool_size: int | None = None) -> Self:
        """The database of an instance."""
        return cls(
            settings.database,
            pool_size=pool_size or settings.database_pool_size,
            synchronous=settings.sqlite_synchronous,
            statement_seconds=settings.database_statement_seconds,
            wait_seconds=settings.database_wait_seconds,
        )

    def alarm(self, name: str) -> asyncio.Event:
        """Give what is set after each commit of a unit that asked to `wake` it."""
        return self._alarms[name]

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        async with AsyncSession(
            self.reader, expire_on_commit=False, info={DIRECT: self.direct}
        ) as session:
            yield session

    @asynccontextmanager
    async def write(self, *, shares: bool = False) -> AsyncGenerator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back if it raises.

        With `shares`, for short ones, SQLite stores it together with others.

        A problem marked ``keep`` is the one exception: what was written before it
        was raised (a counter, the end of a session family) is committed first.
        """
        async with AsyncSession(
            self._sharing if shares else self.writer,
            expire_on_commit=False,
            sync_session_class=UnitOfWork,
        ) as session:
            try:
                yield session
            except Problem as problem:
                if problem.keep:
                    await self._commit(session)
                raise
            await self._commit(session)

    async def _commit(self, session: AsyncSession) -> None:
        topics = await self._write_out(session)
        with self.changes.underway():
            await session.commit()
            # Before anybody is told that it is done.
            self.changes.tell(topics)
        for name in session.info.get(_TO_WAKE, ()):
            self._alarms[name].set()

    async def _write_out(self, session: AsyncSession) -> list[str]:
        await flush(session)
        topics = collected(session.info)
        if topics:
            await NOTING.rows(session, [self.changes.row(topics)])
        return topics

    async def dispose(self) -> None:
        await self.direct.close()
        if self._sqlite is not None:
            await self._sqlite.dispose()
        else:
            await self.writer.dispose()


def wake(session: AsyncSession, name: str) -> None:
    """Set this process's alarm of that name once the session's unit is committed."""
    session.info.setdefault(_TO_WAKE, set()).add(name)


async def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def get_session(
    request: Request, database: Annotated[Database, Depends(get_database)]
) -> AsyncGenerator[AsyncSession]:
    reads = request.method in READ_METHODS
    async with database.read() if reads else database.write(shares=True) as session:
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
