"""Puts events into the chain, one process at a time, after they were committed."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, func, update
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.chain import CHECKPOINT, EVENT, EVENT_COLUMNS, NO_MAC_BEFORE, Chain
from roster.audit.models import AuditCheckpoint, AuditEvent
from roster.audit.service import ALARM
from roster.core.db import Database
from roster.core.metrics import EVENTS
from roster.core.model import utc_now

log = structlog.get_logger()

BATCH = 200
SEGMENT_EVENTS = 1000
SEGMENT_AGE = timedelta(days=1)
POLL_SECONDS = 1.0
GATHER_SECONDS = 0.2
"""So that a burst of small writes is sealed in one."""
STOP_SECONDS = 5.0
LOCK = 7241890
"""Of PostgreSQL's advisory locks; SQLite has one writer anyway."""


async def anything_unsealed(database: Database) -> bool:
    async with database.read() as session:
        waiting = select(AuditEvent.id).where(col(AuditEvent.seq).is_(None))
        return (await session.exec(waiting.limit(1))).first() is not None


async def seal_batch(database: Database, chain: Chain) -> int:
    """Put the oldest events that wait into the chain; tell how many."""
    async with database.write() as session:
        if not await _alone(session):
            return 0
        segment = await _newest_checkpoint(session)
        begins = segment.last_seq + 1 if segment else 1
        seq, mac = await _head(session, segment)
        room = max(0, SEGMENT_EVENTS - (seq + 1 - begins))
        connection = await session.connection()
        found = await connection.execute(
            columns(*EVENT_COLUMNS)
            .where(col(AuditEvent.seq).is_(None))
            .order_by(col(AuditEvent.id))
            .limit(min(BATCH, room))
        )
        sealed: list[dict[str, Any]] = []
        actions: list[str] = []
        for row in found:
            seq += 1
            actions.append(row.action)
            mac = chain.mac(EVENT, {**row._mapping, "seq": seq}, mac)  # noqa: SLF001 - the documented way to a row's names
            sealed.append({"this": row.id, "its_seq": seq, "its_mac": mac})
        if sealed:
            await _fill(session, sealed)
        full = len(sealed) == room
        if seq >= begins and (full or await _is_old(session, begins)):
            await _close_segment(session, chain, segment, begins, (seq, mac))
    # Committed: each event once, whichever process it happened in.
    for action in actions:
        EVENTS.labels(action).inc()
    return len(actions)


async def _alone(session: AsyncSession) -> bool:
    if session.get_bind().dialect.name == "sqlite":
        return True
    lock = select(func.pg_try_advisory_xact_lock(LOCK))
    return bool((await session.exec(lock)).one())


async def _newest_checkpoint(session: AsyncSession) -> AuditCheckpoint | None:
    newest = select(AuditCheckpoint).order_by(col(AuditCheckpoint.last_seq).desc())
    return (await session.exec(newest.limit(1))).first()


async def _head(
    session: AsyncSession, segment: AuditCheckpoint | None
) -> tuple[int, str]:
    newest = (
        select(AuditEvent.seq, AuditEvent.mac)
        .where(col(AuditEvent.seq).is_not(None))
        .order_by(col(AuditEvent.seq).desc())
        .limit(1)
    )
    end = (segment.last_seq, segment.last_mac) if segment else (0, NO_MAC_BEFORE)
    found = (await session.exec(newest)).first()
    if found is not None:
        seq, mac = found
        # Else retention has removed the event that the chain goes on from.
        if seq is not None and mac is not None and seq > end[0]:
            return seq, mac
    return end


async def _fill(session: AsyncSession, sealed: list[dict[str, Any]]) -> None:
    connection = await session.connection()
    await connection.execute(
        update(AuditEvent)
        .where(col(AuditEvent.id) == bindparam("this"))
        .values(seq=bindparam("its_seq"), mac=bindparam("its_mac")),
        sealed,
    )


async def _is_old(session: AsyncSession, begins: int) -> bool:
    first = select(AuditEvent.created_at).where(AuditEvent.seq == begins)
    made = (await session.exec(first)).first()
    return made is not None and made < utc_now() - SEGMENT_AGE


async def _close_segment(
    session: AsyncSession,
    chain: Chain,
    before: AuditCheckpoint | None,
    begins: int,
    end: tuple[int, str],
) -> None:
    seq, mac = end
    newest = select(func.max(AuditEvent.created_at)).where(
        col(AuditEvent.seq).between(begins, seq)
    )
    checkpoint = AuditCheckpoint(
        first_seq=begins,
        last_seq=seq,
        last_event_at=(await session.exec(newest)).one(),
        last_mac=mac,
        mac="",
    )
    previous = before.mac if before else NO_MAC_BEFORE
    checkpoint.mac = chain.mac(CHECKPOINT, checkpoint.model_dump(), previous)
    session.add(checkpoint)
    # Kept outside the database as well, for whoever keeps the log.
    log.info("audit_checkpoint", last_seq=seq, mac=checkpoint.mac)


class Sealer:
    """The background task of one process."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        *,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        """Call `tell` whenever events were sealed."""
        self._database = database
        self._chain = chain
        self._tell = tell
        self._alarm = database.alarm(ALARM)
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="audit sealer")

    async def stop(self) -> None:
        """Let the batch at hand come to its end."""
        self._stopping.set()
        self._alarm.set()
        if self._task is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._task, STOP_SECONDS)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self._alarm.clear()
            try:
                # Looked for first: on SQLite a batch keeps all writers waiting.
                if await anything_unsealed(self._database) and await seal_batch(
                    self._database, self._chain
                ):
                    self._tell()
            except Exception as error:  # noqa: BLE001 - the database may come back
                log.warning("audit_sealing_failed", error=type(error).__name__)
            await _wait(self._alarm, POLL_SECONDS)
            await _wait(self._stopping, GATHER_SECONDS)


async def _wait(alarm: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(alarm.wait(), seconds)
