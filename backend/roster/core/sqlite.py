"""SQLite without a thread in between, where none is needed.

A statement that takes microseconds runs where the event loop does: to hand it to a
thread and back costs ten times as much. Whatever once took longer runs in a thread of
its connection, until it has proved quick again. Nothing here waits for a lock of the
database on the event loop: that is asked for again and again instead.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.util import await_only

QUICK_SECONDS = 0.0005
SLOW_SECONDS = 0.004
PROOFS = 2
"""How often a statement has to be quick in a thread before it runs without one."""
MOST_PROOFS = 1024
MOST_ROWS = 8
"""Of parameters, for a statement that runs without a thread."""
MOST_REMEMBERED = 4_000
ASK_AGAIN_SECONDS = 0.002

Result = TypeVar("Result")


@dataclass(slots=True)
class _Pace:
    quick: int = 0
    needed: int = PROOFS


class Paces:
    """Which statements are quick: what one took says what it will take."""

    def __init__(self) -> None:
        self._of: dict[str, _Pace] = {}

    def is_quick(self, statement: str) -> bool:
        pace = self._of.get(statement)
        return pace is not None and pace.quick >= pace.needed

    def note(self, statement: str, seconds: float) -> None:
        """Note how long it ran in a thread."""
        pace = self._of.get(statement)
        if pace is None:
            if len(self._of) >= MOST_REMEMBERED:
                self._of.clear()
            pace = self._of[statement] = _Pace()
        pace.quick = pace.quick + 1 if seconds < QUICK_SECONDS else 0

    def distrust(self, statement: str) -> None:
        """Let one that kept the event loop waiting prove itself anew, and longer."""
        pace = self._of.get(statement)
        if pace is not None:
            pace.quick = 0
            pace.needed = min(4 * pace.needed, MOST_PROOFS)


@dataclass(frozen=True, slots=True)
class Found:
    """What a statement gave."""

    description: Any
    rows: Sequence[Any]
    count: int
    last_id: int | None


class Handle:
    """One connection of the driver, and the thread for what takes a while."""

    def __init__(self, file: str, paces: Paces, **options: Any) -> None:
        self.raw = sqlite3.connect(
            file,
            timeout=0,
            # Its own transaction handling would commit at statements of its choice.
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            **options,
        )
        self._paces = paces
        self._thread: ThreadPoolExecutor | None = None
        self._last: Future[Any] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no thread is using it: else what comes now has to wait there."""
        return self._last is None or self._last.done()

    def run_here(self, statement: str) -> None:
        self.raw.execute(statement).close()

    async def run(
        self, statement: str, parameters: Sequence[Any], *, many: bool
    ) -> Found:
        short = not many or len(parameters) <= MOST_ROWS
        if short and self.is_idle and self._paces.is_quick(statement):
            seconds, found = self._timed(statement, parameters, many)
            if seconds > SLOW_SECONDS:
                self._paces.distrust(statement)
            return found
        seconds, found = await self.in_thread(
            lambda: self._timed(statement, parameters, many)
        )
        self._paces.note(statement, seconds)
        return found

    def _do(self, statement: str, parameters: Sequence[Any], many: bool) -> Found:
        begin = self.raw.executemany if many else self.raw.execute
        cursor = begin(statement, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return Found(cursor.description, rows, cursor.rowcount, cursor.lastrowid)

    def _timed(
        self, statement: str, parameters: Sequence[Any], many: bool
    ) -> tuple[float, Found]:
        # Of the processor: a thread that waits for the interpreter proves nothing.
        begun = time.thread_time()
        found = self._do(statement, parameters, many)
        return time.thread_time() - begun, found

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run something in the thread, after what runs there already.

        It goes on to its end even if nobody waits for it any longer.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "sqlite")
        running = self._last = self._thread.submit(work)
        return await asyncio.shield(asyncio.wrap_future(running))

    async def order(self, statement: str) -> None:
        """Run a statement without parameters, here if nothing is in its way."""
        if self.is_idle:
            self.run_here(statement)
        else:
            await self.in_thread(lambda: self.run_here(statement))

    async def order_patiently(self, statement: str) -> None:
        """The same for what another process may be in the way of: until it is not."""
        while True:
            try:
                return await self.order(statement)
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
            await asyncio.sleep(ASK_AGAIN_SECONDS)

    def close(self) -> None:
        if self._thread is not None:
            self._thread.shutdown()
        self.raw.close()


class Cursor:
    """What SQLAlchemy runs a statement with; all rows are there at once."""

    server_side = False
    arraysize = 1

    def __init__(self, connection: "SqliteConnection") -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        self._run(statement, parameters or (), many=False)

    def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        self._run(statement, parameters, many=True)

    def _run(self, statement: str, parameters: Sequence[Any], *, many: bool) -> None:
        found = await_only(self._connection.run(statement, parameters, many=many))
        self.description = found.description
        self.rowcount = found.count
        self.lastrowid = found.last_id
        self._rows = deque(found.rows)

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        most = min(size or self.arraysize, len(self._rows))
        return [self._rows.popleft() for _ in range(most)]

    def fetchall(self) -> list[Any]:
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Called by SQLAlchemy for cursors whose close is awaited."""

    def setinputsizes(self, *_sizes: Any) -> None:
        """Nothing here depends on them."""


class SqliteConnection(AdaptedConnection):
    """What the two sorts of connections have in common, as SQLAlchemy wants it."""

    def __init__(self, dbapi: Any) -> None:
        self.dbapi = dbapi
        self._connection: Any = self

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def cursor(self, *, server_side: bool = False) -> Cursor:
        if server_side:
            message = "There are no cursors in the server of SQLite."
            raise NotImplementedError(message)
        return Cursor(self)

    async def run(
        self, statement: str, parameters: Sequence[Any], *, many: bool
    ) -> Found:
        raise NotImplementedError

    def terminate(self) -> None:
        """Close it after something was cancelled."""
        self.close()

    def close(self) -> None:
        raise NotImplementedError


class Reader(SqliteConnection):
    """A connection of its own, that only reads."""

    def __init__(self, dbapi: Any, handle: Handle, seconds: float | None) -> None:
        super().__init__(dbapi)
        self._handle = handle
        self._seconds = seconds

    def create_function(self, *args: Any, **options: Any) -> None:
        self._handle.raw.create_function(*args, **options)

    async def run(
        self, statement: str, parameters: Sequence[Any], *, many: bool
    ) -> Found:
        loop = asyncio.get_running_loop()
        timer = self._seconds and loop.call_later(
            self._seconds, self._handle.raw.interrupt
        )
        try:
            return await self._handle.run(statement, parameters, many=many)
        except asyncio.CancelledError:
            self._handle.raw.interrupt()
            raise
        finally:
            if timer:
                timer.cancel()

    def begin(self) -> None:
        await_only(self._handle.order("BEGIN"))

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, statement: str) -> None:
        if self._handle.raw.in_transaction:
            await_only(self._handle.order(statement))

    def close(self) -> None:
        self._handle.close()


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process holds what was asked for."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
