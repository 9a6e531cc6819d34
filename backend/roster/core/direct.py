"""The hottest reads, past the pool and the ORM.

A domain builds a statement as always, with a `slot` for each value that differs between
requests. `prepare` lets SQLAlchemy compile it once; from then on its text goes to the
driver as it is, and its rows come back as the driver gives them: what a column holds is
for `Values` to say. Each statement is a transaction of its own. What does not work here
at once goes through the engine, as any other statement.
"""

import asyncio
import sqlite3
from collections import defaultdict, namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Protocol

import asyncpg
import orjson
from cachetools import LRUCache, TTLCache
from sqlalchemy import BindParameter, Select, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import TypeEngine

from roster.core.sqlite import Reader

STEPS = 75_000
"""How much SQLite may do on the event loop, once or twice: a few milliseconds."""
STATEMENTS_KEPT = 512
ESTIMATES_KEPT = 4096
ESTIMATES_SECONDS = 60
CACHE_KIB = 16 * 1024
LOOK_UP_KIB = 8 * 1024
"""Of each SQLite connection that looks up: about what a search reads."""
WAIT_SECONDS = 5
CONNECTIONS = 4
"""Held by each process beside its pool for each purpose."""
LOOKS_UP = """
    SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET jit = off
"""
"""Each of these statements is for a few rows, found by indexes whatever the values are.
To plan it anew takes PostgreSQL longer than to run it, and to read a table as a whole
is of use only while it is small.
"""
IN_ORDER = f"{LOOKS_UP}; SET enable_bitmapscan = off"
"""While a table has no statistics, a page looks like all of it: to collect that and
sort it seems as good as to read a few rows in the order of an index.
"""
LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    # In the moment between the server's last words and the end of the connection.
    asyncpg.InternalClientError,
)

AnyRow = Any
"""A named tuple with the columns of its statement."""


def slot(name: str, sql_type: TypeEngine[Any]) -> BindParameter[Any]:
    """The place of a value that each request brings."""
    return bindparam(name, None, sql_type)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement in the words of its driver."""

    text: str
    fixed: Sequence[Any]
    """Its parameters, with None at the places of slots."""
    slots: Sequence[tuple[int, str, Callable[[Any], Any] | None]]
    """The place and the name of each, and what turns a value into the driver's."""
    make: Callable[[Sequence[Any]], AnyRow]
    """Names the columns of a row."""

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        filled = list(self.fixed)
        for place, name, convert in self.slots:
            value = values[name]
            filled[place] = value if convert is None else convert(value)
        return filled


def prepare(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> Prepared:
    compiled = statement.compile(
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    values: Mapping[str, Any] = compiled.params
    fixed: list[Any] = []
    slots: list[tuple[int, str, Callable[[Any], Any] | None]] = []
    for place, name in enumerate(compiled.positiontup or ()):
        bound = compiled.binds.get(name)
        convert = None
        if bound is not None:
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
        value = values[name]
        if bound is not None and bound.value is None:
            slots.append((place, name, convert))
            fixed.append(None)
        elif isinstance(value, Enum):
            fixed.append(value.value)
        else:
            fixed.append(value if convert is None else convert(value))
    names = [str(column.key) for column in statement.selected_columns]
    row: Any = namedtuple("Row", names)  # type: ignore[misc] # noqa: PYI024 - its names come with the statement
    return Prepared(str(compiled), fixed, slots, row._make)


_PREPARED: dict[str, LRUCache[Any, Prepared]]
_PREPARED = defaultdict(lambda: LRUCache(STATEMENTS_KEPT))
"""By the name of the dialect, for all databases: a key says all that differs."""


class Values(Protocol):
    """What the columns of a driver's rows hold, as JSON has it."""

    def uuid(self, value: Any) -> str: ...

    def time(self, value: Any) -> Any:
        """A time in UTC, or what orjson makes the same of."""

    def json(self, value: Any) -> Any: ...


class _SqliteValues:
    @staticmethod
    @lru_cache(8192)
    def uuid(value: str) -> str:
        first, second, third = value[:8], value[8:12], value[12:16]
        return f"{first}-{second}-{third}-{value[16:20]}-{value[20:]}"

    @staticmethod
    def time(value: str) -> str:
        if value.endswith(".000000"):
            value = value[:19]
        return f"{value[:10]}T{value[11:]}Z"

    @staticmethod
    def json(value: str) -> Any:
        return orjson.loads(value)


class PlainValues:
    """Columns that hold what Python has for them, as rows of PostgreSQL do."""

    @staticmethod
    def uuid(value: Any) -> str:
        return str(value)

    @staticmethod
    def time(value: Any) -> Any:
        return value

    @staticmethod
    def json(value: Any) -> Any:
        return value


class Direct:
    """The statements of one process that are run past its engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.dialect = engine.dialect
        self.on_statement: Callable[[str, Sequence[Any]], None] | None = None
        """Told each statement that does not go through the engine."""
        on_sqlite = self.dialect.name == "sqlite"
        self.values: Values = _SqliteValues() if on_sqlite else PlainValues()
        self._at_once = _Sqlite(engine) if on_sqlite else _PostgresInOrder(engine)
        # Connections of their own: what is quick does not wait for what is less so.
        self._in_time = _SqliteInThreads(engine) if on_sqlite else _Postgres(engine)
        self._prepared = _PREPARED[self.dialect.name]
        self._estimates: TTLCache[Any, int]
        self._estimates = TTLCache(ESTIMATES_KEPT, ESTIMATES_SECONDS)

    def prepared(
        self, key: object, build: Callable[[], Select[*tuple[Any, ...]]]
    ) -> Prepared:
        """Give the statement of this key, built and compiled when it is first used."""
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = prepare(build(), self.dialect)
        return found

    async def fetch(
        self,
        statement: Prepared,
        values: Mapping[str, Any],
        otherwise: Callable[[], Prepared] | None = None,
    ) -> list[AnyRow]:
        """Give the rows of a statement.

        Args:
            statement: What to run.
            values: What goes into its slots.
            otherwise: Gives one of the same rows, to be run through the engine where
                the first one takes too long.
        """
        return await self._rows(self._at_once, statement, values, otherwise)

    async def look_up(
        self, statement: Prepared, values: Mapping[str, Any]
    ) -> list[AnyRow]:
        """Give the rows of a statement that looks up hundreds, one by one."""
        return await self._rows(self._in_time, statement, values, None)

    async def _rows(
        self,
        way: "_Sqlite | _Held",
        statement: Prepared,
        values: Mapping[str, Any],
        otherwise: Callable[[], Prepared] | None,
    ) -> list[AnyRow]:
        parameters = statement.parameters(values)
        rows = await way.fetch(statement.text, parameters)
        if rows is None:
            if otherwise is not None:
                statement = otherwise()
                parameters = statement.parameters(values)
            async with self._engine.connect() as connection:
                result = await connection.exec_driver_sql(
                    statement.text, tuple(parameters)
                )
                rows = result.all()
        elif self.on_statement is not None:
            self.on_statement(statement.text, parameters)
        return [statement.make(row) for row in rows]

    async def estimate(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        """Give the number that a statement finds, or found lately.

        It is for choosing the way to ask, and for nothing that anybody is shown.
        """
        key = (statement.text, *statement.parameters(values))
        found = self._estimates.get(key)
        if found is None:
            [[number]] = await self.fetch(statement, values)
            found = self._estimates[key] = int(number or 0)
        return found

    async def close(self) -> None:
        await self._at_once.close()
        await self._in_time.close()


class _Sqlite:
    """One connection that reads on the event loop, and only what is quick."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: sqlite3.Connection | None = None
        self._looks = 0

    async def fetch(self, text: str, parameters: list[Any]) -> Sequence[Any] | None:
        """Give the rows; None if it takes too long, or has to wait."""
        if self._connection is None:
            self._connection = self._connect()
        self._looks = 0
        try:
            return self._connection.execute(text, parameters).fetchall()
        except sqlite3.OperationalError:
            return None

    def _connect(self) -> sqlite3.Connection:
        [file], options = self._engine.dialect.create_connect_args(self._engine.url)
        connection = sqlite3.connect(
            file,
            timeout=0,
            isolation_level=None,
            cached_statements=STATEMENTS_KEPT,
            uri=options.get("uri", False),
        )
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        connection.set_progress_handler(self._look, STEPS)
        return connection

    def _look(self) -> bool:
        # Steps are counted over all runs of a statement: the first look says nothing.
        self._looks += 1
        return self._looks > 1

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Held:
    """A few connections that are held, each for a statement at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._free: list[Any] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def fetch(self, text: str, parameters: list[Any]) -> Sequence[Any] | None:
        """Give the rows; None if the connection is lost."""
        if self._room.locked():
            await self._wait()
        else:
            await self._room.acquire()
        connection = None
        try:
            # The last one that was used knows most of what is asked again.
            connection = self._free.pop() if self._free else await self._connect()
            rows: Sequence[Any] = await self._run(connection, text, parameters)
        except LOST:
            if connection is not None:
                self._end(connection)
                connection = None
            return None
        finally:
            if connection is not None and not self._is_closed(connection):
                self._free.append(connection)
            self._room.release()
        return rows

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._room.acquire()
        except TimeoutError as error:
            message = "All connections are in use."
            raise PoolTimeout(message) from error

    async def _connect(self) -> Any:
        # Made by the pool, with all its settings, and then taken out of it.
        pooled = await self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        return connection

    async def _run(self, connection: Any, text: str, parameters: list[Any]) -> Any:
        raise NotImplementedError

    def _is_closed(self, _connection: Any) -> bool:
        return False

    def _end(self, connection: Any) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        while self._free:
            self._end(self._free.pop())


class _Postgres(_Held):
    settings = LOOKS_UP

    async def _connect(self) -> asyncpg.Connection:
        connection: asyncpg.Connection = await super()._connect()
        await connection.execute(self.settings)
        return connection

    async def _run(self, connection: Any, text: str, parameters: list[Any]) -> Any:
        try:
            return await connection.fetch(text, *parameters)
        except LOST:
            raise
        except asyncpg.PostgresError as error:
            raise DBAPIError(text, None, error, hide_parameters=True) from error

    def _is_closed(self, connection: asyncpg.Connection) -> bool:
        return bool(connection.is_closed())

    def _end(self, connection: asyncpg.Connection) -> None:
        connection.terminate()


class _PostgresInOrder(_Postgres):
    settings = IN_ORDER


class _SqliteInThreads(_Held):
    """For what takes longer than the event loop should wait."""

    async def _connect(self) -> Reader:
        connection: Reader = await super()._connect()
        await self._run(connection, f"PRAGMA cache_size=-{LOOK_UP_KIB}", [])
        return connection

    async def _run(self, connection: Reader, text: str, parameters: list[Any]) -> Any:
        try:
            return (await connection.run(text, parameters, many=False)).rows
        except sqlite3.Error as error:
            raise DBAPIError(text, None, error, hide_parameters=True) from error

    def _end(self, connection: Reader) -> None:
        connection.close()
