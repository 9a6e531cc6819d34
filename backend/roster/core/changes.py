"""What was changed, told to the caches of a process in the moment it is committed.

`collect` notes the topics of a session's statements. `Database.write` stores them as a
row of ``changes`` in the very transaction, for the other processes, and tells this one
as soon as it is committed. Whoever keeps an answer notes `mark` before reading what it
is made of, and asks `Changes.touched` whether anything happened since then.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    Delete,
    Insert,
    Integer,
    Text,
    Update,
    cast,
    event,
    func,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Field, Session, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.model import Model, utc_now
from roster.core.topics import (
    COMPONENT,
    EVERYTHING,
    MOST_TOPICS,
    NOTHING,
    told_by_row,
    told_by_statement,
)

TOPICS = "topics"
ANY_COMPONENT = f"{COMPONENT}s"
"""Told together with each component: for lists of them."""
MOST_REMEMBERED = 100_000
KEPT = timedelta(minutes=10)
"""How long rows are; who could not look for half of it takes all for changed."""


class Change(Model, table=True):
    """The topics of one transaction, for the other processes; kept for minutes.

    The newest row always stays, so that no number is given twice.
    """

    __tablename__ = "changes"
    __tells__ = NOTHING

    id: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger().with_variant(Integer, "sqlite"),
    )
    origin: str = Field(max_length=32)
    """The process that made it."""
    topics: list[str] = Field(sa_type=JSON)
    transaction: int | None = Field(default=None, sa_type=BigInteger, index=True)
    """PostgreSQL's number of it: ids may be committed in another order."""
    made_at: datetime = Field(default_factory=utc_now, index=True)


@dataclass(slots=True, eq=False)
class Kept:
    """Something that was read, and is to be used again until it changes."""

    mark: int
    """The latest moment at which it was known to be true."""
    topics: Sequence[str]
    """What it depends on."""


class Changes:
    """What this process knows to have changed, and when."""

    def __init__(self) -> None:
        self.origin = uuid4().hex
        self.on_commit: Callable[[], None] | None = None
        """Called when a unit of work of this process was committed that told of
        something, to wake the other processes."""
        self.mark = 0
        """The present moment; take it before reading what is to be kept."""
        self.units = 0
        """How many units of work of this process have come to their commit."""
        self._everything = 0
        self._told: dict[str, int] = {}
        self._under_way: dict[int, None] = {}

    def tell(self, topics: Sequence[str]) -> None:
        """Note what a unit of work of this process was about."""
        self.learn(topics)
        if topics and self.on_commit is not None:
            self.on_commit()

    def learn(self, topics: Iterable[str]) -> None:
        """Note what was changed, by whatever process."""
        self.mark += 1
        for one in topics:
            if one == EVERYTHING:
                self._everything = self.mark
                self._told.clear()
                return
            self._told[one] = self.mark
            if one.startswith(COMPONENT):
                self._told[ANY_COMPONENT] = self.mark
        if len(self._told) > MOST_REMEMBERED:
            self._everything = self.mark
            self._told.clear()

    @contextmanager
    def underway(self) -> Generator[None]:
        """Cover a COMMIT and the `tell` that follows it.

        In between others may already read what nobody was told of.
        """
        self.units = number = self.units + 1
        self._under_way[number] = None
        try:
            yield
        except BaseException:
            # Nobody knows whether it was committed.
            self.learn([EVERYTHING])
            raise
        finally:
            del self._under_way[number]

    def has_told(self, unit: int) -> bool:
        """Whether all units of work up to this one have told what they changed."""
        return next(iter(self._under_way), unit + 1) > unit

    def unchanged(self, kept: Kept) -> bool:
        """Whether something that was read is still true."""
        if kept.mark == self.mark:
            return True
        if self.touched(kept.topics, kept.mark):
            return False
        kept.mark = self.mark
        return True

    def touched(self, topics: Iterable[str], mark: int) -> bool:
        """Tell whether something of this was changed since then."""
        if self._everything > mark:
            return True
        told = self._told
        return any(told.get(one, 0) > mark for one in topics)

    def row(self, topics: list[str]) -> dict[str, Any]:
        """What is stored of what a transaction is about."""
        return {"origin": self.origin, "topics": topics, "made_at": utc_now()}


def with_number(insert: Any) -> Any:
    """Let the statement that stores it note the transaction, where it has a number."""
    if not isinstance(insert, postgresql.Insert):
        return insert
    number = cast(cast(func.pg_current_xact_id(), Text), BigInteger)
    return insert.values(transaction=number)


async def forget(session: AsyncSession) -> None:
    """Remove what every process has seen by now, but for the newest."""
    newest = select(func.max(Change.id)).scalar_subquery()
    await session.exec(
        delete(Change).where(
            col(Change.made_at) < utc_now() - KEPT, col(Change.id) < newest
        )
    )


class UnitOfWork(Session):
    """A session that notes what it changes."""


def note(session: AsyncSession, topics: Iterable[str]) -> None:
    """Note what a statement past the unit of work is about."""
    session.info.setdefault(TOPICS, set()).update(topics)


def collected(info: dict[str, Any]) -> list[str]:
    """Take what a session noted, from its ``info``."""
    topics: set[str] = info.pop(TOPICS, set())
    if EVERYTHING in topics or len(topics) > MOST_TOPICS:
        return [EVERYTHING]
    return sorted(topics)


def _noted(session: AnySession) -> set[str]:
    topics: set[str] = session.info.setdefault(TOPICS, set())
    return topics


@event.listens_for(UnitOfWork, "after_flush")
def _rows(session: AnySession, _flush: UOWTransaction) -> None:
    for rows, change in (
        (session.new, "insert"),
        (session.dirty, "update"),
        (session.deleted, "delete"),
    ):
        for row in rows:
            _noted(session).update(told_by_row(row, change))


@event.listens_for(UnitOfWork, "do_orm_execute")
def _statements(state: ORMExecuteState) -> None:
    statement = state.statement
    if not isinstance(statement, Insert | Update | Delete):
        return
    mapper = state.bind_mapper
    rules = getattr(mapper.class_ if mapper else None, "__tells__", None)
    if rules is None:
        _noted(state.session).add(EVERYTHING)
        return
    given = state.parameters or []
    parameters = [given] if isinstance(given, Mapping) else given
    _noted(state.session).update(told_by_statement(statement, rules, parameters))
