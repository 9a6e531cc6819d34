"""Lines of a job's log on their way into the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.jobs.models import JobLine

LONGEST_LINE = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the log that is not stored yet."""

    message: str
    level: str
    at: datetime


def storable(text: str) -> str:
    """Make text that both engines store, of any: names of files come in here."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def add(
    session: AsyncSession,
    job_id: UUID,
    attempt: int,
    number: int,
    lines: Sequence[Line],
) -> None:
    """Add lines to a log, which has room for them from this number on."""
    session.add_all(
        JobLine(
            job_id=job_id,
            number=number + behind,
            attempt=attempt,
            level=line.level,
            message=storable(line.message)[:LONGEST_LINE],
            created_at=line.at,
        )
        for behind, line in enumerate(lines)
    )
