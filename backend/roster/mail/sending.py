"""From a job to a mail on its way."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from roster.jobs.registry import JobKind, Run

ATTEMPTS = 8
"""Over some three hours: servers are away, and greylists want to be asked again."""


def moment(when: datetime) -> str:
    return f"{when:%d %B %Y, %H:%M} UTC".lstrip("0")


async def send(run: Run, kind: str, to: str, **words: Any) -> None:
    """Send one mail; made anew by a second attempt it is the same for its reader.

    Raises:
        JobError: It could not be sent.
    """
    # Two megabytes, for an instance that has something to send.
    from roster.mail.letters import Letter, compose  # noqa: PLC0415 - see above
    from roster.mail.transports import transport_of  # noqa: PLC0415 - see above

    settings = run.tools.settings
    name = str(run.job_id)
    words |= {"app": settings.app_url}
    letter = Letter(kind, to, words)
    message = compose(letter, sender=settings.mail_from, message_id=name)
    await transport_of(settings).send(message, name)


def mail_job(kind: str, perform: Callable[[Run], Awaitable[None]]) -> JobKind:
    return JobKind(f"mail.{kind}", perform, attempts=ATTEMPTS)
