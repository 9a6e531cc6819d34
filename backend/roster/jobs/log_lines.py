"""Lines of a job's log on their way into the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.text import CONTROL
from roster.jobs.models import JobLine

LONGEST_LINE = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the log that is not stored yet."""

    message: str
    level: str
    at: datetime


def storable(text: str) -> str:
    """Make one line that both engines store, of any text: names of files come in here.

    Nothing in it looks like another line, or turns the direction of what follows.
    """
    line = " ".join(text.encode("utf-8", "replace").decode().splitlines())
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", line)


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
