"""Mails as tests read them."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from fastapi import FastAPI
from sqlmodel import col, select

from roster.jobs.models import Job
from roster.mail.transports import outbox_of


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str
    message: EmailMessage = field(repr=False)

    @property
    def secret(self) -> str:
        """What stands behind the `#` of its link."""
        (secret,) = set(re.findall(r"#([\w-]{20,})", self.text))
        return str(secret)


def read_mail(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    text, html = (message.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return Mail(
        to=message["To"],
        subject=message["Subject"],
        text=text.get_content().replace("\r\n", "\n"),
        html=html.get_content().replace("\r\n", "\n"),
        message=message,
    )


async def do_jobs(app: FastAPI) -> None:
    """Do all background work that is due, and fail where a job does."""
    await app.state.runner.drain()
    async with app.state.database.read() as session:
        failed = (await session.exec(select(Job).where(col(Job.error) != ""))).all()
    assert not failed, [(job.kind, job.error) for job in failed]


@dataclass
class MailReader:
    """Calls give the mails that were written since the one before, oldest first."""

    _seen: set[Path] = field(default_factory=set)

    async def __call__(self, app: FastAPI) -> list[Mail]:
        await do_jobs(app)
        found = sorted(outbox_of(app.state.settings).glob("*.eml"))
        fresh = [path for path in found if path not in self._seen]
        self._seen.update(fresh)
        return [read_mail(path.read_bytes()) for path in fresh]
