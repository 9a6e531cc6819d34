"""Units of work on SQLite: one after the other, and one COMMIT for those that meet.

There is one writer. A unit waits for its turn, does its statements and hands the turn
on; it is told that it is stored when the transaction is, which it shares with those
that waited behind it. A savepoint keeps what one of them undoes from the others. While
a COMMIT runs, in a thread, the next ones gather: the busier it is, the larger groups
are.

Units that may take long, such as parts of an import, are alone in their transaction:
nobody waits for more than that they end.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.util import await_only

from roster.core.metrics import COMMIT_SECONDS, DB_WAIT_SECONDS, GROUP_SIZE
from roster.core.patience import within
from roster.core.sqlite import Found, Handle, SqliteConnection

MOST_UNITS = 64
MOST_SECONDS = 0.02
"""How long a group is open to more."""
GAP_SECONDS = 0.001
"""After a full group, so that another process gets its turn."""

_waited = DB_WAIT_SECONDS.labels("write")


class UndoneError(sqlite3.OperationalError):
    """The engine undid the transaction that a unit had a part in."""


@dataclass(slots=True)
class _Group:
    """An open transaction, and how many units in it are done."""

    stored: "asyncio.Future[None]"
    began: float
    changes: int
    units: int = 0


@dataclass(slots=True, eq=False)
class Turn:
    """A unit that waits for its turn, or whose turn it is."""

    shares: bool
    granted: "asyncio.Future[None]"


class Writer:
    """The one connection that writes, and whose turn it is.

    Args:
        handle: The connection.
        committed: Is waited for after each COMMIT.
    """

    def __init__(
        self, handle: Handle, committed: Callable[[], Awaitable[None]]
    ) -> None:
        self.handle = handle
        self._committed = committed
        self._queue: deque[Turn] = deque()
        self._group: _Group | None = None
        self._taken = False
        self._ending: asyncio.Task[None] | None = None
        self._functions: set[str] = set()

    def create_function(self, name: str, *args: Any, **options: Any) -> None:
        """Make a function of SQL, once: none is made anew while a statement runs."""
        if name not in self._functions:
            self.handle.raw.create_function(name, *args, **options)
            self._functions.add(name)

    async def take_turn(self, *, shares: bool, patience: float) -> Turn:
        """Wait for the turn, in the order of asking, and begin.

        Args:
            shares: Whether it may have its transaction together with others.
            patience: Seconds to wait at most.

        Raises:
            PoolTimeout: It did not come in time.
        """
        begun = time.perf_counter()
        turn = Turn(shares, asyncio.get_running_loop().create_future())
        self._queue.append(turn)
        if not self._taken:
            self._grant_next()
        try:
            async with within(patience):
                await turn.granted
                if self._group is None:
                    await self._begin()
                else:
                    self.handle.run_here("SAVEPOINT unit")
        except BaseException as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                message = f"others were writing for {patience} seconds"
                raise PoolTimeout(message) from error
            raise
        _waited.observe(time.perf_counter() - begun)
        return turn

    async def _begin(self) -> None:
        await self.handle.order_patiently("BEGIN IMMEDIATE")
        stored = asyncio.get_running_loop().create_future()
        changes = self.handle.raw.total_changes
        self._group = _Group(stored, time.monotonic(), changes)

    def _give_up(self, turn: Turn) -> None:
        """Let others go on where one stopped waiting."""
        if turn in self._queue:
            self._queue.remove(turn)
        else:
            self._pass_on(turn)

    async def done(self, turn: Turn) -> None:
        """End a unit, and return when it is stored.

        Raises:
            sqlite3.Error: It is not.
        """
        group = self._own(turn)
        if group.units:
            try:
                self.handle.run_here("RELEASE unit")
            except sqlite3.Error:
                self._undo(turn)
                raise
        group.units += 1
        self._pass_on(turn)
        await asyncio.shield(group.stored)

    async def undo(self, turn: Turn) -> None:
        """Undo a unit, and it alone.

        Raises:
            sqlite3.Error: What it saw of others was not stored either.
        """
        # It was cancelled, and its last statement may still run: nobody else comes in
        # before that has ended, whatever becomes of who waits here.
        if not self.handle.is_idle:
            ending = asyncio.create_task(self.handle.in_thread(lambda: None))
            ending.add_done_callback(lambda _: self._undo(turn))
            self._ending = ending
            return
        group = self._undo(turn)
        if group is not None:
            await asyncio.shield(group.stored)

    def _undo(self, turn: Turn) -> _Group | None:
        """Undo a unit, and give the others that are in its transaction, if any."""
        try:
            group = self._own(turn)
        except UndoneError:
            return None
        alone = not group.units
        try:
            if not alone:
                self.handle.run_here("ROLLBACK TO unit")
                self.handle.run_here("RELEASE unit")
        except sqlite3.Error as error:
            alone = True
            _fail(group, error)
        if alone:
            self._group = None
            self.handle.run_here("ROLLBACK")
        self._pass_on(turn)
        return None if alone else group

    def _own(self, turn: Turn) -> _Group:
        """Give the transaction that a unit is in.

        Raises:
            UndoneError: The engine undid it, as it does when the disk is full.
        """
        group = self._group
        if group is None or not self.handle.raw.in_transaction:
            error = UndoneError("the transaction was undone")
            self.lose(error)
            self._pass_on(turn)
            raise error
        return group

    def lose(self, error: sqlite3.Error) -> None:
        """Tell all in a transaction why the engine undid it."""
        group, self._group = self._group, None
        if group is not None:
            _fail(group, error)

    def _pass_on(self, turn: Turn) -> None:
        """Let the next one in, or commit first what is done."""
        group, following = self._group, self._first()
        if group is None or (following and _may_join(turn, following, group)):
            self._grant_next()
            return
        self._group = None
        self._ending = asyncio.create_task(self._store(group))

    def _first(self) -> Turn | None:
        while self._queue and self._queue[0].granted.done():
            self._queue.popleft()  # its request was cancelled
        return self._queue[0] if self._queue else None

    def _grant_next(self) -> None:
        following = self._first()
        self._taken = following is not None
        if following is not None:
            self._queue.popleft()
            following.granted.set_result(None)

    async def _store(self, group: _Group) -> None:
        """Commit, and tell all whose work that was; nobody has a turn meanwhile."""
        begun = time.perf_counter()
        try:
            if self.handle.raw.total_changes == group.changes:
                self.handle.run_here("COMMIT")
            else:
                await self.handle.in_thread(lambda: self.handle.run_here("COMMIT"))
                COMMIT_SECONDS.observe(time.perf_counter() - begun)
                GROUP_SIZE.observe(group.units)
        except sqlite3.Error as error:
            if self.handle.raw.in_transaction:
                self.handle.run_here("ROLLBACK")
            _fail(group, error)
        else:
            group.stored.set_result(None)
            await self._committed()
        if group.units >= MOST_UNITS or _is_old(group):
            await asyncio.sleep(GAP_SECONDS)
        self._grant_next()

    async def close(self) -> None:
        while self._ending is not None and not self._ending.done():
            await self._ending
        self.handle.close()


def _may_join(turn: Turn, following: Turn, group: _Group) -> bool:
    return (
        turn.shares
        and following.shares
        and group.units < MOST_UNITS
        and not _is_old(group)
    )


def _is_old(group: _Group) -> bool:
    return time.monotonic() - group.began >= MOST_SECONDS


def _fail(group: _Group, error: Exception) -> None:
    group.stored.set_exception(error)
    group.stored.exception()  # perhaps nobody waits for it


class Unit(SqliteConnection):
    """A unit of work, as a connection of SQLAlchemy's."""

    def __init__(self, dbapi: Any, writer: Writer) -> None:
        super().__init__(dbapi)
        self._writer = writer
        self._turn: Turn | None = None

    def create_function(self, name: str, *args: Any, **options: Any) -> None:
        self._writer.create_function(name, *args, **options)

    def begin(self, *, shares: bool, patience: float) -> None:
        waiting = self._writer.take_turn(shares=shares, patience=patience)
        self._turn = await_only(waiting)

    async def run(
        self, statement: str, parameters: Sequence[Any], *, many: bool
    ) -> Found:
        handle = self._writer.handle
        # Else it would be stored at once, and alone.
        if self._turn is not None and not handle.raw.in_transaction:
            raise UndoneError("the transaction was undone")
        try:
            return await handle.run(statement, parameters, many=many)
        except sqlite3.Error as error:
            if self._turn is not None and not handle.raw.in_transaction:
                self._writer.lose(error)
            raise

    def commit(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            await_only(self._writer.done(turn))

    def rollback(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            await_only(self._writer.undo(turn))

    def close(self) -> None:
        self.rollback()
