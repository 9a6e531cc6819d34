"""A real mail server on loopback that keeps what it gets."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from tests.services.mails import Mail, read_mail

REFUSED = "nobody@"
USER, SMTP_PASSWORD = "roster", "p@ss/word:ü"
# As a URL holds it.
QUOTED = "p%40ss%2Fword%3A%C3%BC"


@dataclass
class MailServer:
    """What a handler of aiosmtpd may be asked, and what came."""

    mails: list[Mail] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answer: str = "250 OK"
    tls: bool = False
    url: SecretStr = field(default_factory=lambda: SecretStr(""))

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith(REFUSED):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the same
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(read_mail(envelope.content))
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(self.tls or session.ssl is not None)
        return self.answer

    def take(self) -> list[Mail]:
        """Give the mails that came since the last call."""
        taken, self.mails = self.mails, []
        return taken


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = LoginPassword(USER.encode(), SMTP_PASSWORD.encode())
    return AuthResult(success=data == right)


@asynccontextmanager
async def mail_server(
    *, certificate: ssl.SSLContext | None = None, tls: bool = False, login: bool = False
) -> AsyncGenerator[MailServer]:
    """Run a server: plain, with STARTTLS, or with TLS from the start.

    Args:
        certificate: Offers encryption with it.
        tls: From the start, not only after STARTTLS.
        login: Takes mail only of who signs in.
    """
    kept = MailServer(tls=tls)

    def serve_one() -> SMTP:
        with warnings.catch_warnings():
            # It does not know that the line is encrypted below it, and warns of that.
            warnings.simplefilter("ignore" if tls else "error")
            return SMTP(
                kept,
                hostname="mail.test",
                tls_context=None if tls else certificate,
                authenticator=_authenticate if login else None,
                auth_required=login,
                auth_require_tls=not tls,
                enable_SMTPUTF8=True,
            )

    server = await asyncio.get_running_loop().create_server(
        serve_one, "127.0.0.1", 0, ssl=certificate if tls else None
    )
    port = server.sockets[0].getsockname()[1]
    credentials = f"{USER}:{QUOTED}@" if login else ""
    scheme = "smtps" if tls else "smtp"
    kept.url = SecretStr(f"{scheme}://{credentials}127.0.0.1:{port}")
    try:
        yield kept
    finally:
        server.close()
        await server.wait_closed()
