"""The processes that do jobs, as they say themselves that they are there."""

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, delete, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.models import Queue, Worker

SAY_SECONDS = 10.0
ALIVE_FOR = timedelta(seconds=30)
"""Who was silent for so long is taken for dead."""
SHOWN_FOR = timedelta(days=1)
"""How long the dead are shown, so that somebody notices."""
HOST_LENGTH = 80


def own_name() -> str:
    """Name this process, as no other one is, wherever it runs."""
    host = socket.gethostname()[:HOST_LENGTH]
    return f"{host}-{os.getpid()}-{secrets.token_hex(2)}"


def is_gone(name: str) -> bool:
    """Tell whether a process of this very machine is no more."""
    host, _, rest = name.rpartition("-")[0].rpartition("-")
    if host != socket.gethostname()[:HOST_LENGTH] or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


async def say(
    database: Database,
    name: str,
    queues: Sequence[Queue],
    *,
    slots: int,
    is_embedded: bool,
) -> None:
    """Say that a process is there, and does jobs of these queues."""
    async with database.write() as session:
        known = await session.exec(
            update(Worker).where(col(Worker.name) == name).values(updated_at=utc_now())
        )
        if not known.rowcount:
            session.add(
                Worker(
                    name=name,
                    queues=[queue.value for queue in queues],
                    slots=slots,
                    is_embedded=is_embedded,
                )
            )


async def leave(database: Database, name: str) -> None:
    async with database.write() as session:
        await session.exec(delete(Worker).where(col(Worker.name) == name))


async def forget_dead(session: AsyncSession) -> None:
    before = utc_now() - SHOWN_FOR
    await session.exec(delete(Worker).where(col(Worker.updated_at) < before))
