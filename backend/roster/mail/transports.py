"""How mails leave: through an SMTP server, or into a folder on this machine."""

import asyncio
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from roster.core import private_file
from roster.jobs.registry import JobError
from roster.settings import Settings

OUTBOX = "outbox"
TIMEOUT_SECONDS = 20
FIRST_PERMANENT = 500


class Transport(Protocol):
    async def send(self, message: EmailMessage, name: str, /) -> None:
        """Let a mail go, or raise a `JobError`; again with the same name is once."""


class Outbox:
    """A folder of ``.eml`` files, which any mail program opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage, name: str, /) -> None:
        text = message.as_bytes(policy=message.policy.clone(linesep="\n")).decode()
        await asyncio.to_thread(self._write, self._folder / f"{name}.eml", text)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_file.replace(path, text)


class Smtp:
    """A mail server; what it answers is told by its number, never by its words."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = parts.scheme == "smtps"

    async def send(self, message: EmailMessage, _name: str, /) -> None:
        # A password goes over an encrypted line alone. Without one the line is
        # encrypted where the server can.
        starttls = True if self._username and not self._tls else None
        # Most instances begin with the folder.
        import aiosmtplib  # noqa: PLC0415 - see above

        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._tls,
                start_tls=False if self._tls else starttls,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = refused.recipients[0].code
            message_ = f"The mail server does not take this recipient ({code})."
            raise JobError(message_, final=code >= FIRST_PERMANENT) from None
        except aiosmtplib.SMTPResponseException as refused:
            message_ = f"The mail server refused ({refused.code})."
            raise JobError(message_) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            message_ = f"The mail server cannot be used ({type(error).__name__})."
            raise JobError(message_) from None


def outbox_of(settings: Settings) -> Path:
    return settings.data_dir / OUTBOX


def transport_of(settings: Settings) -> Transport:
    if settings.smtp_url is None:
        return Outbox(outbox_of(settings))
    return Smtp(settings.smtp_url.get_secret_value())
