"""Walks the whole chain, a page at a time, and says where it is broken."""

from collections.abc import AsyncGenerator
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from roster.audit.chain import (
    CHECKPOINT,
    CHECKPOINT_COLUMNS,
    EVENT,
    EVENT_COLUMNS,
    NO_MAC_BEFORE,
    Chain,
)
from roster.audit.models import AuditCheckpoint, AuditEvent, ChainReport
from roster.audit.retention import LAST_SEQ, RETAINED
from roster.core.db import Database

PAGE = 500
Rows = AsyncGenerator[Row[Any]]


class BrokenChainError(Exception):
    """What is wrong with the chain, as a sentence."""


async def verify(database: Database, chain: Chain) -> ChainReport:
    """Compare every sealed event and checkpoint with its MAC, in constant memory."""
    async with database.read() as session:
        if database.dialect == "postgresql":
            # One snapshot for all pages; a read on SQLite is one anyway.
            options = {"isolation_level": "REPEATABLE READ"}
            connection = await session.connection(execution_options=options)
        else:
            connection = await session.connection()
        problem = None
        try:
            await _Walk(connection, chain).to_the_end()
        except BrokenChainError as broken:
            problem = str(broken)
        seq = col(AuditEvent.seq)
        return ChainReport(
            intact=problem is None,
            sealed=await _count(connection, AuditEvent, seq.is_not(None)),
            unsealed=await _count(connection, AuditEvent, seq.is_(None)),
            checkpoints=await _count(connection, AuditCheckpoint),
            first_problem=problem,
        )


async def _count(
    connection: AsyncConnection, table: type[Any], *where: ColumnElement[bool]
) -> int:
    count = select(func.count()).select_from(table).where(*where)
    return int((await connection.execute(count)).scalar_one())


class _Walk:
    def __init__(self, connection: AsyncConnection, chain: Chain) -> None:
        self._connection = connection
        self._chain = chain
        self._seq = 0
        self._mac = NO_MAC_BEFORE
        self._removed_to = 0
        self._said_to_be_removed_to = 0

    async def to_the_end(self) -> None:
        """Walk all of it.

        Raises:
            BrokenChainError: It is not as it was sealed.
        """
        await self._nothing_between(None, 0)
        before = NO_MAC_BEFORE
        async for checkpoint in self._checkpoints():
            self._check_checkpoint(checkpoint, before)
            before = checkpoint.mac
            if checkpoint.removed_at is not None:
                await self._pass_removed(checkpoint)
                continue
            await self._walk_events(checkpoint.last_seq)
            if self._seq < checkpoint.last_seq:
                raise _missing(self._seq + 1, checkpoint.last_seq)
            if self._mac != checkpoint.last_mac:
                raise BrokenChainError(
                    f"The checkpoint after event {self._seq} was made of other events."
                )
        await self._walk_events(None)
        await self._check_removals()

    def _check_checkpoint(self, checkpoint: Row[Any], before: str) -> None:
        if checkpoint.first_seq != self._seq + 1:
            raise BrokenChainError(
                f"The checkpoint of the events from {self._seq + 1} on is missing."
            )
        self._check_mac(
            checkpoint,
            CHECKPOINT,
            before,
            f"The checkpoint after event {checkpoint.last_seq}",
        )

    async def _pass_removed(self, checkpoint: Row[Any]) -> None:
        if self._removed_to != self._seq:
            raise BrokenChainError(
                f"Events {checkpoint.first_seq} to {checkpoint.last_seq} were removed "
                "before older ones, which retention never does."
            )
        await self._nothing_between(checkpoint.first_seq, checkpoint.last_seq)
        self._seq = self._removed_to = checkpoint.last_seq
        self._mac = checkpoint.last_mac

    async def _walk_events(self, last: int | None) -> None:
        async for event in self._events(last):
            if event.seq != self._seq + 1:
                raise _missing(self._seq + 1, event.seq - 1)
            self._check_mac(event, EVENT, self._mac, f"Event {event.seq}")
            self._seq, self._mac = event.seq, event.mac
            self._note_removal(event)

    def _check_mac(self, row: Row[Any], kind: bytes, before: str, name: str) -> None:
        content = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's names
        if not self._chain.knows_key_of(row.mac or ""):
            raise BrokenChainError(
                f"{name} was sealed with a key that is not here; see ROSTER_AUDIT_KEYS."
            )
        if not self._chain.fits(row.mac, kind, content, before):
            raise BrokenChainError(
                f"{name} is not what was sealed: it was changed, put in, or moved."
            )

    def _note_removal(self, event: Row[Any]) -> None:
        if event.action == RETAINED:
            said = int(event.details.get(LAST_SEQ, 0))
            self._said_to_be_removed_to = max(self._said_to_be_removed_to, said)

    async def _check_removals(self) -> None:
        """Whoever may write could mark a segment as removed, but not without a word."""
        waiting = select(*EVENT_COLUMNS).where(
            col(AuditEvent.seq).is_(None), col(AuditEvent.action) == RETAINED
        )
        for event in await self._connection.execute(waiting):
            self._note_removal(event)
        if self._removed_to > self._said_to_be_removed_to:
            raise BrokenChainError(
                f"The events up to {self._removed_to} were removed, and not by the "
                "retention: no event tells of it."
            )

    async def _nothing_between(self, first: int | None, last: int) -> None:
        seq = col(AuditEvent.seq)
        within = seq <= last if first is None else seq.between(first, last)
        if await _count(self._connection, AuditEvent, within):
            raise BrokenChainError(
                f"There are events up to number {last} where there can be none."
            )

    async def _checkpoints(self) -> Rows:
        after = 0
        seq = col(AuditCheckpoint.last_seq)
        while True:
            page = select(*CHECKPOINT_COLUMNS).where(seq > after).order_by(seq)
            rows = (await self._connection.execute(page.limit(PAGE))).all()
            for row in rows:
                yield row
                after = row.last_seq
            if len(rows) < PAGE:
                return

    async def _events(self, last: int | None) -> Rows:
        after = self._seq
        seq = col(AuditEvent.seq)
        while True:
            page = select(*EVENT_COLUMNS).where(seq > after).order_by(seq)
            if last is not None:
                page = page.where(seq <= last)
            rows = (await self._connection.execute(page.limit(PAGE))).all()
            for row in rows:
                yield row
                after = row.seq
            if len(rows) < PAGE:
                return


def _missing(first: int, last: int) -> BrokenChainError:
    if first == last:
        return BrokenChainError(f"Event {first} is missing.")
    return BrokenChainError(f"Events {first} to {last} are missing.")
